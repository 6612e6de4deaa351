// The rows under the waveform: segments in lanes, tracks with their keyframes. Every mark is a button; a drag of its
// edges or of itself is told to the part as it goes.

import { lanes } from "../../annotate/segments.js"
import { timeToX } from "../../annotate/timeline.js"

const ROW = 26 // pixels
const EDGE = 8
const DRAG_FROM = 4
const LEAST_WIDTH = 3

export class MarkRows {
  #root
  #asks
  #toTime
  #signal
  #buttons = new Map() // mark id -> {button, item}
  #view = null
  #drags = 0

  constructor(root, { asks, signal, toTime }) {
    this.#root = root
    this.#asks = asks
    this.#toTime = toTime
    this.#signal = signal
    root.addEventListener("pointermove", (event) => this.#showEdge(event), { signal })
  }

  /** items: [{id, field, kind: "segment" | "track", start, end, color, text, label, selected, stretches?, keyframes?}] */
  show(items) {
    const gone = new Set(this.#buttons.keys())
    const segments = items.filter((item) => item.kind === "segment")
    const { lane, count } = lanes(segments)
    let row = count
    for (const item of items) {
      gone.delete(item.id)
      const held = this.#buttons.get(item.id) ?? this.#make(item)
      held.item = item
      held.row = item.kind === "segment" ? lane.get(item.id) : row++
      this.#dress(held)
    }
    for (const id of gone) this.#remove(id)
    this.#root.style.setProperty("--rows", String(row))
    if (this.#view !== null) this.place(this.#view)
  }

  place(view) {
    this.#view = view
    for (const held of this.#buttons.values()) this.#put(held, view)
  }

  focus(id) {
    this.#buttons.get(id)?.button.focus({ preventScroll: true })
    this.#buttons.get(id)?.button.scrollIntoView({ block: "nearest", inline: "nearest" })
  }

  holds(element) {
    return element instanceof Element && element.closest(".timeline-mark") !== null
  }

  #make(item) {
    const button = document.createElement("button")
    button.type = "button"
    button.tabIndex = -1
    button.className = `timeline-mark timeline-${item.kind}`
    button.dataset.mark = item.id
    const text = document.createElement("span")
    text.className = "timeline-mark-text"
    button.append(text)
    this.#root.append(button)
    const held = { button, text, diamonds: [], bars: [], item, row: 0 }
    this.#buttons.set(item.id, held)
    button.addEventListener("click", () => this.#asks.select(held.item), { signal: this.#signal })
    if (item.kind === "segment") this.#makeDraggable(held)
    return held
  }

  #dress(held) {
    const { button, text, item } = held
    button.style.setProperty("--mark", item.color)
    text.textContent = item.text
    button.setAttribute("aria-label", item.label)
    button.title = item.label
    button.setAttribute("aria-pressed", String(item.selected))
    button.toggleAttribute("data-suggested", item.isSuggestion)
    button.toggleAttribute("data-current", item.isCurrent)
    resize(held.bars, item.stretches?.length ?? 0, () => this.#piece("timeline-stretch", button))
    resize(held.diamonds, item.keyframes?.length ?? 0, () => this.#diamond(held))
  }

  #piece(name, parent) {
    const piece = document.createElement("span")
    piece.className = name
    parent.append(piece)
    return piece
  }

  #diamond(held) {
    const diamond = document.createElement("button")
    diamond.type = "button"
    diamond.tabIndex = -1
    diamond.className = "timeline-keyframe"
    this.#root.append(diamond)
    diamond.addEventListener("click", () => {
      const keyframe = held.item.keyframes[held.diamonds.indexOf(diamond)]
      if (keyframe) this.#asks.keyframe(held.item, keyframe)
    }, { signal: this.#signal })
    return diamond
  }

  #remove(id) {
    const { button, diamonds } = this.#buttons.get(id)
    const hadFocus = button === document.activeElement
    for (const element of [button, ...diamonds]) element.remove()
    this.#buttons.delete(id)
    if (hadFocus) this.#root.closest("[tabindex]").focus({ preventScroll: true })
  }

  #put(held, view) {
    const { button, item, row } = held
    const top = row * ROW
    const [left, right] = this.#within(item.start, item.end, view)
    lay(button, left, Math.max(right - left, LEAST_WIDTH), top)
    button.classList.toggle("is-outside-view", right <= 0 || left >= view.width)
    held.bars.forEach((bar, n) => {
      const [from, to] = this.#within(item.stretches[n].from, item.stretches[n].to, view)
      lay(bar, from - left, Math.max(to - from, LEAST_WIDTH), 0)
    })
    held.diamonds.forEach((diamond, n) => this.#putDiamond(diamond, item, item.keyframes[n], top, view))
  }

  #putDiamond(diamond, item, keyframe, top, view) {
    const x = timeToX(view, keyframe.time)
    diamond.hidden = x < -6 || x > view.width + 6
    diamond.style.setProperty("translate", `${x}px ${top}px`)
    diamond.style.setProperty("--mark", item.color)
    diamond.classList.toggle("is-outside", keyframe.outside)
    diamond.classList.toggle("is-selected", item.selected)
    diamond.setAttribute("aria-label", `Keyframe at frame ${keyframe.frame} of ${item.text}`)
    diamond.title = keyframe.outside ? `Frame ${keyframe.frame}: a gap begins` : `Frame ${keyframe.frame}`
  }

  // Marks out of sight lie at the edge, one pixel wide, so that they can still be reached by Tab and nothing scrolls.
  #within(start, end, view) {
    const clamped = (seconds) => Math.min(Math.max(timeToX(view, seconds), -2), view.width + 2)
    return [clamped(start), clamped(end)]
  }

  #edgeAt(button, clientX) {
    const { left, right, width } = button.getBoundingClientRect()
    const reach = Math.min(EDGE, width / 3)
    if (clientX - left < reach) return "start"
    return right - clientX < reach ? "end" : null
  }

  #showEdge(event) {
    const button = event.target.closest?.(".timeline-segment")
    if (button) button.classList.toggle("is-on-edge", this.#edgeAt(button, event.clientX) !== null)
  }

  #makeDraggable(held) {
    const { button } = held
    const listen = (name, listener) => button.addEventListener(name, listener, { signal: this.#signal })
    let drag = null
    const timeOf = (event) => this.#toTime(event.clientX - this.#root.getBoundingClientRect().left)
    listen("pointerdown", (event) => {
      if (event.button !== 0) return
      const edge = this.#edgeAt(button, event.clientX)
      drag = { edge, x: event.clientX, from: timeOf(event), before: held.item, burst: `drag-${++this.#drags}`, moved: false }
      button.setPointerCapture(event.pointerId)
    })
    listen("pointermove", (event) => {
      if (drag === null) return
      drag.moved ||= Math.abs(event.clientX - drag.x) >= DRAG_FROM
      if (drag.moved) this.#asks.dragged(drag.before, { edge: drag.edge, by: timeOf(event) - drag.from, burst: drag.burst })
    })
    listen("pointerup", () => (drag = null))
    listen("pointercancel", () => (drag = null))
  }
}

function lay(element, left, width, top) {
  element.style.setProperty("translate", `${left}px ${top}px`)
  element.style.setProperty("inline-size", `${width}px`)
}

function resize(list, length, make) {
  while (list.length > length) list.pop().remove()
  while (list.length < length) list.push(make())
}

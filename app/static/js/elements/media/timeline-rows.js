// The rows under the waveform: segments in lanes, one a choice or an answer (a speaker), and tracks with their keyframes. Every mark is a button; a
// drag of its edges or of itself is told to the part as it goes. Only rows in sight are in the page: there may be hundreds.

import { lanesByGroup } from "../../annotate/segments.js"
import { timeToX } from "../../annotate/timeline.js"

const ROW = 26 // pixels
const BEYOND = 4 // rows kept above and below those in sight
const UNSEEN = 160 // pixels taken for the height while there is none yet
const EDGE = 8
const DRAG_FROM = 4
const LEAST_WIDTH = 3
const SNAP = 8 // pixels within which a dragged edge snaps; with Alt it does not

export class MarkRows {
  #root
  #asks
  #toTime
  #signal
  #items = []
  #row = new Map() // mark id -> its row
  #buttons = new Map() // mark id -> {button, item}, of those in sight
  #captions = []
  #room
  #view = null
  #drags = 0

  constructor(root, { asks, signal, toTime }) {
    this.#root = root
    this.#asks = asks
    this.#toTime = toTime
    this.#signal = signal
    this.#room = this.#piece("timeline-rows-room", root)
    root.addEventListener("pointermove", (event) => this.#showEdge(event), { signal })
    root.addEventListener("scroll", () => this.#window(), { signal, passive: true })
    signal.addEventListener("abort", () => root.replaceChildren())
  }

  /** items: [{id, field, kind: "segment" | "track", lane: {key, title}, start, end, color, text, label, selected, stretches?, keyframes?}] */
  show(items) {
    const { lane, count, groups } = lanesByGroup(inLaneOrder(items), (item) => item.lane.key)
    let row = count
    this.#items = items
    this.#row = new Map(items.map((item) => [item.id, item.kind === "segment" ? lane.get(item.id) : row++]))
    this.#root.style.setProperty("--rows", String(row))
    this.#showCaptions(items, groups)
    this.#window({ anew: true })
  }

  place(view) {
    this.#view = view
    for (const held of this.#buttons.values()) this.#put(held, view)
  }

  focus(id) {
    const top = (this.#row.get(id) ?? 0) * ROW
    const { scrollTop, clientHeight } = this.#root
    if (top < scrollTop) this.#root.scrollTop = top
    else if (top + ROW > scrollTop + clientHeight) this.#root.scrollTop = top + ROW - clientHeight
    this.#window()
    this.#buttons.get(id)?.button.focus({ preventScroll: true })
  }

  holds(element) {
    return element instanceof Element && element.closest(".timeline-mark") !== null
  }

  #window({ anew = false } = {}) {
    const { scrollTop, clientHeight } = this.#root
    const first = Math.floor(scrollTop / ROW) - BEYOND
    const last = Math.ceil((scrollTop + (clientHeight || UNSEEN)) / ROW) + BEYOND
    const focused = document.activeElement?.closest?.(".timeline-mark")?.dataset.mark
    const gone = new Set(this.#buttons.keys())
    for (const item of this.#items) {
      const row = this.#row.get(item.id)
      if ((row < first || row > last) && item.id !== focused) continue
      gone.delete(item.id)
      const isNew = !this.#buttons.has(item.id)
      const held = this.#buttons.get(item.id) ?? this.#make(item)
      if (!anew && !isNew) continue
      Object.assign(held, { item, row })
      this.#dress(held)
      if (this.#view !== null) this.#put(held, this.#view)
    }
    for (const id of gone) this.#remove(id)
  }

  // What a lane is of, at its left end; where all are of one choice nobody needs to be told.
  #showCaptions(items, groups) {
    const titles = new Map(items.map((item) => [item.lane?.key, item.lane?.title]))
    const shown = groups.length > 1 ? groups : []
    resize(this.#captions, shown.length, () => this.#piece("timeline-lane", this.#root))
    shown.forEach(({ key, first, count }, n) => {
      this.#captions[n].textContent = titles.get(key)
      this.#captions[n].style.setProperty("translate", `0 ${first * ROW}px`)
      this.#captions[n].style.setProperty("block-size", `${count * ROW}px`)
    })
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

  #seconds(pixels) {
    return this.#toTime(pixels) - this.#toTime(0)
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
      if (drag.moved) this.#asks.dragged(drag.before, { edge: drag.edge, by: timeOf(event) - drag.from, burst: drag.burst, reach: event.altKey ? 0 : this.#seconds(SNAP) })
    })
    listen("pointerup", () => (drag = null))
    listen("pointercancel", () => (drag = null))
  }
}

function inLaneOrder(items) {
  const segments = items.filter((item) => item.kind === "segment")
  return segments.sort((one, other) => one.lane.order - other.lane.order)
}

function lay(element, left, width, top) {
  element.style.setProperty("translate", `${left}px ${top}px`)
  element.style.setProperty("inline-size", `${width}px`)
}

function resize(list, length, make) {
  while (list.length > length) list.pop().remove()
  while (list.length < length) list.push(make())
}

// A text as it is shown: one block a line, each cut into pieces at the borders of the spans over it. The characters in the
// page are those of the text, in order and without the line breaks, so every place maps back. Positions are UTF-16 indices.

import { inOrder, lanesOf, piecesOf } from "../../annotate/spans.js"

const BAR_ROOM = 13 // pixels under the letters, see text-part.css
const BAR_PITCH = 4

export class Page {
  #lines
  #drawn = [] // of each line: what was drawn, to leave it alone when nothing changed
  #pieces = new Map() // line number -> [{node, start, end, spans}]
  #handles = new Map()
  #spans = new Map()
  #selected = null

  constructor(body, boundaries) {
    this.body = body
    this.boundaries = boundaries
    this.text = boundaries.text
    this.#lines = boundaries.lines.map(() => made("div", "text-line", { dir: "auto" }))
    body.replaceChildren(...this.#lines)
    this.render([])
  }

  /** spans: [{id, start, end, color, title, name}] */
  render(spans) {
    const lanes = lanesOf(spans)
    const laneCount = Math.max(0, ...lanes.values()) + 1
    const focused = document.activeElement?.dataset?.mark
    const gone = [...this.#handles.keys()].filter((id) => !lanes.has(id))
    for (const id of gone) this.#handles.delete(id)
    this.#spans = new Map(spans.map((span) => [span.id, { ...span, lane: lanes.get(span.id), laneCount }]))
    const perLine = this.#byLine(inOrder([...this.#spans.values()]))
    const changed = []
    for (let number = 0; number < this.#lines.length; number += 1) {
      if (this.#renderLine(number, perLine.get(number) ?? [])) changed.push(number)
    }
    for (const { id, name } of spans) this.#handles.get(id)?.setAttribute("aria-label", name)
    if (changed.length > 0) this.select(this.#selected)
    if (focused && this.#handles.has(focused)) this.focus(focused)
    this.#tidyTags(changed)
    return { changed: changed.length > 0, lostFocus: gone.includes(focused) }
  }

  #byLine(spans) {
    const perLine = new Map()
    for (const span of spans) {
      const last = this.boundaries.lineAt(span.end)
      for (let number = this.boundaries.lineAt(span.start); number <= last; number += 1) {
        if (!perLine.has(number)) perLine.set(number, [])
        perLine.get(number).push(span)
      }
    }
    return perLine
  }

  #renderLine(number, spans) {
    const key = spans.map((one) => [one.id, one.start, one.end, one.lane, one.laneCount, one.color, one.title].join("\t")).join("\n")
    if (this.#drawn[number] === key) return false
    this.#drawn[number] = key
    const { start, end } = this.boundaries.lines[number]
    const pieces = piecesOf(start, end, spans).filter((piece) => piece.end > piece.start)
    const nodes = []
    const kept = []
    for (const piece of pieces) {
      for (const span of piece.spans) {
        if (Math.max(span.start, start) === piece.start && this.#startsHere(span, number)) nodes.push(this.#handle(span))
      }
      const node = this.#piece(piece)
      nodes.push(node)
      kept.push({ ...piece, node })
    }
    if (nodes.length === 0) nodes.push(document.createElement("br"))
    this.#lines[number].replaceChildren(...nodes)
    this.#pieces.set(number, kept)
    return true
  }

  // A span that begins with a line break shows its tag on the next line that has letters of it.
  #startsHere(span, number) {
    const first = this.boundaries.lineAt(span.start)
    if (first === number) return span.start < this.boundaries.lines[number].end
    for (let before = first; before < number; before += 1) {
      const { start, end } = this.boundaries.lines[before]
      if (Math.max(start, span.start) < end) return false
    }
    return true
  }

  #piece({ start, end, spans }) {
    const node = made("span", "text-piece")
    node.dataset.start = start
    node.textContent = this.text.slice(start, end)
    if (spans.length === 0) return node
    node.dataset.marks = spans.map(({ id }) => id).join(" ")
    const bars = spans.map(({ color }) => `linear-gradient(${color}, ${color})`)
    const clear = "linear-gradient(transparent, transparent)" // the last layer: its clip is also the tint's
    const pitch = Math.min(BAR_PITCH, BAR_ROOM / spans[0].laneCount)
    const thick = Math.max(pitch * 0.75, 1)
    node.style.setProperty("background-image", [...bars, clear].join(", "))
    const places = spans.map(({ lane }) => `left 0 bottom ${BAR_ROOM - thick - lane * pitch}px`)
    node.style.setProperty("background-size", `100% ${thick}px`)
    node.style.setProperty("background-position", [...places, "0 0"].join(", "))
    node.style.setProperty("background-clip", [...bars.map(() => "border-box"), "content-box"].join(", "))
    return node
  }

  #handle(span) {
    const known = this.#handles.get(span.id) ?? made("span", "text-handle", { role: "button", tabindex: -1, "data-mark": span.id })
    known.dataset.tag = span.title
    known.style.setProperty("--mark", span.color)
    this.#handles.set(span.id, known)
    return known
  }

  /** Tags that would lie over each other are cut short at the next one. All are measured first, then written. */
  #tidyTags(numbers) {
    const handles = numbers.flatMap((number) => [...this.#lines[number].querySelectorAll(".text-handle")])
    for (const handle of handles) handle.style.removeProperty("--room")
    const places = handles.map((handle) => handle.getBoundingClientRect())
    const rooms = handles.map((handle, at) => {
      const next = places.slice(at + 1, at + 6).filter(({ top }) => Math.abs(top - places[at].top) < 4)
      return Math.min(...next.map(({ left }) => Math.abs(left - places[at].left)))
    })
    let level = 0
    handles.forEach((handle, at) => {
      const sameSpot = at > 0 && Math.abs(places[at].left - places[at - 1].left) < 2 && Math.abs(places[at].top - places[at - 1].top) < 4
      level = sameSpot ? level + 1 : 0
      handle.style.setProperty("--level", String(level))
      if (rooms[at] > 2 && Number.isFinite(rooms[at])) handle.style.setProperty("--room", `${Math.max(rooms[at] - 3, 14)}px`)
    })
  }

  tidy() {
    this.#tidyTags([...this.#lines.keys()])
  }

  select(id) {
    this.#selected = id
    for (const [other, handle] of this.#handles) {
      handle.toggleAttribute("data-selected", other === id)
      handle.setAttribute("aria-pressed", String(other === id))
    }
    for (const pieces of this.#pieces.values()) {
      for (const { node, spans } of pieces) {
        if (spans.length === 0) continue
        const shown = spans.find((span) => span.id === id)
        const shortest = spans.reduce((one, other) => (other.end - other.start <= one.end - one.start ? other : one))
        node.toggleAttribute("data-selected", shown !== undefined)
        node.style.setProperty("--mark", (shown ?? shortest).color)
      }
    }
  }

  focus(id) {
    const handle = this.#handles.get(id)
    handle?.focus({ preventScroll: true })
    return handle !== undefined
  }

  reveal(id) {
    this.#handles.get(id)?.scrollIntoView({ block: "nearest", inline: "nearest" })
  }

  // Places ------------------------------------------------------------------------------------------------------

  /** The position of a place in the document; places before or behind the text count as its ends. */
  positionOf(node, offset) {
    const line = this.#lineHolding(node)
    if (line < 0) {
      if (node === this.body && offset < this.#lines.length) return this.boundaries.lines[offset].start
      const before = this.body.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING
      return before ? 0 : this.text.length
    }
    const piece = node.parentElement?.closest(".text-piece")
    if (node.nodeType === Node.TEXT_NODE && piece) return Number(piece.dataset.start) + offset
    const { start, end } = this.boundaries.lines[line]
    const from = node === this.#lines[line] ? [...node.childNodes].slice(offset) : [node, node.nextSibling].filter(Boolean)
    const next = from.map((one) => (one.dataset?.start === undefined ? null : Number(one.dataset.start))).find((at) => at !== null)
    if (node !== this.#lines[line] && next !== undefined && offset > 0 && node.dataset?.start !== undefined) return next + node.textContent.length
    return next ?? (from.length === 0 || start === end ? end : start)
  }

  #lineHolding(node) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node
    const line = element?.closest?.(".text-line")
    return line && this.body.contains(line) ? this.#lines.indexOf(line) : -1
  }

  /** {node, offset} of a position. */
  placeOf(at) {
    const number = this.boundaries.lineAt(at)
    const pieces = this.#pieces.get(number)
    const piece = pieces.find((one) => at < one.end) ?? pieces.at(-1)
    if (!piece) return { node: this.#lines[number], offset: 0 }
    const offset = Math.min(Math.max(at - piece.start, 0), piece.end - piece.start)
    return { node: piece.node.firstChild, offset }
  }

  /** {left, top, bottom} of the caret at a position, in the window. */
  caretBox(at) {
    const { node, offset } = this.placeOf(at)
    const range = document.createRange()
    range.setStart(node, offset)
    range.collapse(true)
    const rects = range.getClientRects()
    const box = rects[rects.length - 1]
    if (box) return box
    const line = this.#lines[this.boundaries.lineAt(at)]
    const { left, right, top, bottom } = line.getBoundingClientRect()
    const half = parseFloat(getComputedStyle(line).fontSize) * 0.6
    const middle = (top + bottom) / 2
    return { left: this.isRightToLeft(at) ? right : left, top: middle - half, bottom: middle + half }
  }

  isRightToLeft(at) {
    return getComputedStyle(this.#lines[this.boundaries.lineAt(at)]).direction === "rtl"
  }

  /** The position nearest to a point of the window. */
  positionAt(x, y) {
    if (document.caretPositionFromPoint) {
      const found = document.caretPositionFromPoint(x, y)
      return found && this.body.contains(found.offsetNode) ? this.positionOf(found.offsetNode, found.offset) : null
    }
    const range = document.caretRangeFromPoint?.(x, y)
    return range && this.body.contains(range.startContainer) ? this.positionOf(range.startContainer, range.startOffset) : null
  }
}

function made(name, className, attributes = {}) {
  const element = document.createElement(name)
  element.className = className
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

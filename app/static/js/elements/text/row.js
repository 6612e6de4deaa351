// One row of the text in the page: bare text until it is drawn, then pieces with the bars of the spans under them.

import { piecesOf } from "../../annotate/spans.js"
import { endSign, unseenIn } from "../../annotate/unseen.js"

const LANES = 3 // what a row has room for without growing, see text-part.css
const PITCH = 4 // pixels from bar to bar
const MOST_LANES = 10 // beyond, bars share the room of so many

/** The colour of a bar: the choice's own, so light or dark that it is seen on the page (3:1). */
export const barColor = (color) => `light-dark(oklch(from ${color} min(l, 0.62) c h), oklch(from ${color} max(l, 0.58) c h))`

export class Row {
  isDrawn = false
  #text
  #row
  #pieces = []
  #key = null

  constructor(text, row, direction) {
    this.#text = text
    this.#row = row
    this.node = made("div", "text-line", { dir: direction })
    if (!row.isContinued) this.node.dataset.line = row.line + 1
    const own = text.slice(row.start, row.end)
    this.node.append(own === "" ? document.createElement("br") : own)
  }

  /** Draws the pieces; false where nothing has changed. */
  draw(number, spans, { startsHere, handle, unseen }) {
    const lanes = Math.max(0, ...spans.map(({ lane }) => lane)) + 1
    const key = `${unseen}\n` + spans.map((one) => [one.id, one.start, one.end, one.lane, one.color, one.title, one.isSuggestion, one.isCurrent].join("\t")).join("\n")
    if (this.isDrawn && this.#key === key) return false
    this.#key = key
    this.isDrawn = true
    const { start, end } = this.#row
    const nodes = []
    this.#pieces = []
    for (const piece of this.#cut(spans, unseen)) {
      for (const span of piece.spans) {
        if (Math.max(span.start, start) === piece.start && startsHere(span, number)) nodes.push(handle(span))
      }
      const node = pieceNode(this.#text, piece, Math.min(lanes, MOST_LANES))
      nodes.push(node)
      this.#pieces.push({ ...piece, node })
    }
    if (start === end) nodes.push(document.createElement("br"))
    if (lanes > LANES) this.node.style.setProperty("--more-lanes", String(Math.min(lanes, MOST_LANES) - LANES))
    else this.node.style.removeProperty("--more-lanes")
    if (unseen) this.node.dataset.end = endSign(this.#text, this.#row)
    else delete this.node.dataset.end
    this.node.replaceChildren(...nodes)
    return true
  }

  #cut(spans, unseen) {
    const pieces = piecesOf(this.#row.start, this.#row.end, spans).filter((piece) => piece.end > piece.start)
    return unseen ? pieces.flatMap((piece) => unseenIn(this.#text, piece)) : pieces
  }

  /** Shows which of its spans is selected: it gives the tint, else the shortest does. */
  select(id) {
    for (const { node, spans } of this.#pieces) {
      if (spans.length === 0) continue
      const shown = spans.find((span) => span.id === id)
      const shortest = spans.reduce((one, other) => (other.end - other.start <= one.end - one.start ? other : one))
      node.toggleAttribute("data-selected", shown !== undefined)
      node.style.setProperty("--mark", (shown ?? shortest).color)
    }
  }

  /** The position of a place in this row. */
  positionOf(node, offset) {
    const { start, end } = this.#row
    const holder = node.nodeType === Node.TEXT_NODE ? node.parentElement.closest(".text-piece") : null
    if (holder) return Number(holder.dataset.start) + offset
    if (node.nodeType === Node.TEXT_NODE && node.parentElement === this.node) return start + offset
    const isRow = node === this.node
    const from = isRow ? [...node.childNodes].slice(offset) : [node, node.nextSibling].filter(Boolean)
    const next = from.map((one) => (one.dataset?.start === undefined ? null : Number(one.dataset.start))).find((at) => at !== null)
    if (!isRow && next !== undefined && offset > 0 && node.dataset?.start !== undefined) return next + node.textContent.length
    return next ?? (from.length === 0 ? end : start)
  }

  /** {node, offset} of a position; at the border of two pieces in the one behind it, or the one `before` it. */
  placeOf(at, { before = false } = {}) {
    const { start, end } = this.#row
    if (start === end) return { node: this.node, offset: 0 }
    if (!this.isDrawn) return { node: this.node.firstChild, offset: Math.min(Math.max(at - start, 0), end - start) }
    const piece = this.#pieces.find((one) => (before ? at <= one.end : at < one.end)) ?? this.#pieces.at(-1)
    return { node: piece.node.firstChild, offset: Math.min(Math.max(at - piece.start, 0), piece.end - piece.start) }
  }
}

function pieceNode(text, { start, end, spans, sign, isWide }, lanes) {
  const node = made("span", "text-piece")
  node.dataset.start = start
  node.textContent = text.slice(start, end)
  if (sign) node.dataset.sign = sign
  if (isWide) node.dataset.wide = ""
  if (spans.length === 0) return node
  node.dataset.marks = spans.map(({ id }) => id).join(" ")
  const bars = spans.map(({ color, isSuggestion }) => (isSuggestion ? dashed(barColor(color)) : plain(barColor(color))))
  const thick = Math.round(PITCH * 0.75)
  const room = Math.max(lanes, LANES) * PITCH + 1
  const places = spans.map(({ lane }) => `left 0 bottom ${room - thick - (lane % MOST_LANES) * PITCH}px`)
  node.style.setProperty("background-image", [...bars, plain("transparent")].join(", ")) // the last layer's clip is also the tint's
  node.style.setProperty("background-size", `100% ${thick}px`)
  node.style.setProperty("background-position", [...places, "0 0"].join(", "))
  node.style.setProperty("background-clip", [...bars.map(() => "border-box"), "content-box"].join(", "))
  return node
}

const plain = (color) => `linear-gradient(${color}, ${color})`
const dashed = (color) => `repeating-linear-gradient(90deg, ${color} 0 5px, transparent 5px 9px)`

export function made(name, className, attributes = {}) {
  const element = document.createElement(name)
  element.className = className
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

// A text as it is shown: one block a row, each cut into pieces at the borders of the spans over it. The characters in the
// page are those of the text, in order and without the line breaks, so every place maps back. Positions are UTF-16 indices.
//
// All of the text is in the page, so that it can be read out, selected and found; spans are drawn in the chunks of rows that
// come near the screen, or that are asked for.

import { directionOf } from "../../annotate/rows.js"
import { inOrder, lanesOf } from "../../annotate/spans.js"
import { bringIn } from "./bring-in.js"
import { chunksOf } from "./chunks.js"
import { made, Row } from "./row.js"
import { tidyTags } from "./tags.js"

export class Page extends EventTarget {
  #rows // Row by number
  #numbers = new WeakMap() // node of a row -> its number
  #chunks
  #spans = new Map() // id -> what is drawn of it
  #perRow = new Map() // row number -> spans, in order
  #handles = new Map()
  #selected = null
  #nameOf = () => ""
  #unseen = false

  /** Tells of "drawn" {rows}: their numbers, after they were drawn anew. `host` is what scrolls. */
  constructor(body, boundaries, { host, signal }) {
    super()
    this.host = host
    this.body = body
    this.boundaries = boundaries
    this.text = boundaries.text
    this.#rows = boundaries.rows.map((row) => new Row(this.text, row, row.isContinued ? this.#directionAt(row.start) : "auto"))
    for (const [number, { node }] of this.#rows.entries()) this.#numbers.set(node, number)
    this.#chunks = chunksOf(boundaries.rows, this.#rows.map(({ node }) => node))
    body.replaceChildren(...this.#chunks.map(({ node }) => node))
    this.#watch(signal)
  }

  #directionAt(at) {
    const { start, end } = this.boundaries.lineOf(at)
    return directionOf(this.text.slice(start, Math.min(end, start + 200)))
  }

  #watch(signal) {
    for (const chunk of this.#chunks.slice(0, 2)) chunk.isDrawn = true // seen at once
    const near = new IntersectionObserver(
      (entries) => {
        const seen = new Set(entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target))
        const due = this.#chunks.filter(({ node, isDrawn }) => !isDrawn && seen.has(node))
        for (const chunk of due) this.#drawChunk(chunk)
      },
      { root: this.host, rootMargin: "60% 0px" },
    )
    for (const { node, isDrawn } of this.#chunks) if (!isDrawn) near.observe(node)
    signal.addEventListener("abort", () => near.disconnect())
  }

  // Drawing -------------------------------------------------------------------------------------------------------

  /** spans: [{id, start, end, color, title, isSuggestion?, isCurrent?}]; `nameOf(id)`: how a span is called out. */
  render(spans, nameOf = this.#nameOf) {
    const ordered = inOrder(spans)
    const lanes = lanesOf(ordered)
    const focused = document.activeElement?.dataset?.mark
    this.#nameOf = nameOf
    this.#spans = new Map(ordered.map((span) => [span.id, { ...span, lane: lanes.get(span.id) }]))
    const gone = [...this.#handles.keys()].filter((id) => !this.#spans.has(id))
    for (const id of gone) this.#handles.delete(id)
    this.#byRow()
    const changed = this.#drawRows(this.#drawnRows())
    for (const [id, handle] of this.#handles) handle.setAttribute("aria-label", nameOf(id))
    if (focused && this.#handles.has(focused) && document.activeElement !== this.#handles.get(focused)) this.focus(focused)
    return { changed: changed.length > 0, lostFocus: gone.includes(focused) }
  }

  #byRow() {
    this.#perRow = new Map()
    for (const span of this.#spans.values()) {
      for (const number of this.rowsOf(span)) {
        if (!this.#perRow.has(number)) this.#perRow.set(number, [])
        this.#perRow.get(number).push(span)
      }
    }
  }

  /** The numbers of the rows that a span lies on. */
  rowsOf({ start, end }) {
    const first = this.boundaries.rowAt(start)
    const numbers = [first]
    for (let number = first + 1; number < this.boundaries.rows.length && this.boundaries.rows[number].start < end; number += 1) numbers.push(number)
    return numbers
  }

  #drawnRows() {
    return this.#chunks.filter(({ isDrawn }) => isDrawn).flatMap(({ rows }) => rows)
  }

  #drawChunk(chunk) {
    chunk.isDrawn = true
    this.#drawRows(chunk.rows)
  }

  #drawRows(numbers) {
    const tags = { startsHere: (span, number) => this.#startsHere(span, number), handle: (span) => this.#handle(span) }
    const changed = numbers.filter((number) => this.#rows[number].draw(number, this.#perRow.get(number) ?? [], { ...tags, unseen: this.#unseen }))
    if (changed.length === 0) return changed
    for (const number of changed) this.#rows[number].select(this.#selected)
    tidyTags(changed.map((number) => this.#rows[number].node))
    this.dispatchEvent(new CustomEvent("drawn", { detail: { rows: changed } }))
    return changed
  }

  /** Draws the rows of these positions, if they were not yet. */
  ensure(...positions) {
    const rows = new Set(positions.map((at) => this.boundaries.rowAt(at)))
    for (const chunk of this.#chunks) if (!chunk.isDrawn && chunk.rows.some((number) => rows.has(number))) this.#drawChunk(chunk)
  }

  /** Whether characters that are not seen are shown by signs. */
  set showsUnseen(on) {
    if (on === this.#unseen) return
    this.#unseen = on
    this.#drawRows(this.#drawnRows())
  }

  // A span that begins with a line break shows its tag on the next row that has letters of it.
  #startsHere(span, number) {
    const first = this.boundaries.rowAt(span.start)
    if (first === number) return span.start < this.boundaries.rows[number].end
    for (let before = first; before < number; before += 1) {
      const { start, end } = this.boundaries.rows[before]
      if (Math.max(start, span.start) < end) return false
    }
    return true
  }

  #handle(span) {
    const known = this.#handles.get(span.id) ?? made("span", "text-handle", { role: "button", tabindex: -1, "data-mark": span.id })
    known.dataset.tag = span.isSuggestion ? `${span.title}?` : span.title
    known.toggleAttribute("data-suggested", span.isSuggestion === true)
    known.toggleAttribute("data-current", span.isCurrent === true)
    known.style.setProperty("--mark", span.color)
    known.setAttribute("aria-label", this.#nameOf(span.id))
    this.#showSelected(known, span.id === this.#selected)
    this.#handles.set(span.id, known)
    return known
  }

  #showSelected(handle, selected) {
    handle.toggleAttribute("data-selected", selected)
    handle.setAttribute("aria-pressed", String(selected))
  }

  tidy() {
    tidyTags(this.#drawnRows().map((number) => this.#rows[number].node))
    this.dispatchEvent(new CustomEvent("drawn", { detail: { rows: this.#drawnRows() } }))
  }

  select(id) {
    const before = this.#selected
    this.#selected = id
    for (const one of new Set([before, id])) {
      const [span, handle] = [this.#spans.get(one), this.#handles.get(one)]
      if (handle) this.#showSelected(handle, one === id)
      for (const number of span ? this.rowsOf(span) : []) this.#rows[number].select(id)
    }
  }

  focus(id) {
    this.#ensureSpan(id)
    const handle = this.#handles.get(id)
    handle?.focus({ preventScroll: true })
    return handle !== undefined
  }

  reveal(id) {
    this.#ensureSpan(id)
    const handle = this.#handles.get(id)
    if (handle) bringIn(this.host, () => handle.getBoundingClientRect())
  }

  #ensureSpan(id) {
    const span = this.#spans.get(id)
    if (span) this.ensure(...this.rowsOf(span).slice(0, 2).map((number) => this.boundaries.rows[number].start))
  }

  handleOf(id) {
    return this.#handles.get(id) ?? null
  }

  spanOf(id) {
    return this.#spans.get(id) ?? null
  }

  // Places ------------------------------------------------------------------------------------------------------

  row(number) {
    return this.#rows[number]
  }

  isDrawn(number) {
    return this.#rows[number].isDrawn
  }

  /** The position of a place in the document; places before or behind the text count as its ends. */
  positionOf(node, offset) {
    const number = this.#rowHolding(node)
    if (number !== null) return this.#rows[number].positionOf(node, offset)
    const chunk = this.#chunks.findIndex(({ node: own }) => own === node)
    if (chunk >= 0) return this.#startOf(this.#chunks[chunk].rows[0] + offset)
    if (node === this.body) return offset < this.#chunks.length ? this.#startOf(this.#chunks[offset].rows[0]) : this.text.length
    const before = this.body.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING
    return before ? 0 : this.text.length
  }

  #startOf(number) {
    return this.boundaries.rows[number]?.start ?? this.text.length
  }

  #rowHolding(node) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node
    return this.#numbers.get(element?.closest?.(".text-line")) ?? null
  }

  /** {node, offset} of a position. */
  placeOf(at) {
    return this.#rows[this.boundaries.rowAt(at)].placeOf(at)
  }

  /** A range of the document over [start, end), which lie on drawn rows or not. */
  rangeOf(start, end) {
    const [from, to] = [this.placeOf(start), this.#placeBefore(end)]
    const range = document.createRange()
    range.setStart(from.node, from.offset)
    range.setEnd(to.node, to.offset)
    return range
  }

  // The end of what is before, not the start of what follows, which may be on another row.
  #placeBefore(end) {
    const number = this.boundaries.rowAt(Math.max(end - 1, 0))
    return this.#rows[number].placeOf(Math.min(end, this.boundaries.rows[number].end), { before: true })
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
    const row = this.#rows[this.boundaries.rowAt(at)].node
    const { left, right, top, bottom } = row.getBoundingClientRect()
    const half = parseFloat(getComputedStyle(row).fontSize) * 0.6
    const middle = (top + bottom) / 2
    return { left: this.isRightToLeft(at) ? right : left, top: middle - half, bottom: middle + half }
  }

  isRightToLeft(at) {
    return getComputedStyle(this.#rows[this.boundaries.rowAt(at)].node).direction === "rtl"
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

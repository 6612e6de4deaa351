// The relations drawn over the text: in each row those that have an end there, their words on buttons. What is drawn lies in
// the rows themselves, so that it moves with them.

import { leveled, levelsOf, pathsOf, STEP } from "../../annotate/arcs.js"
import { shape, textWidth } from "../image/shapes.js"
import { bringIn } from "./bring-in.js"
import { barColor, made } from "./row.js"

const FONT = "600 11px system-ui, sans-serif"
const PADDING = 10
const TAG = 16 // height of a span's tag over its letters, see text-part.css
const TAG_STEP = 5
const HEAD = 4 // above the highest words
const LONGEST = 34 // characters of a stub's words

export class Arcs {
  #page
  #ties = []
  #byRow = new Map() // row number -> ids of the relations drawn there
  #buttons = new Map() // id -> [button]
  #selected = null
  #drawnIn = new Set() // row numbers
  #due = null

  constructor(page, { signal }) {
    this.#page = page
    page.addEventListener("drawn", ({ detail }) => detail.rows.some((number) => this.#byRow.has(number)) && this.#later(), { signal })
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#due))
  }

  /** ties: [{id, from, to, color, title, name, words: {from, to}, isSuggestion, isCurrent}]; ends are ids of spans. */
  render(ties) {
    const had = this.#ties
    this.#ties = ties
    this.#byRow = new Map()
    for (const tie of ties) {
      for (const end of [tie.from, tie.to]) {
        const span = this.#page.spanOf(end)
        const number = span && this.#page.boundaries.rowAt(span.start)
        if (span) this.#byRow.set(number, [...(this.#byRow.get(number) ?? []), tie])
      }
    }
    if (had.length > 0 || ties.length > 0) this.draw()
  }

  // Several rows are drawn anew at once.
  #later() {
    cancelAnimationFrame(this.#due)
    this.#due = requestAnimationFrame(() => this.draw())
  }

  draw() {
    cancelAnimationFrame(this.#due)
    const focused = document.activeElement?.closest?.(".text-tie")?.dataset.mark
    this.#clear()
    const drawn = [...this.#byRow.keys()].filter((number) => this.#page.isDrawn(number))
    const measured = drawn.map((number) => ({ number, arcs: this.#measure(number) }))
    for (const { number, arcs } of measured) {
      this.#page.row(number).node.style.setProperty("--arcs", `${levelsOf(arcs) * STEP + HEAD}px`)
      this.#drawnIn.add(number)
    }
    for (const { number, arcs } of measured) this.#place(number, arcs)
    this.select(this.#selected)
    if (focused) this.focus(focused)
  }

  #clear() {
    this.#buttons = new Map()
    for (const number of this.#drawnIn) {
      const { node } = this.#page.row(number)
      for (const old of node.querySelectorAll(":scope > :is(.text-arcs, .text-tie)")) old.remove()
      if (!this.#byRow.has(number)) node.style.removeProperty("--arcs")
    }
    this.#drawnIn = new Set()
  }

  #measure(number) {
    const { node } = this.#page.row(number)
    const frame = node.getBoundingClientRect()
    const isTurned = getComputedStyle(node).direction === "rtl"
    const arcs = [...new Set(this.#byRow.get(number))].flatMap((tie) => {
      const [from, to] = [this.#footOf(tie.from, number, frame), this.#footOf(tie.to, number, frame)]
      if (from && to && from.strip === to.strip) return [this.#arc(tie, { from, to, words: tie.title })]
      const later = this.#isLater(tie.to, tie.from) !== isTurned
      return [
        ...(from ? [this.#arc(tie, { from, way: later ? 1 : -1, words: `${tie.title} → ${tie.words.to}` })] : []),
        ...(to ? [this.#arc(tie, { to, way: later ? -1 : 1, words: `${tie.title} ← ${tie.words.from}` })] : []),
      ]
    })
    return leveled(arcs, frame.width)
  }

  #arc(tie, { words, ...feet }) {
    const said = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words
    return { tie, words: said, label: Math.ceil(textWidth(said, FONT)) + PADDING, strip: (feet.from ?? feet.to).strip, ...feet }
  }

  #isLater(one, other) {
    const [here, there] = [this.#page.spanOf(one), this.#page.spanOf(other)]
    return !here || !there || here.start >= there.start
  }

  /** Where an arc stands on a span: over the middle of its first line of letters. */
  #footOf(id, number, frame) {
    const span = this.#page.spanOf(id)
    if (!span || this.#page.boundaries.rowAt(span.start) !== number) return null
    const end = Math.min(span.end, this.#page.boundaries.rows[number].end)
    const rects = [...this.#page.rangeOf(span.start, Math.max(end, span.start)).getClientRects()]
    if (rects.length === 0) return null
    const first = rects.filter(({ top }) => Math.abs(top - rects[0].top) < 6)
    const [left, right] = [Math.min(...first.map((one) => one.left)), Math.max(...first.map((one) => one.right))]
    const level = Number(this.#page.handleOf(id)?.style.getPropertyValue("--level") || 0)
    const y = rects[0].top - frame.top - TAG - level * TAG_STEP
    return { x: Math.round((left + right) / 2 - frame.left), y: Math.round(y), strip: Math.round(rects[0].top - frame.top), id }
  }

  // The row has grown since it was measured: its lines of letters lie lower, each by as much as the lines above it and itself grew.
  #place(number, arcs) {
    const { node } = this.#page.row(number)
    const frame = node.getBoundingClientRect()
    const layer = shape("svg", { class: "text-arcs", "aria-hidden": "true" })
    const buttons = arcs.map((arc) => {
      const now = Object.fromEntries(["from", "to"].filter((end) => arc[end]).map((end) => [end, { ...arc[end], y: this.#footOf(arc[end].id, number, frame).y }]))
      const foot = now.from ?? now.to
      if (now.from && now.to) now.from.y = now.to.y = Math.min(now.from.y, now.to.y)
      const { y, line, point } = pathsOf({ ...arc, ...now })
      const { tie } = arc
      const group = shape("g", { "data-tie": tie.id, ...(tie.isSuggestion ? { "data-suggested": "" } : {}) })
      group.style.setProperty("--mark", barColor(tie.color))
      group.append(shape("path", { class: "tie-ground", d: line }), shape("path", { class: "tie-line", d: line }), shape("path", { class: "tie-point", d: point }))
      layer.append(group)
      return this.#button(arc, { y, foot })
    })
    node.append(layer, ...buttons)
  }

  #button({ tie, words, middle, label }, { y }) {
    const button = made("span", "text-tie", { role: "button", tabindex: -1, "data-mark": tie.id, "data-tag": words, "aria-label": tie.name, title: tie.name })
    if (tie.isSuggestion) button.dataset.suggested = ""
    if (tie.isCurrent) button.dataset.current = ""
    for (const [name, value] of [["--mark", barColor(tie.color)], ["left", `${middle - label / 2}px`], ["top", `${y}px`], ["width", `${label}px`]]) button.style.setProperty(name, value)
    if (!this.#buttons.has(tie.id)) this.#buttons.set(tie.id, [])
    this.#buttons.get(tie.id).push(button)
    return button
  }

  select(id) {
    this.#selected = id
    for (const number of this.#drawnIn) {
      for (const node of this.#page.row(number).node.querySelectorAll("[data-tie], .text-tie")) {
        const own = (node.dataset.tie ?? node.dataset.mark) === id
        node.toggleAttribute("data-selected", own)
        if (node.matches(".text-tie")) node.setAttribute("aria-pressed", String(own))
      }
    }
  }

  /** Brings the drawing of a relation in, gives it the focus or not. False where it is not drawn here. */
  focus(id, { reveal = true } = {}) {
    const [button] = this.#buttonsOf(id)
    button?.focus({ preventScroll: true })
    if (reveal) this.reveal(id)
    return button !== undefined
  }

  reveal(id) {
    const [button] = this.#buttonsOf(id)
    if (button) bringIn(this.#page.host, () => (button.isConnected ? button : this.#buttonsOf(id)[0])?.getBoundingClientRect() ?? null)
  }

  #buttonsOf(id) {
    if (!this.#buttons.has(id)) {
      const tie = this.#ties.find((one) => one.id === id)
      const spans = [tie?.from, tie?.to].map((end) => this.#page.spanOf(end)).filter(Boolean)
      this.#page.ensure(...spans.map(({ start }) => start))
      if (spans.length > 0) this.draw()
    }
    return this.#buttons.get(id) ?? []
  }
}

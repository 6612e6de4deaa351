// What one does with spans of one text, whether by mouse or by keyboard. Inside, positions are UTF-16 indices; the marks
// that it makes count code points.

import { Boundaries } from "../../annotate/boundaries.js"
import { CodePoints } from "../../annotate/codepoints.js"
import { inOrder, overlapOf, stretched, trimBreaks } from "../../annotate/spans.js"

const BURST_MS = 800
const QUOTED = 40

export class Desk extends EventTarget {
  #lastStretch = -BURST_MS
  #burst = 0

  constructor(work, part) {
    super()
    this.work = work
    this.part = part
    this.points = new CodePoints(part.text)
    this.boundaries = new Boundaries(part.text, languageOf(work.task.asset.metadata))
  }

  get field() {
    return this.work.markFieldFor(this.part.name, ["spans"])
  }

  get canMark() {
    return this.field !== null && !this.work.readOnly
  }

  /** [{id, field, mark, start, end}] in reading order. */
  get items() {
    const spans = this.work.marksOn(this.part.name).filter(({ field }) => this.work.fieldOf(field).kind === "spans")
    return inOrder(spans.map(({ field, mark }) => ({
      id: mark.id, field, mark, start: this.points.toUnits(mark.start), end: this.points.toUnits(mark.end),
    })))
  }

  get selected() {
    const { selection } = this.work
    return selection ? (this.items.find(({ id }) => id === selection.id) ?? null) : null
  }

  select(item) {
    if (item) this.work.select(item.field, item.id)
    else this.work.select(null)
  }

  neighbour(way) {
    const { items, selected } = this
    if (!selected) return (way > 0 ? items[0] : items.at(-1)) ?? null
    return items[items.findIndex(({ id }) => id === selected.id) + way] ?? null
  }

  /** Marks a range with the choice in focus and selects the span; its id, or null where it may not be. */
  add(from, to) {
    const { field, part, work } = this
    if (!this.canMark) return null
    const snapped = this.boundaries.snapRange(from, to)
    const range = trimBreaks(part.text, snapped.start, snapped.end)
    if (!range) return null
    const choice = work.activeChoice(field.name)
    const same = this.items.find((one) => one.field === field.name && one.mark.choice === choice && one.start === range.start && one.end === range.end)
    if (same) {
      this.select(same)
      return same.id
    }
    if (this.#isRefused(field, range)) return null
    const id = work.addMark(field.name, { ...this.#shape(range), part: part.name }, { select: true })
    this.#say(`${this.titleOf({ field: field.name, mark: { choice } })}: ${quoted(part.text.slice(range.start, range.end))}`)
    return id
  }

  /** Moves the start or the end of the selected span by one step of the boundaries ("character" or "word"). */
  stretch(side, way, unit, time) {
    const item = this.selected
    if (!item || this.work.readOnly) return
    const next = stretched(item, side, way, (at, direction) => this.boundaries[unit](at, direction))
    if (!next || this.#isRefused(this.work.fieldOf(item.field), next, item.id)) return
    if (time - this.#lastStretch > BURST_MS) this.#burst += 1
    this.#lastStretch = time
    this.work.changeMark(item.field, item.id, this.#shape(next), { burst: `stretch ${this.part.name} ${item.id} ${this.#burst}` })
    this.#say(quoted(this.part.text.slice(next.start, next.end)))
  }

  #shape({ start, end }) {
    return { start: this.points.toPoints(start), end: this.points.toPoints(end), text: this.part.text.slice(start, end) }
  }

  #isRefused(field, range, id = null) {
    if (field.overlapping !== false) return false
    const others = this.items.filter((item) => item.field === field.name)
    const over = overlapOf(others, { id, ...range })
    if (!over) return false
    const words = quoted(this.part.text.slice(over.start, over.end))
    this.#say(`Not marked: spans of “${this.work.title(field)}” may not overlap, and ${words} is marked already. Change or delete that one first.`, { refused: true })
    return true
  }

  removeSelected() {
    const item = this.selected
    if (!item || this.work.readOnly) return
    const title = this.titleOf(item)
    this.work.removeMark(item.field, item.id)
    this.#say(`${title} deleted, ${this.items.length} left`)
  }

  cycleChoice(way) {
    const name = this.selected?.field ?? this.field?.name
    const choices = this.work.fieldOf(name)?.choices ?? []
    if (choices.length === 0 || this.work.readOnly) return
    const current = this.selected ? this.selected.mark.choice : this.work.activeChoice(name)
    const at = choices.findIndex(({ value }) => value === current)
    const next = choices[(at + way + choices.length) % choices.length]
    this.work.chooseFor(name, next.value)
    this.#say(this.work.title(next))
  }

  /** Says something to those who listen, and to those who look. */
  #say(sentence, { refused = false } = {}) {
    this.work.announce(sentence)
    this.dispatchEvent(new CustomEvent("said", { detail: { sentence, refused } }))
  }

  titleOf({ field, mark }) {
    return this.work.title(this.work.choiceOf(field, mark.choice) ?? this.work.fieldOf(field))
  }

  /** What the page draws. */
  drawables() {
    const { items } = this
    return items.map((item, at) => ({
      id: item.id,
      start: item.start,
      end: item.end,
      color: this.work.colorOf(item.field, item.mark.choice),
      title: this.titleOf(item),
      name: `${this.titleOf(item)}, span ${at + 1} of ${items.length}: ${quoted(this.part.text.slice(item.start, item.end))}`,
    }))
  }
}

function quoted(text) {
  const points = [...text]
  return `“${points.length > QUOTED ? `${points.slice(0, QUOTED).join("")}…` : text}”`
}

function languageOf(metadata) {
  const given = metadata?.language
  try {
    return typeof given === "string" ? Intl.getCanonicalLocales(given)[0] : undefined
  } catch {
    return undefined // words are then found by the browser's own language
  }
}

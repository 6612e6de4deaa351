// What one does with spans of one text, whether by mouse or by keyboard. Inside, positions are UTF-16 indices; the marks
// that it makes count code points.

import { scoreWords } from "../../annotate/answer-words.js"
import { Boundaries } from "../../annotate/boundaries.js"
import { CodePoints } from "../../annotate/codepoints.js"
import { inOrder, overlapOf, stretched, trimBreaks } from "../../annotate/spans.js"
import { Ties } from "./ties.js"

const BURST_MS = 800
const QUOTED = 40

export class Desk extends EventTarget {
  #lastStretch = -BURST_MS
  #burst = 0
  #known = new WeakMap() // mark -> its item: marks are never altered, only replaced
  #items = null
  #suggested = null
  #suggestionInHand = null // its key, while it was pointed at last

  /** `signal` ends its listening. Tells of "said" {sentence, refused}. */
  constructor(work, part, signal) {
    super()
    this.work = work
    this.part = part
    this.points = new CodePoints(part.text)
    this.boundaries = new Boundaries(part.text, languageOf(work.task.asset.metadata))
    this.ties = new Ties(this, signal)
    const forget = () => ([this.#items, this.#suggested] = [null, null])
    for (const event of ["change", "suggested", "view"]) work.addEventListener(event, forget, { signal })
  }

  get field() {
    return this.work.markFieldFor(this.part.name, ["spans"])
  }

  get canMark() {
    return this.field !== null && !this.work.readOnly
  }

  /** [{id, field, mark, start, end, color, title}] in reading order. */
  get items() {
    this.#items ??= this.#itemsOf(this.work.marksOn(this.part.name))
    return this.#items
  }

  /** The same of what machines suggest and nobody has decided on, with `isSuggestion`, `isCurrent`, `key` and `score`. */
  get suggested() {
    this.#suggested ??= this.#itemsOf(this.work.suggestedOn(this.part.name))
    return this.#suggested
  }

  #itemsOf(marks) {
    return inOrder(marks.filter(({ field }) => this.work.fieldOf(field).kind === "spans").map((one) => this.#itemOf(one)))
  }

  #itemOf({ field, mark, isSuggestion = false, key, score }) {
    if (!this.#known.has(mark)) {
      const [start, end] = [this.points.toUnits(mark.start), this.points.toUnits(mark.end)]
      const [color, title] = [this.work.colorOf(field, mark.choice), this.titleOf({ field, mark })]
      this.#known.set(mark, { id: mark.id, field, mark, start, end, color, title })
    }
    const item = this.#known.get(mark)
    return isSuggestion ? { ...item, isSuggestion, key, score, isCurrent: key === this.work.suggested.current?.key } : item
  }

  get selected() {
    const { selection } = this.work
    return selection ? (this.items.find(({ id }) => id === selection.id) ?? null) : null
  }

  /** Selects a span or a relation; a suggestion comes in focus to be decided on. */
  select(item) {
    this.#suggestionInHand = item?.isSuggestion ? item.key : null
    if (item && !item.isSuggestion) this.work.select(item.field, item.id)
    else this.work.select(null)
    if (item?.isSuggestion) this.work.suggested.focus(item.key)
  }

  /** Everything that Tab goes through: spans, made or suggested, each followed by the relations that begin at it. */
  get stops() {
    const spans = inOrder([...this.items, ...this.suggested])
    const { items } = this.ties
    if (items.length === 0) return spans
    const here = new Set(spans.map(({ id }) => id))
    const after = Map.groupBy(items, ({ from, to }) => (here.has(from.id) ? from.id : to.id))
    return spans.flatMap((span) => [span, ...(after.get(span.id) ?? [])])
  }

  neighbour(way) {
    const { stops } = this
    const { selection } = this.work
    const at = stops.findIndex(({ id, key, isSuggestion }) => (isSuggestion ? key === this.#suggestionInHand : id === selection?.id))
    if (at < 0) return (way > 0 ? stops[0] : stops.at(-1)) ?? null
    return stops[at + way] ?? null
  }

  /** Marks a range with the choice in focus and selects the span; its id, or null where it may not be. */
  add(from, to) {
    const { field, part, work } = this
    const range = this.canMark ? this.#markable(from, to) : null
    if (!range) return null
    const choice = work.activeChoice(field.name)
    const same = this.items.find((one) => one.field === field.name && one.mark.choice === choice && one.start === range.start && one.end === range.end)
    if (same) {
      this.select(same)
      return same.id
    }
    if (this.#isRefused(field, range)) return null
    const id = work.addMark(field.name, { ...this.#shape(range), part: part.name }, { select: true })
    this.say(`${this.titleOf({ field: field.name, mark: { choice } })}: ${quoted(part.text.slice(range.start, range.end))}`)
    return id
  }

  #markable(from, to) {
    const snapped = this.boundaries.snapRange(from, to)
    return trimBreaks(this.part.text, snapped.start, snapped.end)
  }

  /** Of ranges those that are not marked so yet, and may be: [{start, end}]. `field` and `choice`: as what. */
  unmarked(ranges, field, choice) {
    const own = this.items.filter((item) => item.field === field.name)
    const taken = new Set(own.filter(({ mark }) => mark.choice === choice).map(({ start, end }) => `${start} ${end}`))
    const free = ranges.map(({ start, end }) => this.#markable(start, end)).filter((range) => range && !taken.has(`${range.start} ${range.end}`))
    if (field.overlapping !== false) return free
    return free.filter((range, at) => !overlapOf(own, range) && !(at > 0 && free[at - 1].end > range.start))
  }

  /** Marks them all in one step of undo. Gives how many. */
  addAll(ranges, field, choice) {
    if (this.work.readOnly) return 0
    const due = this.unmarked(ranges, field, choice)
    this.work.batch(() => {
      for (const range of due) this.work.addMark(field.name, { ...this.#shape(range), choice, part: this.part.name })
    })
    return due.length
  }

  /** Moves the start or the end of the selected span by one step of the boundaries ("character", "word", "sentence"). */
  stretch(side, way, unit, time) {
    const item = this.selected
    const next = item && stretched(item, side, way, (at, direction) => this.boundaries[unit](at, direction))
    if (!next) return
    if (time - this.#lastStretch > BURST_MS) this.#burst += 1
    this.#lastStretch = time
    this.widen(item, next, { burst: `stretch ${this.part.name} ${item.id} ${this.#burst}` })
  }

  /** Puts a span over another range. */
  widen(item, range, { burst = null } = {}) {
    if (this.work.readOnly || this.#isRefused(this.work.fieldOf(item.field), range, item.id)) return
    this.work.changeMark(item.field, item.id, this.#shape(range), { burst })
    this.say(quoted(this.part.text.slice(range.start, range.end)))
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
    this.say(`Not marked: spans of “${this.work.title(field)}” may not overlap, and ${words} is marked already. Change or delete that one first.`, { refused: true })
    return true
  }

  /** What is selected here: a span or a relation. */
  get inHand() {
    return this.selected ?? this.ties.selected
  }

  removeSelected() {
    const item = this.inHand
    if (!item || this.work.readOnly) return
    const ties = this.work.tiesOf(item.id).length
    this.work.removeMark(item.field, item.id)
    const more = ties === 0 ? "" : ` with ${ties} relation${ties === 1 ? "" : "s"}`
    this.say(`${item.title}${more} deleted, ${this.items.length} left`)
  }

  cycleChoice(way) {
    const item = this.inHand
    const name = item?.field ?? this.field?.name
    const choices = this.work.fieldOf(name)?.choices ?? []
    if (choices.length === 0 || this.work.readOnly) return
    const current = item ? item.mark.choice : this.work.activeChoice(name)
    const at = choices.findIndex(({ value }) => value === current)
    const next = choices[(at + way + choices.length) % choices.length]
    this.work.chooseFor(name, next.value)
    this.say(this.work.title(next))
  }

  /** Says something to those who listen, and to those who look. */
  say(sentence, { refused = false } = {}) {
    this.work.announce(sentence)
    this.dispatchEvent(new CustomEvent("said", { detail: { sentence, refused } }))
  }

  titleOf({ field, mark }) {
    return this.work.title(this.work.choiceOf(field, mark.choice) ?? this.work.fieldOf(field))
  }

  wordsOf({ start, end }) {
    return quoted(this.part.text.slice(start, end))
  }

  /** What the page draws, and how each of it is called out. */
  drawables() {
    const { items, suggested } = this
    const { hiddenMarks } = this.work
    const seen = hiddenMarks.size === 0 ? items : items.filter(({ id }) => !hiddenMarks.has(id))
    const places = new Map(items.map((item, at) => [item.id, at]))
    const byId = new Map([...suggested, ...items].map((item) => [item.id, item]))
    const nameOf = (id) => {
      const item = byId.get(id)
      if (item.isSuggestion) return `${item.title}, suggested${item.score === null ? "" : `, ${scoreWords(item.score)} sure`}: ${this.wordsOf(item)}`
      return `${item.title}, span ${places.get(id) + 1} of ${items.length}: ${this.wordsOf(item)}`
    }
    return { spans: [...seen, ...suggested], nameOf }
  }
}

export function quoted(text) {
  const points = Array.from(text.length > QUOTED * 3 ? text.slice(0, QUOTED * 3) : text)
  return `“${points.length > QUOTED ? `${points.slice(0, QUOTED).join("")}…` : points.join("")}”`
}

function languageOf(metadata) {
  const given = metadata?.language
  try {
    return typeof given === "string" ? Intl.getCanonicalLocales(given)[0] : undefined
  } catch {
    return undefined // words are then found by the browser's own language
  }
}

// The work on one task: its answers and marks, what is in focus, undo and redo. No DOM: elements show it.
//
// Events: "change" {fields: Set of names}, "select", "active" (the question, part or choice in focus), "readonly",
// "announce" (a sentence).

import { isEmpty } from "./answers.js"
import { Focus } from "./focus.js"
import { History } from "./history.js"

import { fieldsOf, isReal, reversed, Sheet } from "./sheet.js"

const shortId = () => crypto.randomUUID().replaceAll("-", "").slice(0, 12)

export class Work extends Focus {
  #sheet
  #history = new History()
  #batch = null
  #asked = []
  #readOnly
  #newId
  #timing

  constructor(data, { language = "en", readOnly = false, timing = null, newId = shortId } = {}) {
    super(data.task.schema, data.task.asset.parts, language)
    this.claim = data.claim
    this.revises = data.revises ?? null // {label, revision} where a submitted label is changed
    this.task = data.task
    this.#readOnly = readOnly
    this.#newId = newId
    this.#timing = timing
    this.load(data.task.draft ?? {})
    this.addEventListener("select", () => this.#history.rest())
  }

  /** Takes over a draft's content; undo does not reach behind it. */
  load({ answers = {}, sources = {}, evidence = [] }) {
    this.sources = { ...sources }
    this.evidence = [...evidence]
    this.#sheet = new Sheet(Object.fromEntries(Object.entries(answers).filter(([name]) => this.fieldOf(name))))
    this.#history = new History()
    this.#settle(new Set(this.fieldNames))
  }

  // The task ----------------------------------------------------------------------------------------------------

  part(name) {
    return this.task.asset.parts.find((part) => part.name === name)
  }

  /** Names of the fields asked now. */
  get asked() {
    return this.#asked
  }

  /** The mark fields that are asked now and lie on this part, in schema order. */
  markFields(part) {
    const names = this.#asked.filter((name) => this.isMarkField(name) && this.partsOf(name).includes(part))
    return names.map((name) => this.fieldOf(name))
  }

  /** The field that a new mark on this part belongs to: the one in focus, else the first (of these kinds). */
  markFieldFor(part, kinds = null) {
    const fields = this.markFields(part).filter((field) => !kinds || kinds.includes(field.kind))
    return fields.find((field) => field.name === this.activeField) ?? fields[0] ?? null
  }

  missing() {
    return this.missingGiven(this.#sheet.answers)
  }

  /** What may be sent as a draft or a label. */
  sendable() {
    const answers = this.sendableGiven(this.#sheet.answers)
    const sources = Object.fromEntries(Object.entries(this.sources).filter(([name]) => name in answers))
    return { answers, sources, evidence: this.evidence }
  }

  /** Everything, also answers to questions that are not asked any more: for keeping in the browser. */
  snapshot() {
    return { answers: this.#sheet.answers, sources: this.sources, evidence: this.evidence }
  }

  // Answers and marks -------------------------------------------------------------------------------------------

  answer(name) {
    return this.#sheet.answers[name]
  }

  setAnswer(name, value, { burst = null } = {}) {
    this.#make({ field: name, before: this.answer(name), after: isEmpty(value) ? undefined : value }, burst)
    const from = this.sources[name]
    if (from?.source === "suggestion") this.sources[name] = { ...from, source: "suggestion_edited" }
  }

  marks(name) {
    return this.#sheet.marks(name)
  }

  mark(name, id) {
    return this.#sheet.mark(name, id)
  }

  /** [{field, mark}] in the order they were made. */
  marksOn(part) {
    const here = (name, mark) => (mark.part ?? this.partsOf(name)[0]) === part
    const marksOf = ({ name }) =>
      this.marks(name)
        .filter((mark) => here(name, mark))
        .map((mark) => ({ field: name, mark }))
    return this.#sheet.inOrderMade(this.markFields(part).flatMap(marksOf))
  }

  /** A field of several parts takes the part from `mark.part`, else the part in focus. */
  addMark(name, { part = this.activePart, ...shape }, { burst = null, select = false } = {}) {
    const mark = { ...shape, id: shape.id ?? this.#newId(), source: "human" }
    const choice = shape.choice ?? this.activeChoice(name)
    if (choice !== undefined) mark.choice = choice
    if (this.namesPart(name)) mark.part = part
    this.#make(this.#sheet.markChange(name, mark.id, mark), burst)
    this.turnTo(name, mark.id)
    if (select) this.select(name, mark.id)
    return mark.id
  }

  /** A change to `undefined` takes the key away. */
  changeMark(name, id, changes, { burst = null } = {}) {
    const before = this.mark(name, id)
    if (!before) return
    const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined)
    const after = Object.fromEntries(kept)
    if (after.source === "suggestion") after.source = "suggestion_edited"
    this.#make(this.#sheet.markChange(name, id, after), burst)
  }

  removeMark(name, id) {
    this.#make(this.#sheet.markChange(name, id, undefined))
  }

  /** Everything that `fn` changes is one undo step. */
  batch(fn) {
    if (this.#batch) return fn()
    this.#batch = []
    try {
      return fn()
    } finally {
      const changes = this.#batch
      this.#batch = null
      this.#history.record(changes)
      this.#settle(fieldsOf(changes))
    }
  }

  // Undo --------------------------------------------------------------------------------------------------------

  get canUndo() {
    return !this.#readOnly && this.#history.canUndo
  }

  get canRedo() {
    return !this.#readOnly && this.#history.canRedo
  }

  undo() {
    if (this.canUndo) this.#replay(this.#history.undo().map(reversed))
  }

  redo() {
    if (this.canRedo) this.#replay(this.#history.redo())
  }

  get readOnly() {
    return this.#readOnly
  }

  set readOnly(value) {
    if (value === this.#readOnly) return
    this.#readOnly = value
    this.tell("readonly", value)
  }

  // Time and voice ----------------------------------------------------------------------------------------------

  played(part, start, end, speed = 1) {
    this.#timing?.played(part, start, end, speed)
  }

  setPlaying(part, playing) {
    this.#timing?.setPlaying(part, playing)
  }

  announce(sentence) {
    this.tell("announce", sentence)
  }

  // Inside ------------------------------------------------------------------------------------------------------

  #make(change, burst = null) {
    if (this.#readOnly || !isReal(change)) return
    this.#apply(change)
    if (this.#batch) return void this.#batch.push(change)
    this.#history.record([change], burst)
    this.#settle(fieldsOf([change]))
  }

  #replay(changes) {
    for (const change of changes) this.#apply(change)
    this.#settle(fieldsOf(changes))
  }

  #apply(change) {
    this.#sheet.apply(change)
    this.#timing?.decided(change.id)
  }

  #settle(fields) {
    if (fields.size === 0) return
    this.#asked = this.askedGiven(this.#sheet.answers)
    this.refocus()
    this.tell("change", { fields })
  }
}

// The work on one task: its answers and marks, what is in focus, undo and redo. No DOM: elements show it.
//
// Events: "change" {fields: Set of names}, "select", "active" (the question, part or choice in focus), "readonly",
// "announce" (a sentence), "view" {id} (a mark was locked, hidden or the like), "suggested" {key} (the suggestion in focus).
//
// Nothing of the answers is altered but by changes through `make`, so that undo, the history and autosave see everything.

import { isEmpty } from "./answers.js"
import { decisionKey, decisionsOf, sendableEvidence, tied } from "./evidence.js"
import { readContent, readSuggestion } from "./readable.js"
import { Recorded } from "./recorded.js"
import { isReal, Sheet } from "./sheet.js"
import { keyOf, saysTheSame, Suggested } from "./suggested.js"

const shortId = () => crypto.randomUUID().replaceAll("-", "").slice(0, 12)

export class Work extends Recorded {
  #asked = []
  #newId
  #timing

  constructor(data, { language = "en", readOnly = false, timing = null, newId = shortId, clock = null } = {}) {
    super(data.task.schema, data.task.asset.parts, language)
    this.claim = data.claim
    this.revises = data.revises ?? null // {label, revision} where a submitted label is changed
    this.task = data.task
    this.readOnly = readOnly
    this.#newId = newId
    this.#timing = timing
    if (clock) this.timeBy(clock)
    this.suggested = new Suggested(this)
    this.load(data.task.draft ?? {})
    if (data.task.suggestions) this.suggest(data.task.suggestions)
    else this.awaitsSuggestions = data.task.suggestions_follow === true
  }

  /** Takes over a draft's content, what of it cannot be read set apart; undo does not reach behind it. */
  load(content) {
    const { answers, sources, refused, unreadable, evidence } = readContent(this, this.task.asset.parts, content)
    this.begin(new Sheet(answers, { sources, refused, unreadable, evidence }))
    this.settle(new Set(this.fieldNames))
  }

  /** Takes suggestions in, at first or when the server gives them later. */
  suggest(suggestions) {
    this.awaitsSuggestions = false
    const read = suggestions.map((one) => readSuggestion(this, this.task.asset.parts, one))
    this.suggested.take(read)
    this.unreadableSuggestions = [...this.unreadableSuggestions, ...read.flatMap(({ unreadable }) => unreadable)]
    this.tell("change", { fields: new Set(this.fieldNames), loaded: true })
  }

  awaitsSuggestions = false // until the person's own first answer is saved
  unreadableSuggestions = [] // [{path, reason, value, suggestion, by}]

  // The task ----------------------------------------------------------------------------------------------------

  part(name) {
    return this.task.asset.parts.find((part) => part.name === name)
  }

  /** Names of the fields asked now. */
  get asked() {
    return this.#asked
  }

  /** The same in the middle of a batch, whose changes `asked` learns of at its end. */
  askedNow() {
    return this.askedGiven(this.sheet.answers)
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
    return this.missingGiven(this.sheet.answers)
  }

  /** What may be sent as a label. */
  sendable() {
    const answers = this.sendableGiven(this.sheet.answers)
    const sources = Object.fromEntries(Object.entries(this.sources).filter(([name]) => name in answers))
    const evidence = sendableEvidence(this.sheet.evidence, this.decisions(), answers)
    return { answers, sources, evidence, ...listed({ refused_suggestions: this.sheet.refused }) }
  }

  /** What may be sent as a draft: with what could not be read, which is kept until the person drops it. */
  draftable() {
    return { ...this.sendable(), ...listed({ unreadable: this.sheet.unreadable }) }
  }

  /** Everything, also answers to questions that are not asked any more: for keeping in the browser. */
  snapshot() {
    const { answers, sources, refused, unreadable, evidence } = this.sheet
    return { answers, sources, evidence: Object.values(evidence), ...listed({ refused_suggestions: refused, unreadable }) }
  }

  // Answers and marks -------------------------------------------------------------------------------------------

  answer(name) {
    return this.sheet.answers[name]
  }

  /** Where plain answers came from: {field: {source, suggestion_id}}; those of people are not here. */
  get sources() {
    return this.sheet.sources
  }

  setAnswer(name, value, { burst = null } = {}) {
    const after = isEmpty(value) ? undefined : value
    if (!isReal({ before: this.answer(name), after })) return
    const from = this.sources[name]
    const source = from && after !== undefined ? { ...from, source: "suggestion_edited" } : undefined
    this.putAnswer(name, after, source, { burst })
  }

  /** An answer with where it came from. */
  putAnswer(name, after, source, { burst = null } = {}) {
    const changes = [{ field: name, before: this.answer(name), after }, this.sheet.entryChange("sources", name, name, source)]
    this.make(changes, burst)
  }

  isRefused(key) {
    return key in this.sheet.refused
  }

  /** `reason`: "unreadable" where it could not even be shown. */
  noteRefused({ key, suggestion, field, given, reason }) {
    const more = { ...(given === undefined ? {} : { mark: given }), ...(reason === undefined ? {} : { reason }) }
    const refused = { suggestion_id: suggestion, field, ...more }
    this.make([this.sheet.entryChange("refused", field, key, refused)])
  }

  /** What of the draft and of suggestions could not be read, and was not dropped: [{key, path, reason, value, by?}]. */
  get unreadable() {
    const ofDraft = Object.entries(this.sheet.unreadable).map(([key, piece]) => ({ key, ...piece }))
    const ofSuggestions = this.unreadableSuggestions.map((piece) => ({ ...piece, ...placeOf(piece) }))
    return [...ofDraft, ...ofSuggestions.filter(({ key }) => !this.isRefused(key))]
  }

  /** A piece of a suggestion stays with the suggestion; that it was dropped is noted as a refusal is. */
  dropUnreadable(piece) {
    if (piece.suggestion) this.noteRefused({ ...piece, reason: "unreadable" })
    else this.make([this.sheet.entryChange("unreadable", piece.key, piece.key, undefined)])
  }

  marks(name) {
    return this.sheet.marks(name)
  }

  mark(name, id) {
    return this.sheet.mark(name, id)
  }

  /** [{field, mark}] from the bottom to the top: in the order they were made, unless they were moved. */
  marksOn(part) {
    const here = (name, mark) => (mark.part ?? this.partsOf(name)[0]) === part
    const marksOf = ({ name }) =>
      this.marks(name)
        .filter((mark) => here(name, mark))
        .map((mark) => ({ field: name, mark }))
    return this.sheet.inOrder(this.markFields(part).flatMap(marksOf))
  }

  /** The same of marks that are suggested and not decided on, with `isSuggestion`, `key`, `score` and `by` besides. */
  suggestedOn(part) {
    return this.suggested.on(part)
  }

  /** A field of several parts takes the part from `mark.part`, else the part in focus. */
  addMark(name, { part = this.activePart, ...shape }, { burst = null, select = false } = {}) {
    const mark = { ...shape, id: shape.id ?? this.#newId(), source: "human" }
    const choice = shape.choice ?? this.activeChoice(name)
    if (choice !== undefined) mark.choice = choice
    if (this.namesPart(name)) mark.part = part
    this.putMark(name, mark, { burst })
    this.turnTo(name, mark.id)
    if (select) this.select(name, mark.id)
    return mark.id
  }

  /** A whole mark, as it is. */
  putMark(name, mark, { burst = null } = {}) {
    this.make([this.sheet.markChange(name, mark.id, mark)], burst)
  }

  /** A change to `undefined` takes the key away. */
  changeMark(name, id, changes, { burst = null } = {}) {
    const before = this.mark(name, id)
    if (!before || this.refusesChange(id)) return
    const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined)
    const after = Object.fromEntries(kept)
    if (after.source === "suggestion" && !saysTheSame(before, after)) after.source = "suggestion_edited"
    this.putMark(name, after, { burst })
  }

  /** To take a mark away that was suggested is to refuse it. The relations that it is an end of go with it. */
  removeMark(name, id) {
    if (!this.mark(name, id) || this.refusesChange(id)) return
    this.batch(() => {
      for (const tie of this.tiesOf(id)) this.#takeAway(tie.field, tie.mark)
      this.#takeAway(name, this.mark(name, id))
    })
    if (this.tieFrom === id) this.tieFrom = null
  }

  #takeAway(name, mark) {
    const piece = mark.suggestion_id ? this.suggested.pieceBehind(name, mark) : undefined
    this.make([this.sheet.markChange(name, mark.id, undefined)])
    if (piece) this.noteRefused(piece)
  }

  /** The relations that a mark is an end of: [{field, mark}]. */
  tiesOf(id) {
    const fields = this.fieldNames.filter((name) => this.fieldOf(name).kind === "relations")
    return fields.flatMap((field) => this.marks(field).filter(({ from, to }) => from === id || to === id).map((mark) => ({ field, mark })))
  }

  /** {field, mark} wherever a mark is, or null. */
  find(id) {
    const field = this.fieldNames.find((name) => this.isMarkField(name) && this.mark(name, id))
    return field ? { field, mark: this.mark(field, id) } : null
  }

  /** Moves a mark over or under the others of its field; `to` counts from 0, the bottom. */
  orderMark(name, id, to) {
    if (this.mark(name, id)) this.make([this.sheet.orderChange(name, id, to)])
  }

  // Evidence ----------------------------------------------------------------------------------------------------

  /** The decisions made so far, to which marks can be tied. */
  decisions() {
    return decisionsOf(this, this.#asked, this.sheet.answers)
  }

  isTied(decision, id) {
    return this.sheet.evidence[decisionKey(decision)]?.marks.includes(id) ?? false
  }

  /** [{field, mark}] that are tied to a decision and still there. */
  marksBehind(decision) {
    const ids = this.sheet.evidence[decisionKey(decision)]?.marks ?? []
    return ids.map((id) => this.find(id)).filter((found) => found !== null)
  }

  tie(decision, id, on = true) {
    const key = decisionKey(decision)
    const after = tied(this.sheet.evidence[key], decision, id, on)
    this.make([this.sheet.entryChange("evidence", decision.field, key, after)])
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

  applied(change) {
    if (!change.section) this.#timing?.decided(change.id)
  }

  settle(fields) {
    if (fields.size === 0) return
    this.#asked = this.askedGiven(this.sheet.answers)
    this.refocus()
    this.tell("change", { fields })
  }
}

/** What an unreadable piece of a suggestion is noted under: its field and its path. */
function placeOf({ suggestion, path }) {
  const [, , field = ""] = path.split("/")
  return { key: keyOf(suggestion, field, path), field, given: path }
}

/** Sections of the sheet as the lists that are sent; empty ones are left out. */
function listed(sections) {
  const lists = Object.entries(sections).map(([name, entries]) => [name, Object.values(entries)])
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0))
}

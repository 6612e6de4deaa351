// What is in focus on a task: the question, the part, the selected mark, and the choice that the next mark will get.
// Work, which holds the answers, builds on it.

import { SHAPES } from "./shapes/registry.js"
import { Questionnaire } from "./questionnaire.js"

export class Focus extends Questionnaire {
  #selection = null
  #fresh = null
  #activeField = null
  #activeOwn = null
  #activePart
  #choices = new Map()

  constructor(schema, parts, language) {
    super(schema, parts, language)
    this.#activePart = parts[0]?.name ?? null
  }

  get selection() {
    return this.#selection
  }

  /** Whether the selected mark was just made and not chosen since: a choice named now is meant for the next one. */
  get selectionIsFresh() {
    return this.#selection !== null && this.#selection.id === this.#fresh
  }

  select(name, id) {
    const mark = name ? this.mark(name, id) : undefined
    const same = (mark?.id ?? null) === (this.#selection?.id ?? null)
    if (same || mark?.id !== this.#fresh) this.#fresh = null
    if (same) return
    this.#selection = mark ? { field: name, id } : null
    if (mark) {
      this.#activeField = name
      this.#activeOwn = null
      this.#activePart = mark.part ?? this.partsOf(name)[0] ?? this.#activePart
      this.tell("active")
    }
    this.tell("select", this.#selection)
  }

  get activeField() {
    return this.#activeField
  }

  /** The question of the selected mark that is in focus. */
  get activeOwn() {
    return this.#activeOwn
  }

  activate(name, own = null) {
    if ((name === this.#activeField && own === this.#activeOwn) || !this.asked.includes(name)) return
    this.#activeField = name
    this.#activeOwn = own
    const parts = this.partsOf(name)
    if (parts.length > 0 && !parts.includes(this.#activePart)) this.#activePart = parts[0]
    if (this.#selection && this.#selection.field !== name) this.select(null)
    this.tell("active")
  }

  get activePart() {
    return this.#activePart
  }

  activatePart(name) {
    if (name === this.#activePart || !this.hasPart(name)) return
    this.#activePart = name
    this.tell("active")
  }

  /** The choice that a new mark of this field gets; undefined where the field has no choices. */
  activeChoice(name) {
    return this.#choices.get(name) ?? this.fieldOf(name)?.choices?.[0]?.value
  }

  /** The choice of the selected mark of this field, and of marks made from now on. */
  chooseFor(name, value) {
    this.#choices.set(name, value)
    this.#fresh = null
    if (this.#selection?.field === name) this.#rechoose(value)
    if (name === this.#activeField) this.tell("active")
    else this.activate(name)
  }

  #rechoose(choice) {
    const { field: name, id } = this.#selection
    const field = this.fieldOf(name)
    const rechosen = SHAPES[field.kind]?.rechosen
    const changes = rechosen ? rechosen(field, this.mark(name, id), choice) : { choice }
    if (changes) this.changeMark(name, id, changes)
    else this.announce("That choice has other points, so nothing of this mark would be left. It stays as it was.")
  }

  /** After a mark was made. */
  turnTo(name, id) {
    this.#fresh = id
    this.activate(name)
  }

  /** After answers changed: what is gone or not asked any more cannot be in focus. */
  refocus() {
    if (this.#selection && !this.mark(this.#selection.field, this.#selection.id)) this.select(null)
    if (this.#activeField && this.asked.includes(this.#activeField)) return
    this.#activeField = this.asked[0] ?? null
    this.#activeOwn = null
    this.tell("active")
  }

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

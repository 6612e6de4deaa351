// The answer sheet: answers and marks as they stand, altered only by changes {field, id?, before, after, at?}, so that
// every change can be taken back. A change with an id is of one mark; `before` or `after` is undefined where there was none.
//
// What goes with the answers is altered the same way, by changes that name their `section`:
//   {section: "sources" | "refused" | "unreadable" | "evidence", field, key, before, after}   one entry of that section
//   {section: "order", field, id, mark, before, after}                           a mark's place among those of its field

const NONE = Object.freeze([])
const MANY = 64

export class Sheet {
  #answers = {}
  #byId = new WeakMap() // many marks of a field -> mark by its id: lists of marks are replaced, never altered
  #order = new Map() // mark id -> its place among all marks, the lowest drawn first

  constructor(answers = {}, { sources = {}, refused = {}, unreadable = {}, evidence = {} } = {}) {
    Object.assign(this, { sources, refused, unreadable, evidence })
    for (const [name, value] of Object.entries(answers)) {
      this.#answers[name] = isMarks(value) ? Object.freeze(value.map((mark) => this.#keep(mark))) : value
    }
  }

  get answers() {
    return this.#answers
  }

  marks(field) {
    return this.#answers[field] ?? NONE
  }

  mark(field, id) {
    const marks = this.marks(field)
    if (marks.length < MANY) return marks.find((mark) => mark.id === id)
    if (!this.#byId.has(marks)) this.#byId.set(marks, new Map(marks.map((mark) => [mark.id, mark])))
    return this.#byId.get(marks).get(id)
  }

  inOrder(marks) {
    return marks.sort((one, other) => this.#order.get(one.mark.id) - this.#order.get(other.mark.id))
  }

  /** The change that puts `after` (a mark, or undefined) in the place of mark `id`, or at the end. */
  markChange(field, id, after) {
    const marks = this.marks(field)
    const at = marks.findIndex((mark) => mark.id === id)
    return { field, id, before: marks[at], after, at: at < 0 ? marks.length : at }
  }

  /** The change that moves a mark among those of its field: to the place `to`, counted from 0. */
  orderChange(field, id, to) {
    const marks = this.marks(field)
    const before = marks.findIndex((mark) => mark.id === id)
    return { section: "order", field, id, mark: marks[before], before, after: Math.min(Math.max(to, 0), marks.length - 1) }
  }

  /** The change that sets an entry of a section, or takes it away. */
  entryChange(section, field, key, after) {
    return { section, field, key, before: this[section][key], after }
  }

  apply(change) {
    const { section, field, id, before, after, at } = change
    if (section === "order") this.#move(field, id, after)
    else if (section) this[section] = withEntry(this[section], change.key, after)
    else if (id === undefined) this.#answers = withEntry(this.#answers, field, after)
    else {
      const marks = [...this.marks(field)]
      const made = after === undefined ? [] : [this.#keep(after)]
      const place = before === undefined ? at : marks.findIndex((mark) => mark.id === id)
      marks.splice(place, before === undefined ? 0 : 1, ...made)
      this.#answers = { ...this.#answers, [field]: Object.freeze(marks) }
    }
  }

  // Marks of one field always lie over each other as they stand in its list; those of other fields keep their places.
  #move(field, id, to) {
    const marks = [...this.marks(field)]
    const [mark] = marks.splice(marks.findIndex((one) => one.id === id), 1)
    marks.splice(to, 0, mark)
    const places = marks.map((one) => this.#order.get(one.id)).sort((one, other) => one - other)
    for (const [at, one] of marks.entries()) this.#order.set(one.id, places[at])
    this.#answers = { ...this.#answers, [field]: Object.freeze(marks) }
  }

  #keep(mark) {
    if (!this.#order.has(mark.id)) this.#order.set(mark.id, this.#order.size)
    return Object.freeze(mark)
  }
}

function withEntry(entries, key, value) {
  const { [key]: _gone, ...others } = entries
  return value === undefined ? others : { ...entries, [key]: value }
}

export const isReal = ({ before, after }) => before !== after && JSON.stringify(before) !== JSON.stringify(after)
export const reversed = (change) => ({ ...change, before: change.after, after: change.before })
export const fieldsOf = (changes) => new Set(changes.map((change) => change.field))

const isMarks = (value) => Array.isArray(value) && typeof value[0] === "object" && !Array.isArray(value[0])

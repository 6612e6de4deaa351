// The answer sheet: answers and marks as they stand, altered only by changes {field, id?, before, after, at?}, so that
// every change can be taken back. A change with an id is of one mark; `before` or `after` is undefined where there was none.

const NONE = Object.freeze([])

export class Sheet {
  #answers = {}
  #order = new Map() // mark id -> when it was made, as a count

  constructor(answers = {}) {
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
    return this.marks(field).find((mark) => mark.id === id)
  }

  inOrderMade(marks) {
    return marks.sort((one, other) => this.#order.get(one.mark.id) - this.#order.get(other.mark.id))
  }

  /** The change that puts `after` (a mark, or undefined) in the place of mark `id`, or at the end. */
  markChange(field, id, after) {
    const marks = this.marks(field)
    const at = marks.findIndex((mark) => mark.id === id)
    return { field, id, before: marks[at], after, at: at < 0 ? marks.length : at }
  }

  apply({ field, id, before, after, at }) {
    if (id === undefined) {
      this.#answers = { ...this.#answers, [field]: after }
      if (after === undefined) delete this.#answers[field]
      return
    }
    const marks = [...this.marks(field)]
    const made = after === undefined ? [] : [this.#keep(after)]
    if (before === undefined) marks.splice(at, 0, ...made)
    else
      marks.splice(
        marks.findIndex((mark) => mark.id === id),
        1,
        ...made,
      )
    this.#answers = { ...this.#answers, [field]: Object.freeze(marks) }
  }

  #keep(mark) {
    if (!this.#order.has(mark.id)) this.#order.set(mark.id, this.#order.size)
    return Object.freeze(mark)
  }
}

export const isReal = ({ before, after }) => before !== after && JSON.stringify(before) !== JSON.stringify(after)
export const reversed = (change) => ({ ...change, before: change.after, after: change.before })
export const fieldsOf = (changes) => new Set(changes.map((change) => change.field))

const isMarks = (value) => Array.isArray(value) && typeof value[0] === "object" && !Array.isArray(value[0])

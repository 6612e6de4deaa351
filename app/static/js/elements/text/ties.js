// Relations between the spans of one text: those that are there, and the one that is being made. One begins at a span, is
// carried to another one, here or in another text of the ad, and goes the way that the schema allows.

export class Ties {
  #desk
  #work
  #items = null

  constructor(desk, signal) {
    this.#desk = desk
    this.#work = desk.work
    const forget = () => (this.#items = null)
    for (const event of ["change", "suggested", "view"]) this.#work.addEventListener(event, forget, { signal })
  }

  get fields() {
    const { asked } = this.#work
    return asked.map((name) => this.#work.fieldOf(name)).filter(({ kind }) => kind === "relations")
  }

  /** [{id, field, mark, from, to, color, title, name, isTie, isSuggestion}] with an end in this text; ends are {id, field, mark}. */
  get items() {
    this.#items ??= this.#read()
    return this.#items
  }

  #read() {
    const work = this.#work
    const fields = this.fields.map(({ name }) => name)
    if (fields.length === 0) return []
    const open = work.suggested.open.filter(({ mark }) => mark)
    const made = fields.flatMap((field) => work.marks(field).map((mark) => ({ field, mark })))
    const given = [...made, ...open.filter(({ field }) => fields.includes(field))]
    if (given.length === 0) return []
    const ends = this.#ends(open)
    return given.filter(({ mark }) => !work.hiddenMarks.has(mark.id)).flatMap((one) => this.#itemOf(one, ends))
  }

  #ends(open) {
    const work = this.#work
    const marks = work.fieldNames.filter((name) => work.isMarkField(name)).flatMap((field) => work.marks(field).map((mark) => [mark.id, { id: mark.id, field, mark }]))
    return new Map([...open.map(({ field, mark }) => [mark.id, { id: mark.id, field, mark }]), ...marks])
  }

  #itemOf({ field, mark, isSuggestion = false, key }, ends) {
    const [from, to] = [ends.get(mark.from), ends.get(mark.to)]
    if (!from || !to || !(this.#isHere(from) || this.#isHere(to))) return []
    const work = this.#work
    const title = this.#desk.titleOf({ field, mark })
    const isCurrent = isSuggestion && key === work.suggested.current?.key
    const name = `${title}, ${isSuggestion ? "suggested " : ""}relation from ${this.wordsOf(from)} to ${this.wordsOf(to)}`
    return [{ id: mark.id, field, mark, from, to, color: work.colorOf(field, mark.choice), title, name, isTie: true, isSuggestion, isCurrent, key }]
  }

  #isHere({ field, mark }) {
    return (mark.part ?? this.#work.partsOf(field)[0]) === this.#desk.part.name
  }

  /** An end in words: its text where it has one. */
  wordsOf({ field, mark }) {
    const title = this.#desk.titleOf({ field, mark })
    return mark.text === undefined ? title : `“${shortened(mark.text)}”`
  }

  get selected() {
    const { selection } = this.#work
    return selection ? (this.items.find(({ id }) => id === selection.id) ?? null) : null
  }

  // Making --------------------------------------------------------------------------------------------------------

  /** The span that a relation is being drawn from, or null. */
  get from() {
    const { tieFrom } = this.#work
    return tieFrom ? this.#work.find(tieFrom) : null
  }

  mayBegin(item) {
    return item !== null && !item.isSuggestion && !item.isTie && !this.#work.readOnly && this.fields.some((field) => this.#takes(field, "from", item) || this.#takes(field, "to", item))
  }

  begin(item) {
    if (!this.mayBegin(item)) return
    this.#work.tieFrom = item.id
    this.#desk.say(`Relation from ${this.#desk.wordsOf(item)}: choose the other span, then Enter or a click. Esc stops.`)
  }

  cancel() {
    this.#work.tieFrom = null
  }

  /** Ties the span in hand with this one; where only the other way round is allowed, that way. */
  finish(item) {
    const { from } = this
    if (!from || !item || item.isTie || item.isSuggestion) return null
    if (from.mark.id === item.id) return this.#refuse("A relation is between two spans: choose another one.")
    const there = { field: item.field, id: item.id }
    const here = { field: from.field, id: from.mark.id }
    const found = this.#fit(here, there)
    if (!found) return this.#refuse("The schema has no relation between these two.")
    const { field, ends } = found
    this.cancel()
    return this.#make(field, ends)
  }

  #fit(here, there) {
    const fields = this.fields.toSorted((one, other) => (other.name === this.#work.activeField) - (one.name === this.#work.activeField))
    for (const [from, to] of [[here, there], [there, here]]) {
      const field = fields.find((one) => this.#takes(one, "from", from) && this.#takes(one, "to", to))
      if (field) return { field, ends: { from: from.id, to: to.id } }
    }
    return null
  }

  #takes(field, end, item) {
    return (field[end] ?? [item.field]).includes(item.field)
  }

  #make(field, ends) {
    const work = this.#work
    const choice = work.activeChoice(field.name)
    const same = work.marks(field.name).find((mark) => mark.from === ends.from && mark.to === ends.to && mark.choice === choice)
    const id = same?.id ?? work.addMark(field.name, { ...ends, part: this.#desk.part.name }, { select: true })
    work.select(field.name, id)
    work.select(field.name, id) // chosen since: a choice named now is meant for this one, not for the next
    const item = this.items.find((one) => one.id === id)
    if (item) this.#desk.say(`${item.name}. Its choices change it, Delete takes it away.`)
    return id
  }

  reverse() {
    const item = this.selected
    if (!item || this.#work.readOnly) return
    const field = this.#work.fieldOf(item.field)
    if (!this.#takes(field, "from", item.to) || !this.#takes(field, "to", item.from)) {
      this.#refuse("The schema lets this relation go this way only.")
      return
    }
    this.#work.changeMark(item.field, item.id, { from: item.mark.to, to: item.mark.from })
    this.#desk.say(`Turned about: from ${this.wordsOf(item.to)} to ${this.wordsOf(item.from)}`)
  }

  #refuse(sentence) {
    this.#desk.say(sentence, { refused: true })
    return null
  }
}

const QUOTED = 30
function shortened(text) {
  const points = Array.from(text.slice(0, QUOTED * 3))
  return points.length > QUOTED ? `${points.slice(0, QUOTED).join("")}…` : points.join("")
}

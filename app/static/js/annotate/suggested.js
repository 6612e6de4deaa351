// What machines suggest for one ad, piece by piece: a mark, or the answer to a plain question. A piece is open until it is
// taken, refused, or the answer is the same anyway. Suggestions are never part of the answers before somebody takes them.
//
// A piece: {key, suggestion, field, value | mark, score, by, isSuggestion: true}. Its mark is the one that would stand in
// the label: with its source and the suggestion's id.

const byModel = ({ model, model_version: version }) => `${model} ${version}`
export const keyOf = (suggestion, field, id = "") => `${suggestion} ${field} ${id}`

export class Suggested {
  #work
  #pieces = []
  #byKey = new Map()
  #ids = new Set() // of all suggested marks: several suggestions may use one id
  #open = null
  #current = null

  constructor(work) {
    this.#work = work
    work.addEventListener("change", () => (this.#open = null))
  }

  /** Takes suggestions in as the task brings them; what cannot be read in them was set apart before. */
  take(suggestions) {
    for (const suggestion of suggestions) {
      const renamed = this.#rename(suggestion)
      for (const field of this.#work.fieldNames) this.#pieces.push(...this.#piecesOf(suggestion, field, renamed))
    }
    const place = new Map(this.#work.fieldNames.map((name, at) => [name, at]))
    this.#pieces.sort((one, other) => place.get(one.field) - place.get(other.field))
    this.#byKey = new Map(this.#pieces.map((piece) => [piece.key, piece]))
    this.#open = null
  }

  #rename({ id, answers }) {
    const marks = Object.entries(answers).flatMap(([field, answer]) => (this.#work.isMarkField(field) ? answer : []))
    return new Map(marks.map((mark) => {
      const free = this.#ids.has(mark.id) ? `${mark.id}-${id.slice(0, 8)}` : mark.id
      this.#ids.add(free)
      return [mark.id, free]
    }))
  }

  #piecesOf(suggestion, field, renamed) {
    const answer = suggestion.answers[field]
    if (answer === undefined) return []
    const common = { suggestion: suggestion.id, field, by: byModel(suggestion), isSuggestion: true }
    if (!this.#work.isMarkField(field)) {
      return [{ ...common, key: keyOf(suggestion.id, field), value: answer, score: scoreOf(suggestion, field) }]
    }
    return answer.map((given) => {
      const source = this.#sourceOf(suggestion, field, given)
      const ends = Object.fromEntries(["from", "to"].filter((end) => end in given).map((end) => [end, renamed.get(given[end])]))
      const mark = Object.freeze({ ...given, ...ends, id: renamed.get(given.id), source, suggestion_id: suggestion.id })
      return { ...common, key: keyOf(suggestion.id, field, given.id), given: given.id, mark, score: scoreOf(suggestion, field, given.id) }
    })
  }

  /** What could not be read of a mark was set apart, so that the rest of it is not what was suggested. */
  #sourceOf({ whole = {} }, field, given) {
    const suggested = Array.isArray(whole[field]) ? whole[field].find((mark) => mark?.id === given.id) : undefined
    return suggested === undefined || saysTheSame(suggested, given) ? "suggestion" : "suggestion_edited"
  }

  get isEmpty() {
    return this.#pieces.length === 0
  }

  /** The pieces to decide on, in the schema's order. */
  get open() {
    this.#open ??= this.#openGiven(this.#work.asked)
    return this.#open
  }

  #openGiven(asked) {
    const taken = this.#taken()
    return this.#pieces.filter((piece) => asked.includes(piece.field) && this.#isOpen(piece, taken))
  }

  #isOpen(piece, taken) {
    const work = this.#work
    if (work.isRefused(piece.key)) return false
    if (piece.mark) return !taken.has(keyOf(piece.suggestion, piece.field, piece.given))
    const answer = work.answer(piece.field)
    if (answer === undefined) return true
    return !work.sources[piece.field]?.suggestion_id && !same(answer, piece.value)
  }

  // By the id that the suggestion gave: whether that had to be changed may differ from load to load.
  #taken() {
    const fields = this.#work.fieldNames.filter((name) => this.#work.isMarkField(name))
    const keys = fields.flatMap((field) => this.#work.marks(field).filter((mark) => mark.suggestion_id).map((mark) => keyBehind(field, mark)))
    return new Set(keys)
  }

  /** The open marks that lie on this part: [{field, mark, isSuggestion, key, score, by}]. */
  on(part) {
    return this.open.filter(({ field, mark }) => mark && (mark.part ?? this.#work.partsOf(field)[0]) === part)
  }

  /** The piece that a mark of the label came from, or undefined. */
  pieceBehind(field, mark) {
    return this.#byKey.get(keyBehind(field, mark))
  }

  /** The piece of a key, decided or not, or undefined. */
  piece(key) {
    return this.#byKey.get(key)
  }

  // Deciding ----------------------------------------------------------------------------------------------------

  /** The piece that a decision is about: the one in focus, else the first. */
  get current() {
    const { open } = this
    return open.find(({ key }) => key === this.#current) ?? open[0] ?? null
  }

  focus(key) {
    this.#current = key
    const piece = this.#byKey.get(key)
    const parts = piece ? this.#work.partsOf(piece.field) : []
    const part = piece?.mark?.part ?? parts[0]
    if (part && !(piece.mark === undefined && parts.includes(this.#work.activePart))) this.#work.activatePart(part)
    this.#work.tell("suggested", { key })
  }

  /** The open piece after (or before) the one in focus; null past the ends. */
  neighbour(way) {
    const { open, current } = this
    return open[open.indexOf(current) + way] ?? null
  }

  accept(piece = this.current, { select = false } = {}) {
    if (!piece || this.#work.readOnly) return null
    this.#decide(piece, () => this.#work.batch(() => this.#put(piece)))
    if (select && piece.mark) this.#work.select(piece.field, piece.mark.id)
    return piece
  }

  refuse(piece = this.current) {
    if (!piece || this.#work.readOnly) return null
    this.#decide(piece, () => this.#work.noteRefused(piece))
    return piece
  }

  /** Takes whatever is open, but leaves answers that a person gave. Gives how many were taken. */
  acceptAll() {
    const work = this.#work
    let taken = 0
    work.batch(() => {
      for (let next = this.#takable(); next.length > 0 && !work.readOnly; next = this.#takable()) {
        for (const piece of next) this.#put(piece)
        taken += next.length
      }
    })
    work.tell("suggested", { key: null })
    return taken
  }

  /** Refuses whatever is open. Gives how many were. */
  refuseAll() {
    const work = this.#work
    const { open } = this
    if (work.readOnly) return 0
    work.batch(() => open.forEach((piece) => work.noteRefused(piece)))
    work.tell("suggested", { key: null })
    return open.length
  }

  /** What is asked, open and not answered, one piece a plain question: taking it may bring up other questions. */
  #takable() {
    const answered = new Set()
    return this.#openGiven(this.#work.askedNow()).filter(({ field, mark }) => {
      if (mark) return true
      const free = this.#work.answer(field) === undefined && !answered.has(field)
      answered.add(field)
      return free
    })
  }

  // What comes into focus is what follows, or where nothing does, the first that is left.
  #decide(piece, act) {
    const { open } = this
    const after = open.slice(open.indexOf(piece) + 1)
    act()
    const left = new Set(this.open)
    const next = after.find((one) => left.has(one)) ?? this.open[0] ?? null
    if (next) this.focus(next.key)
    else this.#work.tell("suggested", { key: null })
  }

  // A relation brings the marks at its ends along.
  #put({ field, suggestion, mark, value }) {
    const work = this.#work
    if (!mark) return work.putAnswer(field, value, { source: "suggestion", suggestion_id: suggestion })
    for (const end of [mark.from, mark.to].filter((id) => id !== undefined)) {
      const piece = this.#pieces.find((one) => one.mark?.id === end)
      if (piece && !work.mark(piece.field, end)) work.putMark(piece.field, piece.mark)
    }
    if (!work.mark(field, mark.id)) work.putMark(field, mark)
  }
}

function keyBehind(field, { id, suggestion_id: suggestion }) {
  const end = `-${suggestion?.slice(0, 8)}`
  return keyOf(suggestion, field, id.endsWith(end) ? id.slice(0, -end.length) : id)
}

/** How sure the model is of a piece, or null: scores are given by field, by mark, or by mark within the field. */
function scoreOf({ scores = {} }, field, mark) {
  const ofField = scores[field]
  const found = mark === undefined ? ofField : (ofField?.[mark] ?? scores[mark] ?? ofField)
  return typeof found === "number" ? found : null
}

const same = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
const sorted = (value) => (Array.isArray(value) && value.every((one) => typeof one === "string") ? value.toSorted() : value)

/** Whether a mark still says what was suggested, but for questions of it that the suggestion left open. */
export function saysTheSame(before, after) {
  const { fields: old = {}, source: _s, ...rest } = before
  const { fields: own = {}, source: _t, ...now } = after
  const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other)
  const keys = new Set([...Object.keys(rest), ...Object.keys(now)])
  return [...keys].every((key) => alike(rest[key], now[key])) && Object.keys(old).every((name) => alike(old[name], own[name]))
}

// Where the time on a task goes: at any moment the page is in exactly one of active, playing, reading, idle, hidden.
// `now` is a monotonic clock in milliseconds. Slices are cut whenever the state changes or something is sent.

const IDLE_AFTER = 30_000 // without input, active turns idle
const READING_AFTER = 180_000 // with the guideline open, reading turns idle
const JOINED = 0.06 // seconds between two played stretches that are one

export class Timing {
  #now
  #origin
  #state = "active"
  #since
  #touched
  #stirred = true
  #hidden = false
  #reading = false
  #resting = false
  #playing = new Set()
  #slices = []
  #seq = 0
  #sent = -1 // the highest slice that was ever sent: it must not change any more
  #totals = { active: 0, playing: 0, reading: 0, idle: 0, hidden: 0 }

  /** `kept`: what an earlier load of this claim knew (see `keep`); `played`: what the draft knows. The same page goes on with its own slices. */
  constructor({ now, page, kept = null, played = {} }) {
    this.#now = now
    this.page = page
    if (kept?.page === page) {
      this.#seq = kept.seq
      this.#slices = [...kept.slices]
      this.#sent = this.#seq - 1
    }
    this.#origin = now() - (kept?.elapsed ?? 0)
    this.#since = this.#touched = this.elapsed
    this.first_decision_ms = kept?.first_decision_ms
    this.marks = { ...kept?.marks }
    this.ranges = { ...played, ...kept?.played }
    Object.assign(this.#totals, kept?.totals)
  }

  get elapsed() {
    return Math.round(this.#now() - this.#origin)
  }

  get state() {
    this.#advance()
    return this.#state
  }

  /** Whether the person did something since this was last asked. */
  takeActivity() {
    const active = this.#stirred || this.#playing.size > 0
    this.#stirred = false
    return active
  }

  /** Milliseconds in this state so far. */
  total(state) {
    this.#advance()
    return this.#totals[state] + (this.#state === state ? this.elapsed - this.#since : 0)
  }

  /** The person did something in the work (or in the guideline). */
  touch({ reading = false } = {}) {
    this.#advance()
    this.#touched = this.elapsed
    this.#stirred = true
    this.#reading = reading
    this.#enter()
  }

  setReading(reading) {
    this.touch({ reading })
  }

  setHidden(hidden) {
    this.#advance()
    this.#hidden = hidden
    if (!hidden) this.#touched = this.elapsed
    this.#enter()
  }

  /** A break: idle at once, whatever is pressed or plays meanwhile. */
  setResting(resting) {
    this.#advance()
    this.#resting = resting
    this.#touched = this.elapsed
    this.#enter()
  }

  setPlaying(part, playing) {
    this.#advance()
    if (playing) this.#playing.add(part)
    else this.#playing.delete(part)
    this.#touched = this.elapsed
    this.#enter()
  }

  played(part, start, end, speed = 1) {
    if (!(end > start)) return
    const ranges = (this.ranges[part] ??= [])
    const last = ranges.at(-1)
    if (last && last[2] === speed && Math.abs(start - last[1]) < JOINED) last[1] = end
    else ranges.push([start, end, speed])
  }

  /** An answer or a mark (its id) was made or changed. */
  decided(mark = undefined) {
    const at = this.elapsed
    this.first_decision_ms ??= at
    if (mark === undefined) return
    if (this.marks[mark]) this.marks[mark].changed_ms = at
    else this.marks[mark] = { created_ms: at, changed_ms: at }
  }

  /** Timing as it is sent: the slices that were not acknowledged yet. `marks`: ids that the answers hold. */
  sendable(marks) {
    this.#advance()
    this.#cut(this.elapsed, this.#state)
    const known = Object.entries(this.marks).filter(([id]) => marks.has(id))
    this.#sent = this.#seq - 1
    const timing = {
      page: this.page,
      slices: structuredClone(this.#slices),
      marks: Object.fromEntries(known),
      played: structuredClone(this.ranges),
    }
    if (this.first_decision_ms !== undefined) timing.first_decision_ms = this.first_decision_ms
    return timing
  }

  acknowledge(slices) {
    const last = slices.at(-1)?.seq ?? -1
    this.#slices = this.#slices.filter((slice) => slice.seq > last)
  }

  /** What a later load of the page on the same claim has to know. */
  keep() {
    this.#advance()
    this.#cut(this.elapsed, this.#state)
    const { page, first_decision_ms, marks, ranges: played } = this
    const known = { page, seq: this.#seq, slices: this.#slices, totals: this.#totals }
    return structuredClone({ ...known, elapsed: this.elapsed, first_decision_ms, marks, played })
  }

  /** Notices that the person went idle meanwhile, at the moment it happened. */
  #advance() {
    const limit = { active: IDLE_AFTER, reading: READING_AFTER }[this.#state]
    if (limit === undefined || this.elapsed <= this.#touched + limit) return
    this.#cut(Math.max(this.#touched + limit, this.#since), "idle")
  }

  #enter() {
    const state = this.#hidden ? "hidden" : this.#resting ? "idle" : this.#playing.size > 0 ? "playing" : this.#reading ? "reading" : "active"
    if (state !== this.#state) this.#cut(this.elapsed, state)
  }

  #cut(at, next) {
    const duration = at - this.#since
    const last = this.#slices.at(-1)
    if (duration > 0 && last?.seq > this.#sent && last.state === this.#state) last.duration_ms += duration
    else if (duration > 0)
      this.#slices.push({ seq: this.#seq++, state: this.#state, start_ms: this.#since, duration_ms: duration })
    this.#totals[this.#state] += duration
    this.#since = at
    this.#state = next
  }
}

// Making and changing segments of one part: in and out while it plays, edges by drag and by key.
// Moments come as {start, end}: a point of a sound (both equal), the whole frame of a video.

import { between, moveBy, nudgeEdge, snapped, withEdge } from "../../annotate/segments.js"

export class SegmentEditing {
  #work
  #part
  #grid
  #inPoint = null
  #nudges = 0
  #lastNudge = ""
  #changed

  constructor({ work, part, grid, changed }) {
    this.#work = work
    this.#part = part
    this.#grid = grid
    this.#changed = changed
  }

  /** The in point that waits for its out point, in seconds, or null. */
  get inPoint() {
    return this.#inPoint
  }

  get fields() {
    return this.#work.markFields(this.#part).filter((field) => field.kind === "segments")
  }

  /** The field that a new segment belongs to: the one in focus, else the first of this part. */
  get field() {
    return this.fields.find((field) => field.name === this.#work.activeField) ?? this.fields[0] ?? null
  }

  get mayMake() {
    return !this.#work.readOnly && this.field !== null
  }

  /** The selected segment of this part as {field, mark}, or null. */
  get selected() {
    const { selection } = this.#work
    if (selection === null || this.#work.fieldOf(selection.field).kind !== "segments") return null
    return this.#work.marksOn(this.#part).find(({ field, mark }) => field === selection.field && mark.id === selection.id) ?? null
  }

  markIn(moment) {
    if (!this.#require()) return
    this.#inPoint = moment
    this.#work.activatePart?.(this.#part)
    this.#work.activate(this.field.name)
    this.#work.select(null)
    this.#changed()
  }

  /** Ends the segment that was begun; with none begun, moves the selected segment's end here. */
  markOut(moment) {
    if (!this.#require()) return
    if (this.#inPoint !== null) {
      this.#finish(moment)
      return
    }
    const { selected } = this
    if (selected === null) this.#work.announce("Set the in point first (i).")
    else if (moment.end <= selected.mark.start) this.#work.announce("The end lies after the start.")
    else this.#change(selected, withEdge(selected.mark, "end", moment.end, this.#grid), "out")
  }

  cancel() {
    this.#inPoint = null
    this.#changed()
  }

  /** A segment between two moments in seconds, as drawn with the mouse. */
  add(one, other) {
    if (!this.#require()) return null
    const segment = between(one, other, this.#grid)
    if (segment === null) {
      this.#work.announce("A segment needs a start and an end apart from each other.")
      return null
    }
    const { name } = this.field
    const id = this.#work.addMark(name, { part: this.#part, ...segment })
    this.#work.select(name, id)
    return id
  }

  nudge(edge, steps) {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    const series = `${edge}-${selected.mark.id}`
    if (series !== this.#lastNudge) this.#nudges += 1
    this.#lastNudge = series
    this.#change(selected, nudgeEdge(selected.mark, edge, steps, this.#grid), `nudge-${this.#nudges}-${series}`)
  }

  /** The selected segment's edge put at a moment, or both of them. */
  put(edges, burst) {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    const ordered = Object.entries(edges).reduce((shape, [edge, at]) => withEdge(shape, edge, at, this.#grid), selected.mark)
    this.#change(selected, ordered, burst)
  }

  /** One step of a drag that began with the segment as `before`; an edge snaps to `points` within `reach` (seconds). */
  drag(before, { edge, by, burst, reach = 0, points = [] }) {
    if (this.#work.readOnly) return
    const held = { field: before.field, mark: before }
    const shape = edge === null ? moveBy(before, by, this.#grid) : withEdge(before, edge, snapped(before[edge] + by, points, reach), this.#grid)
    this.#change(held, shape, burst)
  }

  remove() {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    this.#work.removeMark(selected.field, selected.mark.id)
    this.#work.announce("Segment deleted. Ctrl+Z brings it back.")
  }

  setTranscript({ field, mark }, text) {
    // Words with times are those of the text as it came: once it is changed by hand they say something else.
    this.#work.changeMark(field, mark.id, { transcript: text === "" ? undefined : text, words: undefined }, { burst: `transcript-${mark.id}` })
  }

  #finish(moment) {
    const from = this.#inPoint
    this.#inPoint = null
    if (this.add(Math.min(from.start, moment.start), Math.max(from.end, moment.end)) === null) this.#inPoint = from
    this.#changed()
  }

  #change({ field, mark }, { start, end }, burst) {
    const words = mark.words?.filter((word) => word.start >= start && word.end <= end)
    this.#work.changeMark(field, mark.id, { start, end, ...(words && { words }) }, { burst })
  }

  #require() {
    if (this.#work.readOnly) this.#work.announce("This page only shows the task.")
    else if (this.field === null) this.#work.announce("No question asks for segments of this part.")
    return this.mayMake
  }
}

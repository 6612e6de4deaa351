// Making and changing box tracks of one part. Every change is made at the frame that is on the screen: it puts a keyframe
// there, and what lies between follows.

import * as tracks from "../../annotate/tracks.js"

export class TrackEditing {
  #work
  #part
  #now

  /** `now()`: the frame on the screen as {frame, time}, time in seconds. */
  constructor({ work, part, now }) {
    this.#work = work
    this.#part = part
    this.#now = now
  }

  get fields() {
    return this.#work.markFields(this.#part).filter((field) => field.kind === "tracks")
  }

  /** The field that a new track belongs to: the one in focus, else the first of this part. */
  get field() {
    return this.fields.find((field) => field.name === this.#work.activeField) ?? this.fields[0] ?? null
  }

  get mayMake() {
    return !this.#work.readOnly && this.field !== null
  }

  get selected() {
    const { selection } = this.#work
    if (selection === null || this.#work.fieldOf(selection.field).kind !== "tracks") return null
    return this.#all().find(({ field, mark }) => field === selection.field && mark.id === selection.id) ?? null
  }

  /** The boxes to draw now: [{field, mark, box, selected, isSuggestion, key}]; the selected one also beyond its ends, as a draft. */
  shown() {
    const { frame, time } = this.#now()
    const selected = this.selected?.mark.id
    const seen = this.#all().filter(({ mark }) => !this.#work.hiddenMarks.has(mark.id))
    const suggested = this.#work.suggestedOn(this.#part).filter(({ mark }) => mark.keyframes)
    return [...suggested, ...seen].flatMap(({ field, mark, isSuggestion = false, key }) => {
      const isSelected = mark.id === selected
      const box = isSelected ? tracks.draftAt(mark.keyframes, frame, time) : tracks.boxAt(mark.keyframes, frame, time)
      if (box === null || (box.outside && !isSelected)) return []
      return [{ field, mark, box, selected: isSelected, isSuggestion, key }]
    })
  }

  /** The box of the selected track at this frame, also where it has to be put there first. */
  get box() {
    const { frame, time } = this.#now()
    return this.selected === null ? null : tracks.draftAt(this.selected.mark.keyframes, frame, time)
  }

  add(box) {
    if (!this.mayMake) return null
    const { name } = this.field
    const keyframes = tracks.withKeyframe([], this.#now().frame, this.#now().time, box)
    const id = this.#work.addMark(name, { part: this.#part, keyframes })
    this.#work.select(name, id)
    return id
  }

  /** The selected track's box here, as drawn: it is in the picture. */
  put(box, { burst = null } = {}) {
    this.#keyframe({ ...this.box, ...box, outside: false }, burst)
  }

  addKeyframe() {
    if (this.box === null) return
    this.#keyframe(this.box)
    this.#work.announce(`Keyframe at frame ${this.#now().frame}.`)
  }

  toggle(state) {
    const { box } = this
    if (box === null) return
    this.#keyframe({ ...box, [state]: !box[state] })
    const words = { outside: ["It leaves the picture here.", "It is in the picture from here."], occluded: ["Hidden behind something from here.", "Seen again from here."] }
    this.#work.announce(words[state][box[state] ? 1 : 0])
  }

  removeKeyframe() {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    const { frame } = this.#now()
    const { keyframes } = selected.mark
    if (tracks.keyframeAt(keyframes, frame) === null) this.#work.announce("There is no keyframe at this frame.")
    else if (keyframes.length === 1) this.#work.announce("This is the track's only keyframe; Delete removes the track.")
    else this.#change(selected, tracks.withoutKeyframe(keyframes, frame))
  }

  /** The frame of the keyframe before (-1) or after (1) the one on the screen, or null. */
  keyframeBeside(way) {
    const { selected } = this
    if (selected === null) return null
    const find = way > 0 ? tracks.nextKeyframe : tracks.previousKeyframe
    return find(selected.mark.keyframes, this.#now().frame)?.frame ?? null
  }

  remove() {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    this.#work.removeMark(selected.field, selected.mark.id)
    this.#work.announce("Track deleted. Ctrl+Z brings it back.")
  }

  #all() {
    return this.#work.marksOn(this.#part).filter(({ mark }) => mark.keyframes)
  }

  #keyframe(box, burst = null) {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    const { frame, time } = this.#now()
    this.#change(selected, tracks.withKeyframe(selected.mark.keyframes, frame, time, box), burst)
  }

  #change({ field, mark }, keyframes, burst = null) {
    this.#work.changeMark(field, mark.id, { keyframes }, { burst })
  }
}

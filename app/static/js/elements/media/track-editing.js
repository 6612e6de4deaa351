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

  /** Turns the box here, clockwise by so many degrees. */
  turn(degrees) {
    const { box, selected } = this
    if (box === null || box.outside) return
    const rotation = (((box.rotation + degrees) % 360) + 360) % 360
    this.put({ ...box, rotation }, { burst: `turn-${selected.mark.id}-${this.#now().frame}` })
  }

  /** The box and the answers of here once more at a later frame. */
  copyTo(frame, time) {
    const { selected, box } = this
    if (selected === null || box === null || this.#work.readOnly) return false
    const { keyframes } = selected.mark
    const here = tracks.withKeyframe(keyframes, this.#now().frame, this.#now().time, box)
    this.#change(selected, tracks.withKeyframe(here, frame, time, box))
    this.#work.announce(`Copied to frame ${frame}.`)
    return true
  }

  /** Two tracks from here on. `before`: the frame before this one, and its time. */
  split(before) {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    const halves = tracks.split(selected.mark.keyframes, this.#now(), before)
    if (halves === null) {
      this.#work.announce("A track is split at a frame after its first and no later than its last keyframe.")
      return
    }
    const { id: _id, keyframes: _keyframes, source: _source, suggestion_id: _by, ...rest } = selected.mark
    this.#work.batch(() => {
      this.#change(selected, halves[0])
      const id = this.#work.addMark(selected.field, { ...rest, keyframes: halves[1] })
      this.#work.select(selected.field, id)
    })
    this.#work.announce("Split: the second track is selected.")
  }

  /** Takes the next track of the same choice, or else the one before, into the selected one. */
  merge() {
    const { selected } = this
    if (selected === null || this.#work.readOnly) return
    const other = this.#mergeable(selected)
    if (other === null) {
      this.#work.announce("There is no other track of this choice before or after this one.")
      return
    }
    this.#work.batch(() => {
      this.#work.removeMark(other.field, other.mark.id)
      this.#change(selected, tracks.merged(selected.mark.keyframes, other.mark.keyframes))
    })
    this.#work.announce("Merged with the nearest track of this choice. Ctrl+Z takes it back.")
  }

  #mergeable({ field, mark }) {
    const end = mark.keyframes.at(-1).frame
    const others = this.#all().filter((one) => one.field === field && one.mark.id !== mark.id && one.mark.choice === mark.choice)
    const apart = others.filter((one) => tracks.merged(mark.keyframes, one.mark.keyframes) !== null)
    const after = apart.filter((one) => one.mark.keyframes[0].frame > end)
    const distance = (one) => Math.min(Math.abs(one.mark.keyframes[0].frame - end), Math.abs(mark.keyframes[0].frame - one.mark.keyframes.at(-1).frame))
    return (after.length > 0 ? after : apart).sort((one, two) => distance(one) - distance(two))[0] ?? null
  }

  /** The choice, and what is answered over time at the frame on the screen. */
  titleOf(field, mark) {
    const asked = this.#work.fieldOf(field)
    const title = this.#work.title(this.#work.choiceOf(field, mark.choice) ?? asked)
    const changing = (asked.fields ?? []).filter(({ changes }) => changes)
    if (changing.length === 0) return title
    const given = tracks.fieldsAt(mark.keyframes, this.#now().frame)
    const words = changing.map((own) => this.#wordsOf(own, given[own.name])).filter(Boolean)
    return [title, ...words].join(" · ")
  }

  #wordsOf(own, value) {
    const titled = (one) => this.#work.title(own.choices?.find((choice) => choice.value === one)) || String(one)
    return value === undefined ? "" : [value].flat().map(titled).join(", ")
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

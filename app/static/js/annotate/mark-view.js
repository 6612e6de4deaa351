// How marks are looked at while one works: some locked against changes, some hidden. It is no part of the answers: it is
// not sent, not undone, and gone with the task. Lists and canvases show it on the event "view" {id}.

import { Focus } from "./focus.js"

export class MarkView extends Focus {
  lockedMarks = new Set() // ids
  hiddenMarks = new Set()
  #tieFrom = null

  /** The id of the mark that a relation is being drawn from, or null; told of by "tie". */
  get tieFrom() {
    return this.#tieFrom
  }

  set tieFrom(id) {
    if (id === this.#tieFrom) return
    this.#tieFrom = id
    this.tell("tie", id)
  }

  #moments = new Map() // part -> {frame, time}: what of a video is on the screen, proven; answers over time are given there

  momentOn(part) {
    return this.#moments.get(part) ?? null
  }

  setMoment(part, moment) {
    this.#moments.set(part, moment)
    this.tell("moment", { part })
  }

  lock(id, on = !this.lockedMarks.has(id)) {
    this.#put(this.lockedMarks, id, on)
  }

  hide(id, on = !this.hiddenMarks.has(id)) {
    this.#put(this.hiddenMarks, id, on)
  }

  #put(marks, id, on) {
    if (marks.has(id) === on) return
    if (on) marks.add(id)
    else marks.delete(id)
    this.tell("view", { id })
  }

  /** Says why where a mark may not be changed. */
  refusesChange(id) {
    const locked = this.lockedMarks.has(id)
    if (locked) this.announce("This mark is locked. Unlock it to change it.")
    return locked
  }
}

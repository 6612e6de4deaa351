// The points of a template, one after the other in its order; the name of the next stands beside the pointer. A point can be
// skipped, or set as one that is hidden behind something. Without a template the points are numbered and Shift+Enter ends.

import { keypoints, templateOf, titleOfPoint } from "../../../annotate/shapes/keypoints.js"
import { OCCLUDED, SEEN, UNLABELLED } from "../../../annotate/shapes/visibility.js"
import { Tool } from "./tool.js"

export class KeypointsTool extends Tool {
  static act = "keypoints"
  static kinds = ["keypoints"]
  static isDefaultFor = "keypoints"
  #points = []
  #aim = null
  #isOccluded = false
  #choice

  /** The choice that the mark gets: the active one, as long as it has the template that was begun with. */
  get #choiceNow() {
    const field = this.desk.fieldFor(this)
    const active = field && this.desk.work.activeChoice(field.name)
    const begun = this.#points.length > 0 && templateOf(field, active) !== templateOf(field, this.#choice)
    return begun ? this.#choice : active
  }

  get #template() {
    return templateOf(this.desk.fieldFor(this), this.#choiceNow)
  }

  get #nextName() {
    return this.#template ? (this.#template.points[this.#points.length] ?? null) : `point_${this.#points.length + 1}`
  }

  get #nextTitle() {
    return titleOfPoint(this.#template, this.#nextName, (thing) => this.desk.work.title(thing))
  }

  get #placed() {
    return this.#points.filter(({ visibility }) => visibility !== UNLABELLED)
  }

  get draft() {
    if (this.#points.length === 0 && !this.#aim) return null
    const mark = this.#mark()
    const all = this.#template?.points.length
    const say = `${this.#nextTitle}${this.#isOccluded ? ", occluded" : ""}${all ? ` (${this.#points.length + 1} of ${all})` : ""}`
    return {
      idle: this.#points.length === 0,
      outline: keypoints.outline(mark, this.desk.fieldFor(this)),
      dots: keypoints.dots(mark),
      brief: `next ${this.#nextTitle}`,
      say,
      at: this.#aim,
    }
  }

  get steps() {
    return { finish: this.#placed.length > 0, takeBack: this.#points.length > 0, skip: true, occlude: this.#isOccluded }
  }

  #mark() {
    const named = Object.fromEntries(this.#points.map(({ name, x, y, visibility }) => [name, [x, y, visibility]]))
    return { points: named, choice: this.#choiceNow }
  }

  begin() {
    return {
      move: (at, press) => this.hover(at, press),
      end: (at, press) => this.#set(at, press),
      cancel: () => this.cancel(),
      forget: () => this.desk.drawing(),
      click: (at, press) => this.#set(at, press),
    }
  }

  hover(at, press) {
    this.#aimAt(this.desk.place(at, press))
  }

  aim(at) {
    this.#aimAt(at)
  }

  leave() {
    this.#aimAt(null)
  }

  #aimAt(point) {
    this.#aim = point
    this.desk.drawing()
  }

  enter(at) {
    this.#set(at, {})
  }

  #set(at, press) {
    const point = this.desk.place(at, press)
    this.#aim = point
    this.#put({ ...point, visibility: this.#isOccluded ? OCCLUDED : SEEN })
  }

  /** Leaves the next point unlabelled. */
  skip() {
    this.#put({ x: 0, y: 0, visibility: UNLABELLED })
  }

  /** The next point is there, but hidden behind something. */
  occlude() {
    this.#isOccluded = !this.#isOccluded
    this.desk.say(`${this.#nextTitle} will be ${this.#isOccluded ? "occluded" : "seen"}`)
    this.desk.drawing()
  }

  #put(point) {
    const { desk } = this
    if (this.#points.length === 0) {
      desk.select(null)
      this.#choice = this.#choiceNow
    }
    this.#points.push({ name: this.#nextName, ...point })
    this.#isOccluded = false
    if (this.#nextName === null) return void this.finish()
    desk.say(`Next: ${this.#nextTitle}`)
    desk.drawing()
  }

  finish() {
    if (this.#points.length === 0) return null
    if (this.#placed.length === 0) {
      this.desk.say("None of the points was placed, so nothing is marked.")
      this.cancel()
      return null
    }
    const { choice, points } = this.#mark()
    const rest = (this.#template?.points ?? []).slice(this.#points.length).map((name) => [name, [0, 0, UNLABELLED]])
    this.#points = []
    this.#aim = null
    return this.desk.add({ ...(choice === undefined ? {} : { choice }), points: { ...points, ...Object.fromEntries(rest) } })
  }

  takeBack() {
    if (this.#points.length === 0) return false
    this.#points.pop()
    this.desk.say(`Point taken back. Next: ${this.#nextTitle}`)
    this.desk.drawing()
    return true
  }

  cancel() {
    const had = this.#points.length > 0
    this.#points = []
    this.#isOccluded = false
    if (had) this.desk.drawing()
    return had
  }
}

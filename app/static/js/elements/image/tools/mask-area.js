// Fills or cuts whole areas of a mask: along an outline that is drawn in one go, or point by point like a polygon. Filling
// a hole takes a click, or Enter, inside it.

import { distance, pathThrough } from "../../../annotate/shapes/points.js"
import { Tool } from "./tool.js"

const CLOSE = 9 // screen pixels about the first or last point that mean it
const APART = 2 // screen pixels between the points of an outline drawn in one go
const LEAST = 3

export class FillTool extends Tool {
  static act = "mask-fill"
  static kinds = ["masks"]
  deed = "fill"
  does = "fills the outline"
  #points = []
  #aim = null

  keeps(item) {
    return item?.kind === "masks"
  }

  get draft() {
    if (this.#points.length === 0) return null
    const count = this.#points.length
    return {
      outline: pathThrough([...this.#points, this.#aim ?? this.#points[0]], true),
      dots: this.#points.length < 40 ? this.#points.map((point, at) => ({ ...point, hollow: at === 0 && count >= LEAST })) : [],
      brief: `${count} point${count === 1 ? "" : "s"}`,
    }
  }

  get steps() {
    return { finish: this.#points.length >= LEAST, takeBack: this.#points.length > 0 }
  }

  begin(at, press) {
    const isGoing = this.#points.length > 0
    if (isGoing) return { move: (to) => this.hover(to), end: (to) => this.#set(to, press), click: (to, now) => this.#set(to, now), cancel: () => this.cancel(), forget: () => this.desk.drawing() }
    return {
      trails: true,
      move: (to, now) => {
        if (this.#points.length === 0) this.#points.push(this.desk.place(at))
        for (const point of [...(now?.trail ?? []), to]) this.#follow(point)
      },
      end: () => this.finish(),
      click: (to, now) => this.#hole(to) || this.#set(to, now),
      cancel: () => this.cancel(),
    }
  }

  #follow(to) {
    const point = this.desk.place(to)
    if (distance(point, this.#points.at(-1)) >= Math.max(this.desk.reach(APART), 1)) this.#points.push(point)
    this.#aim = point
    this.desk.drawing()
  }

  hover(at) {
    if (this.#points.length === 0) return
    this.#aim = this.desk.place(at)
    this.desk.drawing()
  }

  aim(at) {
    this.hover(at)
  }

  enter(at) {
    if (this.#points.length === 0 && this.#hole(at)) return
    const before = this.#points.length
    this.#set(at, {}, 0)
    if (this.#points.length > before) {
      const enough = this.#points.length >= LEAST ? ` Shift+Enter, or Enter on the first point, ${this.does}.` : ""
      this.desk.say(`Point ${this.#points.length} at ${at.x}, ${at.y}.${enough}`)
    }
  }

  /** Whether the place lies in a hole of the selected mask, which then is filled. */
  #hole(at) {
    const { masks } = this.desk
    return this.deed === "fill" && masks.hasHole(at) && masks.do({ act: "hole", at })
  }

  #set(at, press, reach = CLOSE) {
    const point = this.desk.place(at)
    const near = this.desk.reach(reach)
    const last = this.#points.at(-1)
    if (last && press?.detail > 1 && distance(point, last) <= near) return this.finish()
    if (this.#points.length >= LEAST && distance(point, this.#points[0]) <= near) return this.finish()
    this.#points.push(point)
    this.#aim = point
    this.desk.drawing()
  }

  finish() {
    const points = this.#points
    if (points.length === 0) return
    if (points.length < LEAST) return void this.desk.say("An outline needs at least 3 points.")
    this.#points = []
    this.desk.masks.do({ act: this.deed, points })
    this.desk.drawing()
  }

  takeBack() {
    if (this.#points.length === 0) return false
    this.#points.pop()
    this.desk.drawing()
    this.desk.say(`Point taken back, ${this.#points.length} left.`)
    return true
  }

  cancel() {
    this.desk.masks.startAnew()
    if (this.#points.length === 0) return false
    this.#points = []
    this.desk.drawing()
    return true
  }
}

export class CutTool extends FillTool {
  static act = "mask-cut"
  deed = "cut"
  does = "cuts the outline out"

  get beginsMarks() {
    return false
  }
}

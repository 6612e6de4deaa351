// A shape by its points, one after the other: what the polygon and the polyline tool share. A click or Enter sets a point;
// a second press on the last one, or Shift+Enter, makes the mark; Backspace takes the last point back.

import { distance, isApart, pathThrough } from "../../../annotate/shapes/points.js"
import { SHAPES } from "../../../annotate/shapes/registry.js"
import { Tool } from "./tool.js"

const CLOSE = 9 // screen pixels about the first or last point that mean it

export class LineTool extends Tool {
  static isClosed = false
  #points = []
  #aim = null

  get shape() {
    return SHAPES[this.kinds[0]]
  }

  get #least() {
    return this.shape.least(this.desk.fieldFor(this))
  }

  get draft() {
    if (this.#points.length === 0) return null
    const count = this.#points.length
    const isClosing = this.#isOnFirst(this.#aim, this.desk.reach(CLOSE))
    const through = isClosing ? this.#points : [...this.#points, this.#aim]
    return {
      outline: pathThrough(through, isClosing || this.constructor.isClosed),
      dots: this.#points.map((point, at) => ({ ...point, hollow: at === 0 && isClosing })),
      brief: `${count} point${count === 1 ? "" : "s"}`,
    }
  }

  get steps() {
    return { finish: isApart(this.#points, this.#least), takeBack: this.#points.length > 0 }
  }

  #isOnFirst(point, reach) {
    return this.constructor.isClosed && this.#points.length >= this.#least && distance(point, this.#points[0]) <= reach
  }

  begin() {
    return {
      move: (at, press) => this.hover(at, press),
      end: (at, press) => this.#set(at, press, CLOSE),
      cancel: () => this.cancel(),
      forget: () => this.desk.drawing(),
      click: (at, press) => this.#set(at, press, CLOSE),
    }
  }

  hover(at, press) {
    this.#aimAt(this.desk.place(at, press))
  }

  aim(at) {
    this.#aimAt(at)
  }

  #aimAt(point) {
    if (this.#points.length === 0) return
    this.#aim = point
    this.desk.drawing()
  }

  enter(at) {
    const before = this.#points.length
    const made = this.#set(at, {}, 0)
    if (made || this.#points.length === before) return
    const enough = this.#points.length >= this.#least
    const end = this.constructor.isClosed ? "on the first or last point" : "on the last point"
    this.desk.say(`Point ${this.#points.length} at ${at.x}, ${at.y}.${enough ? ` Enter ${end}, or Shift+Enter, makes the ${this.shape.noun}.` : ""}`)
  }

  #set(at, press, reach) {
    const { desk } = this
    const point = desk.place(at, press)
    const last = this.#points.at(-1)
    const near = desk.reach(reach)
    if (this.#isOnFirst(point, near)) return this.finish()
    if (last && distance(point, last) <= (press.detail > 1 || reach === 0 ? near : 0)) return this.finish()
    const most = desk.fieldFor(this)?.max_points ?? Infinity
    if (this.#points.length >= most) return this.finish()
    if (!last) desk.select(null)
    this.#points.push(point)
    this.#aim = point
    if (this.#points.length >= most) return this.finish()
    desk.drawing()
    return null
  }

  finish() {
    if (this.#points.length === 0) return null
    if (!isApart(this.#points, this.#least)) {
      this.desk.say(`A ${this.shape.noun} needs at least ${this.#least} points that lie apart.`)
      return null
    }
    const points = this.#points.map(({ x, y }) => [x, y])
    this.#points = []
    return this.desk.add({ points })
  }

  takeBack() {
    if (this.#points.length === 0) return false
    this.#points.pop()
    this.desk.drawing()
    this.desk.say(`Point taken back, ${this.#points.length} left.`)
    return true
  }

  cancel() {
    if (this.#points.length === 0) return false
    this.#points = []
    this.desk.drawing()
    return true
  }
}

// A turned box by three points: one side from the first to the second, the third says how deep it is. Dragged, it begins
// upright and is turned by its handle or by keys.

import { boxBetween, boxOfThree } from "../../../annotate/boxes.js"
import * as boxes from "../../../annotate/shapes/boxes.js"
import { distance } from "../../../annotate/shapes/points.js"
import { Tool } from "./tool.js"

const SAY = ["", "Now the other end of this side. Arrows move, Enter sets it.", "Now how deep the box is. Enter sets it."]

export class RotatedBoxTool extends Tool {
  static act = "rotated-box"
  static kinds = ["boxes"]
  #points = []
  #aim = null
  #dragged = null // an upright box while it is dragged

  get draft() {
    if (this.#dragged) return { outline: boxes.outline(this.#dragged), brief: boxes.brief(this.#dragged) }
    if (this.#points.length === 0) return null
    const dots = [...this.#points]
    const box = this.#box()
    if (box) return { outline: boxes.outline(box), brief: boxes.brief(box), dots }
    const [from] = dots
    return { outline: `M${from.x} ${from.y}L${this.#aim.x} ${this.#aim.y}`, dots, brief: `${Math.round(distance(from, this.#aim))} long` }
  }

  get steps() {
    return { takeBack: this.#points.length > 0 }
  }

  #box() {
    const [from, to] = this.#points
    return to ? boxOfThree(from, to, this.#aim, this.desk.size) : null
  }

  begin(at, press) {
    const from = this.desk.place(at, press)
    return {
      move: (to, now) => this.#points.length === 0 ? this.#drag(from, this.desk.place(to, now)) : this.#aimAt(to, now),
      end: (to, now) => this.#dragged ? this.#make(this.#dragged) : this.#set(to, now),
      cancel: () => this.cancel(),
      forget: () => this.#points.length === 0 && this.cancel(),
      click: (place, now) => this.#set(place, now),
    }
  }

  #drag(from, to) {
    this.#dragged = boxBetween(from, to, this.desk.size)
    this.desk.drawing()
  }

  hover(at, press) {
    this.#aimAt(at, press)
  }

  aim(at) {
    this.#aimAt(at)
  }

  enter(at) {
    const made = this.#set(at)
    if (made) return
    if (this.#points.length === 2 && !this.#box() && this.#aim && distance(this.#aim, this.#points[1]) > 0) {
      this.desk.say("The box has no area yet. Move the crosshair with the arrows.")
    } else this.desk.say(SAY[this.#points.length])
  }

  takeBack() {
    if (this.#points.length === 0) return false
    this.#points.pop()
    this.desk.drawing()
    return true
  }

  cancel() {
    if (this.#points.length === 0 && !this.#dragged) return false
    this.#points = []
    this.#dragged = null
    this.desk.drawing()
    return true
  }

  #aimAt(at, press) {
    if (this.#points.length === 0) return
    this.#aim = this.desk.place(at, press)
    this.desk.drawing()
  }

  #set(at, press) {
    const point = this.desk.place(at, press)
    if (this.#points.length === 0) this.desk.select(null)
    this.#aim = point
    if (this.#points.length === 2) {
      const box = this.#box()
      return box ? this.#make(box) : null
    }
    if (this.#points.length === 0 || distance(point, this.#points[0]) >= 1) this.#points.push(point)
    this.desk.drawing()
    return null
  }

  #make(box) {
    this.#points = []
    this.#dragged = null
    return this.desk.add(box)
  }
}

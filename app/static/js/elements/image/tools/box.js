// An upright box: dragged, or from corner to corner by two clicks or by Enter twice.

import { boxBetween } from "../../../annotate/boxes.js"
import * as boxes from "../../../annotate/shapes/boxes.js"
import { Tool } from "./tool.js"

export class BoxTool extends Tool {
  static act = "box"
  static kinds = ["boxes"]
  static isDefaultFor = "boxes"
  #from = null
  #to = null

  /** What is drawn of a box, and what becomes of it: other tools that go from corner to corner say otherwise. */
  outlineOf(box) {
    return boxes.outline(box)
  }

  geometryOf(box) {
    return box
  }

  get noun() {
    return "box"
  }

  get draft() {
    if (!this.#from) return null
    const box = boxBetween(this.#from, this.#to, this.desk.size)
    const shown = box ?? { ...this.#from, width: this.#to.x - this.#from.x, height: this.#to.y - this.#from.y }
    return { outline: box ? this.outlineOf(box) : boxes.outline(shown), brief: boxes.brief(shown) }
  }

  begin(at, press) {
    const anchored = this.#from !== null
    let from = at
    return {
      move: (to, now) => {
        if (from) this.#begin(from, press)
        from = null
        this.#stretch(to, now)
      },
      end: () => this.#commit() ?? this.cancel(),
      cancel: () => this.cancel(),
      forget: () => anchored || this.cancel(),
      click: (place, now) => {
        if (!anchored) return this.#click(place, now)
        this.#stretch(place, now)
        return this.#commit() ?? this.cancel()
      },
    }
  }

  // A click puts down a corner, the next one the corner opposite: nobody has to drag.
  #click(at, press) {
    const under = this.desk.itemAt(at)
    if (under) this.desk.take(under)
    else this.#begin(at, press)
  }

  hover(at, press) {
    this.#stretch(at, press)
  }

  aim(at) {
    this.#stretch(at)
  }

  enter(at) {
    const { desk } = this
    if (!this.#from) {
      this.#begin(at)
      desk.say(`First corner at ${at.x}, ${at.y}. Arrows stretch, Enter sets the ${this.noun}, Escape gives it up.`)
      return
    }
    this.#stretch(at)
    if (!this.#commit()) desk.say(`The ${this.noun} has no area yet. Move the crosshair with the arrows.`)
  }

  takeBack() {
    return this.cancel()
  }

  cancel() {
    if (!this.#from) return false
    this.#from = null
    this.desk.drawing()
    return true
  }

  #begin(at, press) {
    if (!this.desk.canDraw) return
    this.desk.select(null)
    this.#from = this.desk.place(at, press)
    this.#to = this.#from
    this.desk.drawing()
  }

  #stretch(at, press) {
    if (!this.#from) return
    this.#to = this.desk.place(at, press)
    this.desk.drawing()
  }

  #commit() {
    const box = this.#from && boxBetween(this.#from, this.#to, this.desk.size)
    if (!box) return null
    this.#from = null
    return this.desk.add(this.geometryOf(box))
  }
}

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

  get draft() {
    if (!this.#from) return null
    const box = boxBetween(this.#from, this.#to, this.desk.size) ?? flat(this.#from, this.#to)
    return { outline: boxes.outline(box), brief: boxes.brief(box) }
  }

  begin(at) {
    const anchored = this.#from !== null
    let from = at
    return {
      move: (to, press) => {
        if (from) this.#begin(from)
        from = null
        this.#stretch(to, press)
      },
      end: () => this.#commit() ?? this.cancel(),
      cancel: () => this.cancel(),
      click: (place, press) => {
        if (!anchored) return this.#click(place, press)
        this.#stretch(place, press)
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
      desk.say(`First corner at ${at.x}, ${at.y}. Arrows stretch, Enter sets the box, Escape gives it up.`)
    } else if (!this.#commit()) desk.say("The box has no area yet. Move the crosshair with the arrows.")
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
    return this.desk.add(box)
  }
}

const flat = (from, to) => ({
  x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y),
})

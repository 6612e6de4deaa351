// Paints and erases masks. A press paints until it is let go; by keyboard, Enter puts the brush down and lifts it again, and
// the crosshair paints on its way. On the selected mask, else a new one.

import { Tool } from "./tool.js"

export class BrushTool extends Tool {
  static act = "brush"
  static kinds = ["masks"]
  static isDefaultFor = "masks"
  deed = "brush"
  hasBrush = true

  /** A mask that is selected is painted on. */
  keeps(item) {
    return item?.kind === "masks"
  }

  get #studio() {
    return this.desk.masks
  }

  begin(at) {
    this.#studio.at = at
    if (!this.#studio.begin(this.deed, at)) return { click: () => {} }
    const go = (to, press) => {
      for (const point of press?.trail ?? []) this.#studio.go(point)
      this.#studio.go(to)
      this.#studio.at = to
    }
    return {
      trails: true,
      move: go,
      end: (to, press) => {
        go(to, press)
        this.#studio.end()
      },
      click: () => this.#studio.end(),
      cancel: () => this.#studio.cancel(),
    }
  }

  hover(at) {
    this.#studio.at = at
  }

  aim(at) {
    this.#studio.at = at
    if (this.#studio.isPainting) this.#studio.go(at)
  }

  enter(at) {
    if (this.#studio.isPainting) return this.#studio.end()
    if (!this.#studio.begin(this.deed, at)) return
    this.aim(at)
    this.desk.say("The brush is down. Arrows paint, Enter lifts it, Escape gives the stroke up.")
  }

  cancel() {
    this.#studio.startAnew()
    return this.#studio.cancel()
  }
}

export class EraserTool extends BrushTool {
  static act = "eraser"
  static isDefaultFor = null
  deed = "erase"

  get beginsMarks() {
    return false
  }
}

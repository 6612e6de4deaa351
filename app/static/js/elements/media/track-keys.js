// Boxes by keys alone, while the picture has the focus: `n` brings a crosshair, arrows move it, Enter sets one corner and
// then the other; with a track selected, arrows move its box and Alt+arrows its lower right corner.

import { arrowStep, boxBetween, clampPoint, nudge } from "../../annotate/boxes.js"

export class TrackKeys {
  #size
  #tracks
  #overlay
  #asks // {settled(act)}: act(frame) once the frame on the screen is proven
  #caret = null
  #last = null

  constructor({ size, tracks, overlay, asks }) {
    this.#size = size
    this.#tracks = tracks
    this.#overlay = overlay
    this.#asks = asks
  }

  get isDrawing() {
    return this.#caret !== null
  }

  get hasCorner() {
    return this.#caret?.from !== undefined
  }

  startDrawing() {
    const { width, height } = this.#size
    this.#show(this.#last ?? { x: Math.round(width / 2), y: Math.round(height / 2) })
  }

  stopDrawing() {
    this.#show(null)
  }

  /** Takes a key pressed on the picture; false where it means nothing here. */
  take(event) {
    if (this.isDrawing) return this.#draw(event)
    const { box } = this.#tracks
    if (box === null || box.outside || !arrowStep(event)) return false
    this.#asks.settled((frame) => {
      const { box: now, selected } = this.#tracks
      if (now !== null) this.#tracks.put(nudge(now, event, this.#size), { burst: `keys-${selected.mark.id}-${frame}` })
    })
    return true
  }

  #draw(event) {
    const step = arrowStep(event)
    if (step !== null) {
      const { x, y, ...rest } = this.#caret
      this.#show({ ...rest, ...clampPoint({ x: x + step.dx, y: y + step.dy }, this.#size) })
    } else if (event.key === "Enter") this.#setCorner()
    else if (event.key === "Escape") this.#goBack()
    else return false
    return true
  }

  #setCorner() {
    const { x, y, from } = this.#caret
    if (from === undefined) {
      this.#show({ x, y, from: { x, y } })
      return
    }
    const box = boxBetween(from, { x, y }, this.#size)
    if (box === null) return
    this.#last = { x, y }
    this.#show(null)
    this.#asks.settled(() => this.#tracks.add(box))
  }

  #goBack() {
    const { x, y, from } = this.#caret
    this.#show(from === undefined ? null : { x, y })
  }

  #show(caret) {
    this.#caret = caret
    this.#overlay.setCaret(caret)
  }
}

// The keys of the picture itself: those that are not buttons. What they do depends on where the focus is: on a mark, they
// act on it; on the picture, they move the crosshair (box tool) or the picture.

import { arrowStep, nudge } from "../../annotate/boxes.js"

const PAN = 60

export class Keyboard {
  #crosshair = null
  #isSpaceDown = false

  constructor(host, { stage, desk, overlay, pointer, signal, onPoint }) {
    Object.assign(this, { host, stage, desk, overlay, pointer, onPoint })
    const on = (name, listener) => host.addEventListener(name, listener, { signal })
    on("keydown", (event) => this.#down(event))
    on("keyup", (event) => event.key === " " && this.#letGo())
    on("blur", () => this.#letGo())
    on("pointermove", () => this.hideCrosshair())
    on("focusin", (event) => event.target !== host && this.hideCrosshair())
    on("focusout", () => this.hideCrosshair())
  }

  get isSpaceDown() {
    return this.#isSpaceDown
  }

  /** Puts the focus on the picture, ready to draw another box. */
  ready() {
    this.host.focus({ preventScroll: true })
    if (this.desk.tool === "box") this.#crosshairTo(this.#crosshair ?? this.stage.middle())
  }

  /** The crosshair again where it was, after the view has changed. */
  redraw() {
    if (this.isCrosshairShown) this.overlay.caret(this.stage.toScreen(this.#crosshair), this.stage.screen)
  }

  hideCrosshair() {
    if (!this.isCrosshairShown) return
    this.isCrosshairShown = false
    this.overlay.caret(null)
  }

  #down(event) {
    if (event.isComposing) return
    const handled = this.#handle(event)
    if (handled) event.preventDefault()
  }

  #handle(event) {
    const { key } = event
    if (key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) return this.#tab(event.shiftKey ? -1 : 1)
    if (key === "Escape") return this.#leave()
    if (key === " " && !event.ctrlKey && !event.altKey && !event.metaKey) return this.#hold()
    if (arrowStep(event)) return this.#arrow(event)
    if (key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat) return this.#enter()
    return false
  }

  #tab(way) {
    const next = this.desk.neighbour(way)
    this.desk.cancel()
    if (next) {
      this.desk.select(next)
      this.stage.reveal(next.mark)
      this.overlay.focus(next.mark.id)
      return true
    }
    if (way < 0 && this.#focusedItem()) {
      this.desk.select(null)
      this.host.focus({ preventScroll: true })
      return true
    }
    return false // at the end Tab goes on to what follows the picture
  }

  #leave() {
    if (this.pointer.cancel()) return true
    if (this.desk.draft) this.desk.cancel()
    else if (this.desk.tool === "box" && !this.#focusedItem()) this.desk.tool = "select"
    else if (this.desk.selected) {
      this.desk.select(null)
      this.host.focus({ preventScroll: true })
    } else document.activeElement.blur()
    this.hideCrosshair()
    return true
  }

  #hold() {
    this.#isSpaceDown = true
    this.pointer.refreshCursor()
    return true
  }

  #letGo() {
    this.#isSpaceDown = false
    this.pointer.refreshCursor()
  }

  #arrow(event) {
    const item = this.#focusedItem() ?? (this.desk.tool === "select" ? this.desk.selected : null)
    const step = arrowStep(event)
    if (item) {
      const box = nudge(item.mark, event, this.desk.size)
      this.desk.nudge(item, box, event.timeStamp)
      this.stage.reveal(box)
      return true
    }
    if (event.altKey) return false
    if (this.desk.tool === "box") {
      const from = this.#crosshair ?? this.stage.middle()
      this.#crosshairTo({ x: from.x + step.dx, y: from.y + step.dy })
      return true
    }
    const far = Math.abs(step.dx + step.dy) > 1 ? 4 : 1
    this.stage.pan(-Math.sign(step.dx) * PAN * far, -Math.sign(step.dy) * PAN * far)
    return true
  }

  #crosshairTo(point) {
    this.#crosshair = this.desk.inside(point)
    this.desk.stretch(this.#crosshair)
    this.stage.reveal({ ...this.#crosshair, width: 0, height: 0 })
    this.isCrosshairShown = true
    this.redraw()
    this.onPoint(this.#crosshair)
  }

  #enter() {
    if (this.desk.tool !== "box" || this.#focusedItem()) return false
    if (!this.desk.draft) {
      const at = this.#crosshair ?? this.stage.middle()
      this.desk.begin(at)
      this.#crosshairTo(at)
      this.desk.work.announce(`First corner at ${at.x}, ${at.y}. Arrows stretch, Enter sets the box, Escape gives it up.`)
      return true
    }
    const id = this.desk.commit()
    if (id) this.overlay.focus(id)
    else this.desk.work.announce("The box has no area yet. Move the crosshair with the arrows.")
    return true
  }

  #focusedItem() {
    const id = document.activeElement?.dataset?.mark
    return id ? (this.desk.items.find(({ mark }) => mark.id === id) ?? null) : null
  }
}

// The keys of the picture itself: those that are not buttons. What they do depends on where the focus is: on a mark, they
// act on it; on the picture, they move the crosshair (tools that draw) or the picture.

import { arrowStep } from "../../annotate/boxes.js"
import { boundsOf } from "../../annotate/shapes/registry.js"
import { pressPointKey } from "./point-keys.js"

const PAN = 60

export class Keyboard {
  #crosshair = null
  #isSpaceDown = false

  isCrosshairShown = false

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

  /** Puts the focus on the picture, ready to draw another mark. */
  ready() {
    this.host.focus({ preventScroll: true })
    if (this.desk.tool.makes) this.#crosshairTo(this.#crosshair ?? this.stage.middle())
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
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey
    if (this.desk.points.name !== null && this.#focusedItem() && pressPointKey(event, this)) return true
    if (key === "Tab" && plain) return this.#tab(event.shiftKey ? -1 : 1)
    if (key === "Escape") return this.#leave()
    if (key === " " && plain) return this.#hold()
    if (arrowStep(event)) return this.#arrow(event)
    if (key === "Enter" && plain && !event.shiftKey) return !event.repeat && this.#enter()
    if (key === "Backspace" && plain && this.desk.isDrawing) return this.desk.tool.takeBack()
    return this.desk.tool.key(event, this.#aim)
  }

  get #aim() {
    return this.#crosshair ?? this.stage.middle()
  }

  #tab(way) {
    const next = (this.#focusedItem() ? null : this.desk.selected) ?? this.desk.neighbour(way)
    this.desk.cancel()
    if (next) {
      this.stage.reveal(boundsOf(next))
      this.desk.take(next)
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
    const { desk } = this
    if (this.pointer.cancel() || desk.points.end() || desk.cancel()) return true
    if (desk.tool.makes && !this.#focusedItem()) desk.takeUp("select")
    else if (desk.selected) {
      desk.select(null)
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
    const { desk } = this
    const item = this.#focusedItem() ?? this.#unfocused
    const step = arrowStep(event)
    if (item) {
      const geometry = desk.marking.nudge(item, event)
      if (geometry) this.stage.reveal(desk.shapeOf(item).bounds({ ...item.mark, ...geometry }))
      return true
    }
    if (event.altKey) return false
    if (desk.tool.makes) {
      this.#crosshairTo({ x: this.#aim.x + step.dx, y: this.#aim.y + step.dy })
      return true
    }
    const far = Math.abs(step.dx + step.dy) > 1 ? 4 : 1
    this.stage.pan(-Math.sign(step.dx) * PAN * far, -Math.sign(step.dy) * PAN * far)
    return true
  }

  #crosshairTo(point) {
    this.#crosshair = this.desk.inside(point)
    this.desk.tool.aim(this.#crosshair)
    this.stage.reveal({ ...this.#crosshair, width: 0, height: 0 })
    this.isCrosshairShown = true
    this.redraw()
    this.onPoint(this.#crosshair)
  }

  #enter() {
    const { tool, points } = this.desk
    if (this.#unfocused) this.desk.take(this.#unfocused)
    if (this.#focusedItem()) return points.begin()
    if (!tool.makes) return false
    const at = this.#aim
    tool.enter(at)
    if (this.desk.isDrawing) this.#crosshairTo(at)
    return true
  }

  /** The mark that was selected elsewhere, in the list say, while the focus is on the picture and no tool draws. */
  get #unfocused() {
    const { desk } = this
    return desk.tool.makes || this.#focusedItem() ? null : desk.selected
  }

  #focusedItem() {
    const id = document.activeElement?.dataset?.mark
    return id ? (this.desk.items.find(({ mark }) => mark.id === id) ?? null) : null
  }
}

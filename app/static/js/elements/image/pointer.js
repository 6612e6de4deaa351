// Mouse, pen and finger over a picture: each press becomes one gesture {move, end, cancel, click}, of the tool in hand or of
// the handle under the pointer. A second finger makes it a pinch.

import { Pinch } from "./pinch.js"
import { dragging, pressing } from "./tools/changing.js"

const DRAG_FROM = 3 // screen pixels: less is a click
const REACH = { mouse: 12, pen: 12, touch: 18 } // targets of 24 pixels and more
const SMALL = 44 // screen pixels: a smaller mark is moved, not resized, by its inside

export class Pointer {
  #gesture = null
  #pinch
  #frame = 0
  #latest = null
  #trail = [] // where the pointer has been since the last move was told, for gestures with `trails`

  constructor(host, { stage, desk, overlay, signal, onPoint, isPanKeyDown }) {
    Object.assign(this, { host, stage, desk, overlay, onPoint, isPanKeyDown })
    this.#pinch = new Pinch(stage)
    const on = (name, listener) => host.addEventListener(name, listener, { signal })
    on("pointerdown", (event) => this.#down(event))
    on("pointermove", (event) => this.#move(event))
    on("pointerup", (event) => this.#up(event))
    on("pointercancel", (event) => this.#pinch.up(event) || this.cancel())
    on("pointerleave", () => this.#leave())
    on("auxclick", (event) => event.preventDefault())
    signal.addEventListener("abort", () => this.cancel())
  }

  /** Drops the gesture as if it had never begun; false where there was none. */
  cancel() {
    const gesture = this.#take()
    gesture?.cancel?.()
    return gesture !== null
  }

  /** Drops this press alone: what earlier presses put down stays. */
  #forget() {
    const gesture = this.#take()
    if (gesture?.forget) gesture.forget()
    else gesture?.cancel?.()
  }

  #take() {
    const gesture = this.#gesture
    if (gesture === null) return null
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#gesture = null
    this.refreshCursor()
    return gesture
  }

  #down(event) {
    const isPinch = this.#pinch.down(event, this.stage.screenPoint(event))
    if (isPinch) this.#forget()
    if (event.button > 1 || this.#gesture || isPinch) return
    event.preventDefault()
    this.host.focus({ preventScroll: true })
    this.host.setPointerCapture(event.pointerId)
    const from = { at: this.stage.at(event), screen: this.stage.screenPoint(event) }
    const gesture = this.#begin(event, from.at)
    gesture.start?.(from.at)
    this.#gesture = { ...gesture, from, moved: false }
    this.refreshCursor()
  }

  #begin(event, at) {
    const { desk } = this
    if (event.button === 1 || this.isPanKeyDown()) return this.#panning()
    const handle = this.#handleUnder(at, event.pointerType)
    const begun = handle ? this.#dragging(handle, at, event) : desk.tool.begin(at, pressOf(event))
    return !begun || begun.pans ? { ...this.#panning(), ...begun } : begun
  }

  #panning() {
    let last = null
    return {
      pans: true,
      move: (_at, _press, screen, from) => {
        const before = last ?? from.screen
        last = screen
        this.stage.pan(screen.x - before.x, screen.y - before.y, { gesture: true })
      },
    }
  }

  // A press on a handle that does not move is a click of the tool in hand: its mark may lie close to another one.
  #dragging(handle, at, event) {
    const { desk } = this
    const item = desk.selected
    const click = desk.tool.makes && !event.altKey ? desk.tool.begin(at, pressOf(event))?.click : pressing(desk, item, handle)
    return dragging(desk, item, handle, click)
  }

  #move(event) {
    if (this.#pinch.move(event, this.stage.screenPoint(event))) return
    this.#latest = event
    if (this.#gesture?.trails) this.#trail.push(...(event.getCoalescedEvents?.() ?? [event]).map((one) => this.stage.at(one)))
    if (this.#frame) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#follow(this.#latest)
    })
  }

  #follow(event) {
    const at = this.stage.at(event)
    const screen = this.stage.screenPoint(event)
    this.onPoint(at)
    const gesture = this.#gesture
    if (!gesture) {
      this.desk.tool.hover(at, pressOf(event))
      return this.#hover(at, event.pointerType)
    }
    const { from } = gesture
    gesture.moved ||= Math.hypot(screen.x - from.screen.x, screen.y - from.screen.y) >= DRAG_FROM
    if (!gesture.moved) return
    gesture.move?.(at, { ...pressOf(event), trail: this.#trail }, screen, from)
    this.#trail = []
  }

  #up(event) {
    if (this.#pinch.up(event) || !this.#gesture) return
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#follow(event)
    const gesture = this.#gesture
    this.#gesture = null
    if (gesture.moved) gesture.end?.(this.stage.at(event), pressOf(event))
    else gesture.click?.(gesture.from.at, pressOf(event))
    this.refreshCursor()
  }

  #leave() {
    if (this.#gesture) return
    this.onPoint(null)
    this.desk.tool.leave()
    this.overlay.hover(null)
  }

  // What lies under the pointer -----------------------------------------------------------------------------------

  #handleUnder(at, pointerType) {
    const { desk, stage } = this
    const item = desk.selected
    if (!item || desk.isDrawing || !desk.mayChange(item)) return null
    const shape = desk.shapeOf(item)
    const { width, height } = shape.bounds(item.mark)
    const small = Math.min(width, height) * stage.scale < SMALL
    if (small && shape.contains(item.mark, at, 0) && !desk.tool.makes) return null
    return nearest(shape.handles(item.mark, stage.scale, item.definition), at, (REACH[pointerType] ?? REACH.mouse) / stage.scale)
  }

  #hover(at, pointerType) {
    const handle = this.#handleUnder(at, pointerType)
    const under = handle ? null : this.desk.itemAt(at)
    this.overlay.hover(under?.mark.id ?? null)
    if (handle) this.#cursor(handle.cursor)
    else this.refreshCursor(under)
  }

  refreshCursor(under = null) {
    if (this.#gesture?.pans) return this.#cursor("grabbing")
    if (this.#gesture) return
    if (this.isPanKeyDown()) return this.#cursor("grab")
    if (this.desk.tool.makes) return this.#cursor(this.desk.tool.cursor)
    this.#cursor(under ? "move" : "default")
  }

  #cursor(name) {
    this.host.style.setProperty("cursor", name)
  }
}

const pressOf = (event) => ({
  ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey, detail: event.detail, type: event.pointerType,
})

function nearest(handles, point, reach) {
  let found = null
  let least = reach
  for (const handle of handles) {
    const away = Math.max(Math.abs(handle.x - point.x), Math.abs(handle.y - point.y))
    if (away <= least) [found, least] = [handle, away]
  }
  return found
}

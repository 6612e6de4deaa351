// Mouse, pen and finger over a picture: each press becomes one gesture {move, end, cancel}.

import { handleAt, isTurned, moveBox, pick, resizeBox } from "../../annotate/boxes.js"

const DRAG_FROM = 3 // screen pixels: less is a click
const REACH = { mouse: 7, pen: 10, touch: 16 }
const CURSORS = { n: "ns", s: "ns", e: "ew", w: "ew", nw: "nwse", se: "nwse", ne: "nesw", sw: "nesw" }
const SMALL = 22 // screen pixels: a smaller box is moved, not resized, by its inside

export class Pointer {
  #gesture = null
  #frame = 0
  #latest = null

  constructor(host, { stage, desk, overlay, signal, onPoint, onBox, isPanKeyDown }) {
    Object.assign(this, { host, stage, desk, overlay, onPoint, onBox, isPanKeyDown })
    const on = (name, listener) => host.addEventListener(name, listener, { signal })
    on("pointerdown", (event) => this.#down(event))
    on("pointermove", (event) => this.#move(event))
    on("pointerup", (event) => this.#up(event))
    on("pointercancel", () => this.cancel())
    on("pointerleave", () => this.#leave())
    on("auxclick", (event) => event.preventDefault())
    signal.addEventListener("abort", () => this.cancel())
  }

  /** Drops the gesture as if it had never begun; false where there was none. */
  cancel() {
    if (!this.#gesture) return false
    cancelAnimationFrame(this.#frame)
    this.#gesture.cancel?.()
    this.#gesture = null
    this.refreshCursor()
    return true
  }

  #down(event) {
    if (event.button > 1 || this.#gesture) return
    event.preventDefault()
    this.host.focus({ preventScroll: true })
    this.host.setPointerCapture(event.pointerId)
    const start = { at: this.stage.at(event), screen: this.stage.screenPoint(event) }
    this.#gesture = { ...this.#begin(event, start), start, moved: false }
    this.refreshCursor()
  }

  #begin(event, { at }) {
    const { desk } = this
    if (event.button === 1 || this.isPanKeyDown()) return this.#panning()
    const handle = this.#handleUnder(at, event.pointerType)
    if (handle) return this.#resizing(desk.selected, handle)
    if (desk.tool === "box") return this.#drawing()
    const under = this.#itemUnder(at)
    if (!under) return { ...this.#panning(), click: () => desk.select(null) }
    desk.select(under)
    this.overlay.focus(under.mark.id)
    return desk.work.readOnly ? this.#panning() : this.#moving(desk.selected)
  }

  #panning() {
    let last = null
    return {
      pans: true,
      move: (_at, screen, start) => {
        const from = last ?? start.screen
        last = screen
        this.stage.pan(screen.x - from.x, screen.y - from.y, { gesture: true })
      },
    }
  }

  #drawing() {
    const { desk } = this
    const anchored = desk.draft !== null
    let began = false
    return {
      move: (at, _screen, start) => {
        if (!began) desk.begin(start.at)
        began = true
        desk.stretch(at)
      },
      end: () => this.#finish(desk.commit()),
      cancel: () => desk.cancel(),
      // A click puts down a corner, the next one the corner opposite: nobody has to drag.
      click: (at) => {
        if (anchored) {
          desk.stretch(at)
          return this.#finish(desk.commit())
        }
        const under = this.#itemUnder(at)
        if (!under) return desk.begin(at)
        desk.select(under)
        this.overlay.focus(under.mark.id)
      },
    }
  }

  #finish(id) {
    if (id) this.overlay.focus(id)
    else this.desk.cancel()
  }

  #moving(item) {
    return this.#changing(item, (dx, dy) => moveBox(item.mark, dx, dy, this.desk.size))
  }

  #resizing(item, handle) {
    return this.#changing(item, (dx, dy) => resizeBox(item.mark, handle, dx, dy, this.desk.size))
  }

  #changing(item, shaped) {
    let box = null
    return {
      move: (at, _screen, start) => {
        box = shaped(Math.round(at.x - start.at.x), Math.round(at.y - start.at.y))
        this.overlay.preview(item.mark.id, box)
        this.onBox(box)
      },
      end: () => {
        this.overlay.focus(item.mark.id)
        if (box) this.desk.change(item, box)
      },
      cancel: () => {
        this.overlay.preview(item.mark.id, item.mark)
        this.onBox(item.mark)
      },
    }
  }

  #move(event) {
    this.#latest = event
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
      if (this.desk.draft) this.desk.stretch(at)
      return this.#hover(at, event.pointerType)
    }
    const { start } = gesture
    gesture.moved ||= Math.hypot(screen.x - start.screen.x, screen.y - start.screen.y) >= DRAG_FROM
    if (gesture.moved) gesture.move(at, screen, start)
  }

  #up(event) {
    if (!this.#gesture) return
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#follow(event)
    const gesture = this.#gesture
    this.#gesture = null
    if (gesture.moved) gesture.end?.()
    else gesture.click?.(gesture.start.at)
    this.refreshCursor()
  }

  #leave() {
    if (this.#gesture) return
    this.onPoint(null)
    this.overlay.hover(null)
  }

  // What lies under the pointer -----------------------------------------------------------------------------------

  #itemUnder(at) {
    const items = this.desk.items
    const found = pick(items.map(({ mark }) => mark), at, 3 / this.stage.scale)
    return found ? items.find(({ mark }) => mark === found) : null
  }

  #handleUnder(at, pointerType) {
    const item = this.desk.selected
    if (!item || this.desk.work.readOnly || isTurned(item.mark)) return null
    const reach = REACH[pointerType] ?? REACH.mouse
    const small = Math.min(item.mark.width, item.mark.height) * this.stage.scale < SMALL
    const inside = pick([item.mark], at) !== null
    if (small && inside && this.desk.tool === "select") return null
    return handleAt(item.mark, at, reach / this.stage.scale)
  }

  #hover(at, pointerType) {
    const handle = this.#handleUnder(at, pointerType)
    const under = handle ? null : this.#itemUnder(at)
    this.overlay.hover(under?.mark.id ?? null)
    if (handle) this.#cursor(`${CURSORS[handle]}-resize`)
    else this.refreshCursor(under)
  }

  refreshCursor(under = null) {
    if (this.#gesture?.pans) return this.#cursor("grabbing")
    if (this.#gesture) return
    if (this.isPanKeyDown()) return this.#cursor("grab")
    if (this.desk.tool === "box") return this.#cursor("crosshair")
    this.#cursor(under ? "move" : "default")
  }

  #cursor(name) {
    this.host.style.setProperty("cursor", name)
  }
}

// <fasit-image>: one picture of an ad, with the marks drawn on it.

import { kindsIn } from "../annotate/kinds.js"
import { boundsOf } from "../annotate/shapes/registry.js"
import { Desk } from "./image/desk.js"
import { loadStrip, stripOf } from "./image/frames.js"
import { KeptLook } from "./image/kept-look.js"
import { Keyboard } from "./image/keyboard.js"
import { layerOf, loadMasks } from "./image/masks.js"
import { Overlay } from "./image/overlay.js"
import { loadPicture, pictureOf } from "./image/picture.js"
import { Pointer } from "./image/pointer.js"
import { Stage } from "./image/stage.js"
import { Toolbar } from "./image/toolbar.js"
import { loadTools } from "./image/tools/registry.js"
import { ViewPanel } from "./image/view-panel.js"

/** Loads what the pictures of a task need beside this, before one of them is opened. */
export async function prepare({ schema, asset }) {
  const kinds = kindsIn(schema)
  const pictures = asset.parts.filter(({ modality }) => modality === "image")
  await Promise.all([loadTools(kinds), loadMasks(kinds), loadStrip(pictures), ...pictures.map(loadPicture)])
}

class ImagePart extends HTMLElement {
  #quit = null
  #place = null // where somebody points, in pixels of the picture

  open(work) {
    this.close()
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.work = work
    this.desk = new Desk(work, work.part(this.dataset.part), signal)
    this.host = this.querySelector(".image-stage")
    this.says = Object.fromEntries(["point", "box", "zoom"].map((name) => [name, this.querySelector(`.image-${name}`)]))
    this.overlay = new Overlay(this.querySelector(".image-overlay"))
    this.#openStage(signal)
    this.toolbar = new Toolbar(this, { desk: this.desk, stage: this.stage, ready: () => this.keyboard.ready(), signal })
    this.#listen(signal)
    this.#render()
  }

  close() {
    this.#quit?.abort()
    this.#quit = null
  }

  disconnectedCallback() {
    this.close()
  }

  #openStage(signal) {
    const { host, desk, overlay } = this
    const onPoint = (point) => this.#showPoint(point)
    const look = new KeptLook(signal)
    this.picture = pictureOf(this, desk, signal)
    this.stage = new Stage(host, this.picture, desk.size, {
      draw: (view, screen) => {
        overlay.draw(view, screen)
        this.maskLayer?.draw(view)
        this.keyboard?.redraw()
        this.loupe?.redraw()
        this.viewPanel?.showZoom()
        this.says.zoom.value = `${Math.round(view.scale * 100)} %`
      },
      carry: (view) => {
        overlay.carry(view)
        this.maskLayer?.carry(view)
      },
      place: look.place,
      onPlace: (place) => (look.place = place),
      signal,
    })
    const { stage, picture } = this
    desk.stage = stage
    this.viewPanel = new ViewPanel(this, { desk, stage, look, signal })
    this.frames = stripOf(this, { desk, picture, signal })
    this.#openLoupe(look, signal)
    this.maskLayer = layerOf(this, { desk, stage, signal })
    this.maskLayer?.draw(stage.view)
    const isPanKeyDown = () => this.keyboard.isSpaceDown
    this.pointer = new Pointer(host, { stage, desk, overlay, signal, onPoint, isPanKeyDown })
    this.keyboard = new Keyboard(host, { stage, desk, overlay, pointer: this.pointer, signal, onPoint })
  }

  /** The magnifier is loaded once somebody wants it. */
  #openLoupe(look, signal) {
    this.loupe = null
    let isAsked = false
    const open = async () => {
      if (isAsked || !look.look.loupe) return
      isAsked = true
      try {
        const { Loupe } = await import("./image/loupe.js")
        if (!signal.aborted) this.loupe = new Loupe(this, { desk: this.desk, stage: this.stage, picture: this.picture, look, place: this.#place, signal })
      } catch {
        isAsked = false // not to be had now: the next press asks again
      }
    }
    look.addEventListener("look", open, { signal })
    open()
  }

  #listen(signal) {
    const { work, desk, overlay } = this
    const on = (target, name, listener) => target.addEventListener(name, listener, { signal })
    on(work, "change", () => this.#render())
    on(work, "select", () => this.#select())
    on(work, "suggested", ({ detail }) => detail.key && this.#revealSuggestion())
    on(work, "active", () => this.#refresh())
    on(work, "readonly", () => this.#refresh())
    on(desk, "tool", () => this.#refresh())
    on(desk, "items", () => this.#render())
    on(desk, "draft", () => this.#draw())
    on(desk, "point", () => {
      overlay.point = desk.points.name
      this.toolbar.refresh()
    })
    on(desk, "focus", ({ detail }) => overlay.focus(detail.mark.id))
    on(desk, "preview", ({ detail: { item, geometry } }) => {
      overlay.preview(item.mark.id, geometry)
      this.#showPlace(item, geometry)
    })
  }

  // When the task is submitted ----------------------------------------------------------------------------------

  /** A stroke that is painted ends here. */
  stored() {
    const { masks } = this.desk
    masks?.end()
    return masks?.isBusy ? masks.stored : null
  }

  unfinished() {
    return this.desk.isDrawing ? "A mark is begun on the picture: finish it, or give it up with Escape." : null
  }

  // Showing -----------------------------------------------------------------------------------------------------

  #render() {
    const { lostFocus } = this.overlay.render(this.desk.drawables())
    if (lostFocus) this.host.focus({ preventScroll: true })
    this.#select()
  }

  #select() {
    const item = this.desk.selected
    this.overlay.select(item?.mark.id ?? null)
    if (item && !this.host.contains(document.activeElement)) this.stage.reveal(boundsOf(item))
    this.#refresh()
  }

  #revealSuggestion() {
    const item = this.desk.currentSuggestion
    if (item && !this.host.contains(document.activeElement)) this.stage.reveal(boundsOf(item))
  }

  #refresh() {
    this.pointer.refreshCursor()
    this.toolbar.refresh()
    this.#showDraft()
  }

  #showDraft() {
    const { draft, field, selected } = this.desk
    if (this.desk.isDrawing) this.toolbar.showMarks()
    const color = field ? this.work.colorOf(field.name, this.work.activeChoice(field.name)) : null
    this.overlay.draft(draft, color)
    if (this.desk.isDrawing) this.says.box.value = draft.brief ?? "–"
    else this.#showPlace(selected)
  }

  #draw() {
    this.#showDraft()
    this.toolbar.refresh()
  }

  #showPoint(point) {
    this.#place = point
    this.loupe?.follow(point)
    const inside = point && point.x >= 0 && point.y >= 0 && point.x <= this.desk.size.width && point.y <= this.desk.size.height
    this.says.point.value = inside ? `${Math.floor(point.x)}, ${Math.floor(point.y)}` : "–"
  }

  #showPlace(item, geometry = null) {
    this.says.box.value = item ? this.desk.shapeOf(item).brief({ ...item.mark, ...geometry }) : "–"
  }
}

customElements.define("fasit-image", ImagePart)

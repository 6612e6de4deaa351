// A magnifier beside the pointer, or beside the crosshair, the point or the mark that keys move: the picture there, larger,
// with the marks over it and a cross at the very place. It is drawn only when that place or the picture changes.

import { boundsOf, SHAPES } from "../../annotate/shapes/registry.js"
import { PIXELATED_FROM } from "../../annotate/viewport.js"

const AWAY = 28 // pixels of the screen from the place to the magnifier
const ARM = 9 // of the cross, with a gap in its middle
const GAP = 3
const DOT = 3.5

export class Loupe {
  #node
  #picturePen
  #marksPen
  #place = null // in pixels of the picture
  #changed = null // {id, mark} while a mark is dragged
  #isByKeys = false

  /** `part` is the element; `look` says whether the magnifier is wanted, and how large; `place` is where one points. */
  constructor(part, { desk, stage, picture, look, place, signal }) {
    Object.assign(this, { desk, stage, picture, look })
    this.host = part.querySelector(".image-stage")
    this.#node = part.querySelector(".image-loupe")
    const [shown, marked] = this.#node.querySelectorAll("canvas")
    this.#picturePen = shown.getContext("2d")
    this.#marksPen = marked.getContext("2d")
    picture.onTile = () => this.redraw()
    const on = (target, name, listener) => target.addEventListener(name, listener, { signal })
    on(look, "look", () => this.redraw())
    on(desk, "preview", ({ detail: { item, geometry } }) => {
      this.#changed = geometry && { id: item.mark.id, mark: { ...item.mark, ...geometry } }
    })
    on(desk.work, "change", () => {
      this.#changed = null
      this.#followMark()
    })
    on(desk, "draft", () => this.redraw())
    on(desk, "point", () => this.#followMark())
    on(this.host, "focusin", ({ target }) => target !== this.host && this.#followMark())
    on(this.host, "keydown", () => (this.#isByKeys = true))
    on(this.host, "pointermove", () => (this.#isByKeys = false))
    this.#place = place
    this.#isByKeys = this.host.querySelector(":focus-visible") !== null
    this.#followMark()
  }

  /** Goes to a place of the picture; null where nobody points at any. */
  follow(place) {
    this.#place = place
    this.redraw()
  }

  // The point in hand, else a corner of the mark that has the focus.
  #followMark() {
    const { desk } = this
    const item = desk.selected
    const isInHand = item && this.#isByKeys && document.activeElement?.dataset?.mark === item.mark.id
    if (!isInHand) return this.redraw()
    const name = desk.points.name
    this.follow(name === null ? boundsOf(item) : desk.shapeOf(item).vertices.at(item.mark, name))
  }

  redraw() {
    const { look } = this.look
    this.#node.hidden = !look.loupe || !this.host.checkVisibility()
    if (this.#node.hidden) return this.picture.leaveBeside?.()
    const at = this.#place ?? this.stage.middle()
    const side = this.#node.clientWidth
    this.#stand(this.stage.toScreen(at), side)
    const scale = this.stage.scale * look.magnification
    const sharpness = window.devicePixelRatio
    const size = { width: Math.round(side * sharpness), height: Math.round(side * sharpness) }
    for (const { canvas } of [this.#picturePen, this.#marksPen]) if (canvas.width !== size.width) Object.assign(canvas, size)
    const enlarged = scale * sharpness
    const view = { scale: enlarged, x: size.width / 2 - at.x * enlarged, y: size.height / 2 - at.y * enlarged }
    this.picture.paint(this.#picturePen, view, size, scale >= PIXELATED_FROM)
    this.#drawMarks(view, size, sharpness)
  }

  // To the upper right of the place, and on its other sides where there is no room.
  #stand({ x, y }, side) {
    const { width } = this.stage.screen
    const left = x + AWAY + side <= width ? x + AWAY : x - AWAY - side
    const top = y - AWAY - side >= 0 ? y - AWAY - side : y + AWAY
    this.#node.style.setProperty("transform", `translate(${Math.round(left)}px, ${Math.round(top)}px)`)
  }

  #drawMarks(view, { width, height }, sharpness) {
    const pen = this.#marksPen
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, width, height)
    const area = { x: -view.x / view.scale, y: -view.y / view.scale, width: width / view.scale, height: height / view.scale }
    pen.setTransform(view.scale, 0, 0, view.scale, view.x, view.y)
    for (const item of this.desk.items) {
      const mark = this.#changed?.id === item.mark.id ? this.#changed.mark : item.mark
      if (this.desk.isHidden(item) || !touch(boundsOf({ ...item, mark }), area)) continue
      this.#line(pathOf(item, mark, sharpness / view.scale), this.desk.work.colorOf(item.field, mark.choice), sharpness / view.scale)
    }
    const { draft, field } = this.desk
    if (draft?.outline && field) {
      const color = this.desk.work.colorOf(field.name, this.desk.work.activeChoice(field.name))
      this.#line(new Path2D(draft.outline), color, sharpness / view.scale)
    }
    this.#drawCross(width / 2, height / 2, sharpness)
  }

  #line(path, color, pixel) {
    for (const [style, wide] of [["rgb(0 0 0 / 65%)", 4], ["#fff", 3], [color, 1.5]]) {
      this.#marksPen.strokeStyle = style
      this.#marksPen.lineWidth = wide * pixel
      this.#marksPen.stroke(path)
    }
  }

  #drawCross(x, y, sharpness) {
    const pen = this.#marksPen
    pen.setTransform(sharpness, 0, 0, sharpness, x, y)
    const cross = new Path2D()
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      cross.moveTo(dx * GAP, dy * GAP)
      cross.lineTo(dx * (GAP + ARM), dy * (GAP + ARM))
    }
    for (const [style, wide] of [["rgb(0 0 0 / 75%)", 3], ["#fff", 1]]) {
      pen.strokeStyle = style
      pen.lineWidth = wide
      pen.stroke(cross)
    }
  }
}

const outlines = new WeakMap() // mark -> its outline: marks are never altered, and that of a mask takes time

function pathOf({ kind, definition }, mark, pixel) {
  const { outline, dots } = SHAPES[kind]
  if (!outlines.has(mark)) outlines.set(mark, new Path2D(outline(mark, definition)))
  if (!dots) return outlines.get(mark)
  const path = new Path2D(outlines.get(mark))
  for (const { x, y } of dots(mark)) {
    path.moveTo(x + DOT * pixel, y)
    path.arc(x, y, DOT * pixel, 0, 2 * Math.PI)
  }
  return path
}

const touch = (one, other) =>
  one.x <= other.x + other.width && other.x <= one.x + one.width && one.y <= other.y + other.height && other.y <= one.y + one.height

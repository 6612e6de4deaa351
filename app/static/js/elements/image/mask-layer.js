// Shows what is being painted, on a canvas of the screen's own size: the mask that is painted on, with the strokes that are
// not stored yet. Beside that only a circle about the brush, and the brush's size below the picture.

import { difference, IDENTITY, toScreen } from "../../annotate/viewport.js"
import { SHAPES } from "../../annotate/shapes/registry.js"

const SHARPEST = 2 // canvas pixels per CSS pixel

export class MaskLayer {
  #drawn = IDENTITY
  #canvas
  #pen
  #circle
  #brush // the line that says how large it is, and its buttons
  #shown = [] // how many points of which stroke the canvas shows
  #covered = null // the node of the mask that the canvas shows in its stead

  /** `part` is the element; `host` its stage. */
  constructor(part, { desk, stage, signal }) {
    Object.assign(this, { part, desk, stage, studio: desk.masks })
    this.host = part.querySelector(".image-stage")
    this.#canvas = part.querySelector(".mask-layer")
    this.#circle = part.querySelector(".brush-circle")
    this.#pen = this.#canvas.getContext("2d")
    const line = part.querySelector(".brush-size")
    const [smaller, larger] = ["smaller", "larger"].map((name) => line.querySelector(`[data-act=brush-${name}]`))
    this.#brush = { line, size: line.querySelector("output"), smaller, larger }
    const on = (target, name, listener) => target.addEventListener(name, listener, { signal })
    on(this.studio, "brush", () => this.#showBrush())
    on(this.studio, "paint", () => this.#paint())
    on(desk, "tool", () => this.#showBrush())
    on(desk.work, "change", () => this.#draw())
    on(this.host, "pointerleave", () => (this.studio.at = null))
    on(part, "click", (event) => this.#press(event.target.closest("[data-act]")?.dataset.act))
    this.#showBrush()
  }

  #press(act) {
    if (act === "brush-smaller") this.studio.resize(-1)
    if (act === "brush-larger") this.studio.resize(1)
  }

  // The brush -----------------------------------------------------------------------------------------------------

  #showBrush() {
    const { studio, desk, stage } = this
    const isInHand = desk.tool.hasBrush === true
    const { line, size, smaller, larger } = this.#brush
    line.hidden = !isInHand
    if (size.value !== `${studio.size} px`) size.value = `${studio.size} px`
    smaller.disabled = !studio.canShrink
    larger.disabled = !studio.canGrow
    const { at } = studio
    this.#circle.hidden = !isInHand || !at
    if (this.#circle.hidden) return
    const { x, y } = toScreen(stage.view, at)
    const across = Math.max(studio.size * stage.view.scale, 3)
    this.#circle.style.setProperty("inline-size", `${across}px`)
    this.#circle.style.setProperty("block-size", `${across}px`)
    this.#circle.style.setProperty("transform", `translate(${x - across / 2}px, ${y - across / 2}px)`)
  }

  // The view ------------------------------------------------------------------------------------------------------

  draw(view) {
    this.#drawn = view
    this.#canvas.style.removeProperty("transform")
    this.#showBrush()
    this.#draw()
  }

  carry(view) {
    const { scale, x, y } = difference(this.#drawn, view)
    this.#canvas.style.setProperty("transform", `matrix(${scale}, 0, 0, ${scale}, ${x}, ${y})`)
    this.#showBrush()
  }

  // Strokes -------------------------------------------------------------------------------------------------------

  /** Adds what is new; draws all anew where strokes came or went. */
  #paint() {
    const { strokes } = this.studio
    this.host.toggleAttribute("data-painting", this.studio.isBusy)
    const known = this.#shown
    const grew = strokes.length > 0 && known.length === strokes.length && known.every(({ stroke }, at) => stroke === strokes[at])
    if (!grew) return this.#draw()
    for (const one of known) {
      this.#stroke(one.stroke, one.count)
      one.count = one.stroke.points?.length ?? 0
    }
  }

  #draw() {
    const { strokes } = this.studio
    this.#cover(strokes.at(-1)?.target.id ?? null)
    this.#canvas.hidden = strokes.length === 0
    this.#shown = strokes.map((stroke) => ({ stroke, count: stroke.points?.length ?? 0 }))
    if (strokes.length === 0) return
    this.#clear()
    this.#base(strokes.at(-1).target)
    for (const stroke of strokes) this.#stroke(stroke, 0)
  }

  #clear() {
    const { clientWidth, clientHeight } = this.host
    const sharpness = Math.min(devicePixelRatio, SHARPEST)
    this.#canvas.width = Math.round(clientWidth * sharpness)
    this.#canvas.height = Math.round(clientHeight * sharpness)
    const { scale, x, y } = this.#drawn
    this.#pen.setTransform(scale * sharpness, 0, 0, scale * sharpness, x * sharpness, y * sharpness)
    this.#pen.beginPath()
    this.#pen.rect(0, 0, this.desk.size.width, this.desk.size.height)
    this.#pen.clip()
    Object.assign(this.#pen, { lineCap: "round", lineJoin: "round" })
  }

  #base({ field, id, choice }) {
    const { work } = this.desk
    const mark = id ? work.mark(field, id) : null
    const color = work.colorOf(field, mark ? mark.choice : choice)
    this.#pen.fillStyle = color
    this.#pen.strokeStyle = color
    if (mark) this.#pen.fill(new Path2D(SHAPES.masks.outline(mark)), "evenodd")
  }

  /** From a point of the stroke on; an outline that is filled has no size and is filled whole. */
  #stroke({ act, points, size }, from) {
    if (!points || (size && from >= points.length)) return
    const pen = this.#pen
    pen.globalCompositeOperation = act === "erase" || act === "cut" ? "destination-out" : "source-over"
    pen.lineWidth = size ?? 0
    pen.beginPath()
    const first = points[Math.max(from - 1, 0)]
    pen.moveTo(first.x, first.y)
    pen.lineTo(first.x, first.y)
    for (const { x, y } of points.slice(from)) pen.lineTo(x, y)
    if (size) pen.stroke()
    else pen.fill()
    pen.globalCompositeOperation = "source-over"
  }

  #cover(id) {
    const node = id ? this.host.querySelector(`[data-mark="${CSS.escape(id)}"]`) : null
    if (node === this.#covered) return
    this.#covered?.removeAttribute("data-covered")
    node?.setAttribute("data-covered", "")
    this.#covered = node
  }
}

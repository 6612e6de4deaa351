// The marks over a picture: an SVG whose scene is in pixels of the original. Zooming and panning moves the drawn picture
// as a whole; it is drawn anew when the gesture rests.

import { boundsOf, handlePoint, HANDLES } from "../../annotate/boxes.js"
import { difference, IDENTITY } from "../../annotate/viewport.js"
import { place, set, shape, textWidth } from "./shapes.js"

const TAG_FONT = "600 12px system-ui, sans-serif"
const TAG_HEIGHT = 18
const FEW_HANDLES_BELOW = 36 // screen pixels: on a smaller box only the corners are shown

export class Overlay {
  #svg
  #drawn = IDENTITY
  #scene = shape("g", { class: "image-scene" })
  #marks = shape("g")
  #draft = shape("g", { class: "image-mark image-draft", hidden: "" }, ...outlines())
  #frame = shape("g", { class: "image-frame", hidden: "" })
  #caret = shape("g", { class: "image-caret", hidden: "" })
  #nodes = new Map()
  #framed = null

  constructor(svg) {
    this.#svg = svg
    const rect = shape("rect", { class: "frame-line" })
    const handles = HANDLES.map((handle) => shape("g", { "data-handle": handle }, shape("rect", { class: "handle", x: -4.5, y: -4.5, width: 9, height: 9 })))
    this.#frame.append(rect, ...handles)
    for (const name of ["dark", "light"]) {
      this.#caret.append(shape("path", { class: `caret-${name}` }))
    }
    this.#scene.append(this.#marks, this.#draft, this.#frame)
    svg.replaceChildren(this.#scene, this.#caret)
  }

  /** During a gesture: carries what is drawn to where it belongs. */
  carry(view) {
    const { scale, x, y } = difference(this.#drawn, view)
    this.#svg.style.setProperty("transform", `matrix(${scale}, 0, 0, ${scale}, ${x}, ${y})`)
  }

  /** Draws sharp under this view. */
  draw(view) {
    this.#drawn = view
    this.#svg.style.removeProperty("transform")
    this.#svg.style.setProperty("--unscale", String(1 / view.scale))
    set(this.#scene, { transform: `matrix(${view.scale} 0 0 ${view.scale} ${view.x} ${view.y})` })
    if (this.#framed) this.#placeFrame(this.#framed)
    this.#thinTags()
  }

  /** Where tags would lie over each other only the first is shown; the others when pointed at or selected. */
  #thinTags() {
    const { scale } = this.#drawn
    const shown = []
    for (const { node, item, tagWidth } of this.#nodes.values()) {
      const { x, y } = boundsOf(item.mark)
      const [left, top] = [x * scale, y * scale]
      const hidden = shown.some((one) => Math.abs(one.top - top) < TAG_HEIGHT && left < one.right && left + tagWidth > one.left)
      const isCut = top + this.#drawn.y < TAG_HEIGHT + 4
      set(node, { "data-tagless": hidden ? "" : null, "data-tag-inside": isCut ? "" : null })
      if (!hidden) shown.push({ left, top, right: left + tagWidth })
    }
  }

  /** items: [{field, mark, color, title, name}] */
  render(items) {
    const kept = new Set()
    let lostFocus = false
    for (const item of items) {
      kept.add(item.mark.id)
      this.#renderOne(item)
    }
    for (const [id, { node }] of this.#nodes) {
      if (kept.has(id)) continue
      lostFocus ||= node === document.activeElement
      node.remove()
      this.#nodes.delete(id)
    }
    this.#thinTags()
    return { lostFocus }
  }

  #renderOne(item) {
    const { mark, color, title, name } = item
    const known = this.#nodes.get(mark.id)
    if (known?.item.mark === mark && known.item.color === color && known.item.title === title) {
      known.node.setAttribute("aria-label", name)
      return
    }
    const made = known ?? newMark(mark.id)
    if (!known) {
      this.#marks.append(made.node)
      this.#nodes.set(mark.id, made)
    }
    made.item = item
    made.node.style.setProperty("--mark", color)
    made.node.setAttribute("aria-label", name)
    made.text.textContent = title
    made.tagWidth = Math.ceil(textWidth(title, TAG_FONT)) + 22
    set(made.ground, { width: made.tagWidth })
    this.#placeMark(made, mark)
  }

  #placeMark({ rects, tag }, box) {
    for (const rect of rects) place(rect, box)
    const { x, y } = boundsOf(box)
    set(tag, { transform: `translate(${x} ${y})` })
  }

  /** Shows a mark as it would become, before the change is made. */
  preview(id, box) {
    const known = this.#nodes.get(id)
    if (!known) return
    this.#placeMark(known, box)
    if (known.node.hasAttribute("data-selected")) this.#placeFrame(box)
  }

  select(id) {
    for (const [other, { node }] of this.#nodes) {
      set(node, { "data-selected": other === id ? "" : null, "aria-pressed": String(other === id) })
    }
    const known = this.#nodes.get(id)
    this.#framed = known?.item.mark ?? null
    set(this.#frame, { hidden: known ? null : "" })
    if (known) {
      this.#frame.style.setProperty("--mark", known.item.color)
      this.#placeFrame(known.item.mark)
    }
  }

  #placeFrame(box) {
    const [rect, ...handles] = this.#frame.children
    place(rect, box)
    const { scale } = this.#drawn
    const few = Math.min(box.width, box.height) * scale < FEW_HANDLES_BELOW
    for (const node of handles) {
      const { handle } = node.dataset
      const { x, y } = handlePoint(box, handle)
      set(node, { transform: `translate(${x} ${y})`, hidden: few && handle.length === 1 ? "" : null })
    }
  }

  hover(id) {
    for (const [other, { node }] of this.#nodes) set(node, { "data-hover": other === id ? "" : null })
  }

  focus(id) {
    this.#nodes.get(id)?.node.focus({ preventScroll: true })
  }

  /** The box being drawn, or null. */
  draft(box, color) {
    set(this.#draft, { hidden: box ? null : "" })
    if (!box) return
    this.#draft.style.setProperty("--mark", color)
    for (const rect of this.#draft.children) place(rect, box)
  }

  /** The crosshair of the keyboard at a place on the screen, or null. */
  caret(at, { width, height } = {}) {
    set(this.#caret, { hidden: at ? null : "" })
    if (!at) return
    const x = Math.round(at.x) + 0.5
    const y = Math.round(at.y) + 0.5
    for (const line of this.#caret.children) set(line, { d: `M${x} 0V${height}M0 ${y}H${width}` })
  }
}

// From the outside in: dark, light, then the choice's colour, so that one of them stands out on any picture.
function outlines() {
  return ["mark-dark", "mark-light", "mark-line"].map((name) => shape("rect", { class: name }))
}

function newMark(id) {
  const rects = outlines()
  const text = shape("text", { x: 16, y: -5 })
  const ground = shape("rect", { class: "tag-ground", y: -TAG_HEIGHT, height: TAG_HEIGHT, rx: 3 })
  const swatch = shape("rect", { class: "tag-swatch", x: 4, y: -13, width: 8, height: 8, rx: 1.5 })
  const tag = shape("g", { class: "image-tag" }, shape("g", {}, ground, swatch, text))
  const node = shape("g", { class: "image-mark", role: "button", tabindex: -1, "data-mark": id }, ...rects, tag)
  return { node, rects, tag, ground, text, item: null, tagWidth: 0 }
}

// The marks over a picture: an SVG whose scene is in pixels of the original. Zooming and panning moves the drawn picture
// as a whole; it is drawn anew when the gesture rests. A change draws only the marks that it concerns.

import { boundsOf, SHAPES } from "../../annotate/shapes/registry.js"
import { difference, IDENTITY } from "../../annotate/viewport.js"
import { Draft } from "./draft.js"
import { Handles } from "./handles.js"
import { MarkNode } from "./mark-node.js"
import { set, shape } from "./shapes.js"
import { placeTags } from "./tags.js"

export class Overlay {
  #svg
  #drawn = IDENTITY
  #screen = { width: Infinity, height: Infinity }
  #isCarried = false
  #scene = shape("g", { class: "image-scene" })
  #marks = shape("g")
  #draft = new Draft()
  #handles = new Handles()
  #caret = shape("g", { class: "image-caret", hidden: "" })
  #nodes = new Map() // mark id -> MarkNode, from the bottom to the top
  #selected = null
  #hovered = null
  #point = null

  constructor(svg) {
    this.#svg = svg
    for (const name of ["dark", "light"]) this.#caret.append(shape("path", { class: `caret-${name}` }))
    this.#scene.append(this.#marks, this.#handles.node, this.#draft.node)
    svg.replaceChildren(this.#scene, this.#caret)
  }

  /** During a gesture: carries what is drawn to where it belongs, as a layer of its own: else each frame drew all marks anew. */
  carry(view) {
    if (!this.#isCarried) this.#svg.style.setProperty("will-change", "transform")
    this.#isCarried = true
    const { scale, x, y } = difference(this.#drawn, view)
    this.#svg.style.setProperty("transform", `matrix(${scale}, 0, 0, ${scale}, ${x}, ${y})`)
  }

  /** Draws sharp under this view, on a screen of that size. */
  draw(view, screen) {
    this.#drawn = view
    this.#screen = screen
    for (const name of ["transform", "will-change"]) this.#svg.style.removeProperty(name)
    this.#isCarried = false
    this.#svg.style.setProperty("--unscale", String(1 / view.scale))
    set(this.#scene, { transform: `matrix(${view.scale} 0 0 ${view.scale} ${view.x} ${view.y})` })
    this.#placeHandles()
    this.#placeTags()
  }

  /** items: [{field, kind, mark, definition, color, title, name, locked, hidden, isSuggestion}] from the bottom to the top. */
  render(items) {
    const focused = document.activeElement
    const had = this.#svg.contains(focused)
    const before = this.#nodes
    this.#nodes = new Map()
    let next = this.#marks.firstElementChild
    for (const item of items) {
      const made = before.get(item.mark.id) ?? new MarkNode(item)
      before.delete(item.mark.id)
      this.#nodes.set(item.mark.id, made)
      made.show(item)
      if (made.node === next) next = next.nextElementSibling
      else this.#marks.insertBefore(made.node, next)
    }
    for (const { node } of before.values()) node.remove()
    if (had && this.#svg.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true })
    this.#placeTags()
    this.#placeHandles()
    return { lostFocus: had && !this.#svg.contains(document.activeElement) }
  }

  /** Shows a mark as it would become, before the change is made; null as it is. */
  preview(id, geometry) {
    const known = this.#nodes.get(id)
    if (!known) return
    const mark = geometry ? { ...known.item.mark, ...geometry } : known.item.mark
    known.place(mark)
    if (id === this.#selected) this.#placeHandles(mark)
  }

  select(id) {
    const isOther = id !== this.#selected
    if (isOther) this.#nodes.get(this.#selected)?.select(false)
    this.#selected = id
    this.#nodes.get(id)?.select(true)
    if (isOther) this.#placeTags()
    this.#placeHandles()
  }

  #placeTags() {
    placeTags([...this.#nodes.values()], this.#drawn, this.#screen, this.#selected)
  }

  /** The point of the selected mark that is in hand, or null. */
  set point(name) {
    this.#point = name
    this.#placeHandles()
  }

  #placeHandles(changed = null) {
    const known = this.#nodes.get(this.#selected)
    if (!known || known.item.hidden) return this.#handles.hide()
    const { kind, color, locked, definition } = known.item
    const mark = changed ?? known.item.mark
    const { scale } = this.#drawn
    const handles = locked ? [] : SHAPES[kind].handles(mark, scale, definition)
    const area = changed ? SHAPES[kind].bounds(mark) : boundsOf(known.item)
    this.#handles.show(handles, area, { scale, color, current: this.#point })
  }

  hover(id) {
    if (id === this.#hovered) return
    this.#nodes.get(this.#hovered)?.hover(false)
    this.#hovered = id
    this.#nodes.get(id)?.hover(true)
  }

  focus(id) {
    this.#nodes.get(id)?.node.focus({ preventScroll: true })
  }

  /** What is being drawn (registry.js of the tools), or null. */
  draft(draft, color) {
    this.#draft.show(draft, color, this.#drawn, this.#screen)
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

// One mark over the picture: its drawing and its tag, focusable, with its name for those who hear it.

import { SHAPES } from "../../annotate/shapes/registry.js"
import { TAG_HEIGHT } from "../../annotate/tag-places.js"
import { drawerOf } from "./drawing.js"
import { set, shape, textWidth } from "./shapes.js"

const TAG_FONT = "600 12px system-ui, sans-serif"

export class MarkNode {
  item = null
  tagWidth = 0
  #tagPlace = "over"
  #drawing
  #tag
  #ground
  #text

  constructor({ mark, kind }) {
    this.#drawing = drawerOf(kind).make()
    this.#text = shape("text", { x: 16, y: -5 })
    this.#ground = shape("rect", { class: "tag-ground", y: -TAG_HEIGHT, height: TAG_HEIGHT, rx: 3 })
    const swatch = shape("rect", { class: "tag-swatch", x: 4, y: -13, width: 8, height: 8, rx: 1.5 })
    this.#tag = shape("g", { class: "image-tag" }, shape("g", {}, this.#ground, swatch, this.#text))
    const attributes = { class: "image-mark", role: "button", tabindex: -1, "data-mark": mark.id, "data-kind": kind, "aria-pressed": "false" }
    this.node = shape("g", attributes, ...this.#drawing.nodes, this.#tag)
  }

  show(item) {
    const before = this.item
    this.item = item
    if (before?.name !== item.name) this.node.setAttribute("aria-label", item.name)
    if (before?.color !== item.color) this.node.style.setProperty("--mark", item.color)
    if (before?.hidden !== item.hidden) set(this.node, { hidden: item.hidden ? "" : null })
    if (before?.locked !== item.locked) set(this.node, { "data-locked": item.locked ? "" : null })
    if (before?.isSuggestion !== item.isSuggestion) set(this.node, { "data-suggested": item.isSuggestion ? "" : null })
    if (before?.isCurrent !== item.isCurrent) set(this.node, { "data-current": item.isCurrent ? "" : null })
    if (before?.title !== item.title) this.#entitle(item.title)
    if (before?.mark !== item.mark) this.place(item.mark)
  }

  #entitle(title) {
    this.#text.textContent = title
    this.tagWidth = Math.ceil(textWidth(title, TAG_FONT)) + 22
    set(this.#ground, { width: this.tagWidth })
  }

  place(mark) {
    this.#drawing.place(mark, this.item.definition, this.item)
    this.#moveTag(mark)
  }

  #moveTag(mark) {
    const { x, y, height } = SHAPES[this.item.kind].bounds(mark)
    set(this.#tag, { transform: `translate(${x} ${this.#tagPlace === "under" ? y + height : y})` })
  }

  /** Where the tag stands (tag-places.js); null where there is no room for it: then it shows over others while it must. */
  putTag(place) {
    if (place === this.#tagPlace) return
    this.#tagPlace = place
    set(this.node, { "data-tag": place === "over" ? null : (place ?? "none") })
    this.#moveTag(this.item.mark)
  }

  select(selected) {
    set(this.node, { "data-selected": selected ? "" : null, "aria-pressed": String(selected) })
  }

  hover(hovered) {
    set(this.node, { "data-hover": hovered ? "" : null })
  }
}

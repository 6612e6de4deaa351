// What one may take hold of on the selected mark. However many there are, they are a few paths: dots of no length whose
// ends keep their size on the screen.

import { dotted, paths } from "./drawing.js"
import { set, shape } from "./shapes.js"

const FEW_BELOW = 36 // screen pixels: of a smaller mark only the corners are shown
const GROUPS = { corner: "square", side: "square", turn: "turn", vertex: "round", middle: "small" }

export class Handles {
  node = shape("g", { class: "image-frame", hidden: "" })
  #groups = new Map()
  #stem = shape("path", { class: "frame-stem" })
  #current = paths("handle-current")[0]

  constructor() {
    for (const name of new Set(Object.values(GROUPS))) {
      this.#groups.set(name, paths(`handle-dark handle-${name}`, `handle-light handle-${name}`))
    }
    this.node.append(this.#stem, ...[...this.#groups.values()].flat(), this.#current)
  }

  hide() {
    set(this.node, { hidden: "" })
  }

  /** `all` as the shape gives them, `area` the mark's bounds, `current` the name of the point in hand. */
  show(all, area, { scale, color, current }) {
    set(this.node, { hidden: null })
    this.node.style.setProperty("--mark", color)
    const few = Math.min(area.width, area.height) * scale < FEW_BELOW
    const seen = few ? all.filter(({ type }) => type !== "side") : all
    for (const [name, group] of this.#groups) {
      const data = dotted(seen.filter(({ type }) => GROUPS[type] === name))
      for (const path of group) set(path, { d: data })
    }
    const turn = seen.find(({ type }) => type === "turn")
    const top = all.find(({ name }) => name === "n")
    set(this.#stem, { d: turn && top ? `M${top.x} ${top.y}L${turn.x} ${turn.y}` : "" })
    set(this.#current, { d: dotted(all.filter(({ name }) => name === current)) })
  }
}

// What is being drawn, over the marks: its outline, the points set so far, and a word beside the next one.

import { outlined } from "./drawing.js"
import { set, shape, textWidth } from "./shapes.js"

const FONT = "600 12px system-ui, sans-serif"

export class Draft {
  #drawing = outlined({ outline: ({ outline }) => outline, dots: ({ dots }) => dots ?? [] })
  #text = shape("text", { x: 20, y: 25 })
  #ground = shape("rect", { class: "tag-ground", x: 12, y: 12, height: 18, rx: 3 })
  #word = shape("g", { class: "draft-word" }, shape("g", {}, this.#ground, this.#text))
  node = shape("g", { class: "image-mark image-draft", hidden: "" }, ...this.#drawing.nodes, this.#word)

  show(draft, color) {
    set(this.node, { hidden: draft ? null : "" })
    if (!draft) return
    this.node.style.setProperty("--mark", color)
    this.#drawing.place(draft)
    const { say, at } = draft
    set(this.#word, { hidden: say && at ? null : "" })
    if (!say || !at) return
    this.#text.textContent = say
    set(this.#ground, { width: Math.ceil(textWidth(say, FONT)) + 16 })
    set(this.#word, { transform: `translate(${at.x} ${at.y})` })
  }
}

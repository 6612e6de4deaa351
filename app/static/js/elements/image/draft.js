// What is being drawn, over the marks: its outline, the points set so far, and a word beside the next one.

import { outlined } from "./drawing.js"
import { set, shape, textWidth } from "./shapes.js"

const FONT = "600 12px system-ui, sans-serif"
const APART = 12 // pixels of the screen from the place it is about
const HEIGHT = 18
const MARGIN = { x: 8, y: 13 } // of the letters' baseline in it

export class Draft {
  #drawing = outlined({ outline: ({ outline }) => outline, dots: ({ dots }) => dots ?? [] })
  #text = shape("text")
  #ground = shape("rect", { class: "tag-ground", height: HEIGHT, rx: 3 })
  #word = shape("g", { class: "draft-word" }, shape("g", {}, this.#ground, this.#text))
  node = shape("g", { class: "image-mark image-draft", hidden: "" }, ...this.#drawing.nodes, this.#word)

  /** `view` and `screen`: how the picture lies on the screen, and how large that is. */
  show(draft, color, view, screen) {
    set(this.node, { hidden: draft ? null : "" })
    if (!draft) return
    this.node.style.setProperty("--mark", color)
    this.#drawing.place(draft)
    const { say, at } = draft
    set(this.#word, { hidden: say && at ? null : "" })
    if (!say || !at) return
    this.#text.textContent = say
    const width = Math.ceil(textWidth(say, FONT)) + 2 * MARGIN.x
    const x = aside(at.x * view.scale + view.x, width, screen.width)
    const y = aside(at.y * view.scale + view.y, HEIGHT, screen.height)
    set(this.#ground, { x, y, width })
    set(this.#text, { x: x + MARGIN.x, y: y + MARGIN.y })
    set(this.#word, { transform: `translate(${at.x} ${at.y})` })
  }
}

/** How far from a place a word stands: behind it, or before it where the screen ends too soon. */
function aside(at, long, end) {
  return at + APART + long > end && at - APART - long > 0 ? -APART - long : APART
}

// The page's end of mask-worker.js: a deed goes in, the mask as it is afterwards comes out. Without a worker (a browser that
// refuses one) the page does it itself.

import { outline } from "../../annotate/mask-outline.js"
import { after } from "../../annotate/mask-painting.js"
import { compress, empty } from "../../annotate/rle.js"
import { keep, runs } from "../../annotate/shapes/masks.js"

export class MaskMaker {
  #picture
  #worker = null
  #waiting = new Map() // id -> what to call with the answer; null where the worker is gone
  #last = 0

  constructor(picture, signal) {
    this.#picture = { width: picture.width, height: picture.height }
    signal.addEventListener("abort", () => this.#worker?.terminate())
  }

  /** {changed, rle}: the mask after the deed; `rle` is null where nothing is left. `base` is null for a new one. */
  async make(base, deed) {
    const answer = (await this.#ask(base, deed)) ?? this.#here(base, deed)
    if (!answer.changed) return { changed: false, rle: base }
    if (answer.edges.length === 0) return { changed: true, rle: null }
    keep(answer.rle, { runs: { ...this.#picture, edges: answer.edges }, outline: answer.outline })
    return { changed: true, rle: answer.rle }
  }

  #ask(base, deed) {
    this.#worker ??= this.#start()
    if (this.#worker === false) return null
    const id = (this.#last += 1)
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#worker.postMessage({ id, picture: this.#picture, base, deed })
    })
  }

  #start() {
    const worker = new Worker(new URL("./mask-worker.js", import.meta.url), { type: "module" })
    worker.addEventListener("message", ({ data }) => {
      this.#waiting.get(data.id)?.(data)
      this.#waiting.delete(data.id)
    })
    worker.addEventListener("error", () => {
      this.#worker = false
      for (const resolve of this.#waiting.values()) resolve(null)
      this.#waiting.clear()
    })
    return worker
  }

  #here(base, deed) {
    const { runs: made, changed } = after(base ? runs({ rle: base }) : empty(this.#picture), deed)
    return changed ? { changed, rle: compress(made), edges: made.edges, outline: outline(made) } : { changed }
  }
}

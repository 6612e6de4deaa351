// Frames as pictures from the server, for browsers that can decode none by themselves: exact too, only slower. The answer
// says which moment the picture is of, so it is proven like any other.

const KEPT = 24

export class FrameStills {
  #url
  #kept = new Map() // microseconds asked for -> {seconds, picture}

  constructor(url) {
    this.#url = url
  }

  /** The frame shown at `seconds` after the first one: {seconds, draw(canvas), close()}, or null. */
  async frameAt(seconds) {
    const moment = Math.round(seconds * 1e6)
    const still = this.#kept.get(moment) ?? (await this.#fetch(moment))
    this.#keep(moment, still)
    return {
      seconds: still.seconds,
      draw: (canvas) => {
        canvas.width = still.picture.width
        canvas.height = still.picture.height
        canvas.getContext("2d").drawImage(still.picture, 0, 0)
      },
      close: () => {},
    }
  }

  async #fetch(moment) {
    const answer = await fetch(`${this.#url}/at/${moment}`)
    if (!answer.ok) throw new Error(`a still was answered with ${answer.status}`)
    const time = Number(answer.headers.get("frame-time") ?? NaN)
    return { seconds: time / 1e6, picture: await createImageBitmap(await answer.blob()) }
  }

  #keep(moment, still) {
    this.#kept.delete(moment)
    this.#kept.set(moment, still)
    if (this.#kept.size <= KEPT) return
    const [oldest] = this.#kept.keys()
    this.#kept.get(oldest).picture.close()
    this.#kept.delete(oldest)
  }

  close() {
    for (const { picture } of this.#kept.values()) picture.close()
    this.#kept.clear()
  }
}

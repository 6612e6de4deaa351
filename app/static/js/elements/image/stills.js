// The stills of a picture that moves: one file of them all, of which the frame table says when each is shown and where it
// lies. Only those asked for are fetched, and the last ones stay at hand.

import { FrameTable } from "../../annotate/frames.js"

const KEPT = 40

export class Stills {
  #urls
  #signal
  #places = null // [[start, length]] by frame
  #held = new Map() // frame -> promise of an <img>, decoded; the longest unused first
  #table = null

  constructor({ frames, stills }, signal) {
    this.#urls = { frames, stills }
    this.#signal = signal
    signal.addEventListener("abort", () => this.#forget(0))
  }

  /** When each frame is shown: a FrameTable. */
  async table() {
    if (this.#table) return this.#table
    const answer = await fetched(this.#urls.frames, { signal: this.#signal })
    const table = await answer.json()
    this.#places = table.stills
    this.#table = new FrameTable(table)
    return this.#table
  }

  /** A decoded <img> of a frame. Throws where it cannot be had; then the next one who asks tries again. */
  async picture(frame) {
    const known = this.#held.get(frame) ?? this.#fetch(frame)
    this.#held.delete(frame)
    this.#held.set(frame, known)
    this.#forget(KEPT)
    try {
      return await known
    } catch (error) {
      if (this.#held.get(frame) === known) this.#held.delete(frame)
      throw error
    }
  }

  /** Fetches a frame that is likely to be asked for. */
  expect(frame) {
    this.picture(frame).catch(() => {})
  }

  async #fetch(frame) {
    await this.table()
    const [start, length] = this.#places[frame]
    const headers = { Range: `bytes=${start}-${start + length - 1}` }
    const still = await (await fetched(this.#urls.stills, { signal: this.#signal, headers })).blob()
    const picture = new Image()
    picture.src = URL.createObjectURL(still.size === length ? still : still.slice(start, start + length))
    try {
      await picture.decode()
    } catch (error) {
      URL.revokeObjectURL(picture.src)
      throw error
    }
    return picture
  }

  #forget(most) {
    for (const [frame, promise] of this.#held) {
      if (this.#held.size <= most) break
      this.#held.delete(frame)
      promise.then((picture) => picture.isConnected || URL.revokeObjectURL(picture.src), () => {})
    }
  }
}

async function fetched(address, options) {
  const answer = await fetch(address, options)
  if (!answer.ok) throw new Error(`answered ${answer.status}`)
  return answer
}

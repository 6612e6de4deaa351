// The decoded tiles of one picture: fetched when they are seen, a few at a time, and let go when others are needed more.
// However large the picture is, no more is held than the screen shows, and a few beside.

import { keyOf } from "../../annotate/tiles.js"

const AT_ONCE = 6
const SPARE = 48 // tiles kept beside those that are seen: where one was a moment ago
const TRIES = 3

export class TileStore {
  #url
  #signal
  #onTile
  #onFail
  #bitmaps = new Map() // key -> ImageBitmap, the longest unused first
  #wanted = []
  #loading = new Set()
  #failed = new Map() // key -> how often
  hasAlpha = false

  /** `onTile()` when there is another one; `onFail(tile)` when one cannot be had. */
  constructor(url, { signal, onTile, onFail }) {
    this.#url = url
    this.#signal = signal
    this.#onTile = onTile
    this.#onFail = onFail
    signal.addEventListener("abort", () => this.#clear())
  }

  get(tile) {
    return this.#bitmaps.get(keyOf(tile)) ?? null
  }

  /** Fetches what is missing of these, the first first; what was asked for earlier and has not begun is forgotten. */
  want(tiles) {
    for (const tile of tiles) this.#use(keyOf(tile))
    this.#wanted = tiles.filter((tile) => this.#isMissing(tile))
    this.#forget(tiles.length + SPARE)
    this.#next()
  }

  /** Whether a tile was asked for as often as is worth it, and never came. */
  isGivenUp(tile) {
    return (this.#failed.get(keyOf(tile)) ?? 0) >= TRIES
  }

  /** What could not be had is tried once more. */
  tryAgain() {
    this.#failed.clear()
  }

  #use(key) {
    const bitmap = this.#bitmaps.get(key)
    if (!bitmap) return
    this.#bitmaps.delete(key)
    this.#bitmaps.set(key, bitmap)
  }

  #isMissing(tile) {
    const key = keyOf(tile)
    return !this.#bitmaps.has(key) && !this.#loading.has(key) && !this.isGivenUp(tile)
  }

  #forget(most) {
    for (const [key, bitmap] of this.#bitmaps) {
      if (this.#bitmaps.size <= most) break
      bitmap.close()
      this.#bitmaps.delete(key)
    }
  }

  #next() {
    while (this.#loading.size < AT_ONCE && this.#wanted.length > 0) this.#load(this.#wanted.shift())
  }

  async #load(tile) {
    const key = keyOf(tile)
    this.#loading.add(key)
    try {
      const answer = await fetch(`${this.#url}/${key}`, { signal: this.#signal })
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      const content = await answer.blob()
      const bitmap = await createImageBitmap(content)
      if (this.#signal.aborted) return bitmap.close()
      this.hasAlpha ||= content.type === "image/webp"
      this.#bitmaps.set(key, bitmap)
      this.#onTile(tile)
    } catch {
      if (this.#signal.aborted) return
      this.#failed.set(key, (this.#failed.get(key) ?? 0) + 1)
      this.#onFail(tile)
    } finally {
      this.#loading.delete(key)
    }
    this.#next()
  }

  #clear() {
    for (const bitmap of this.#bitmaps.values()) bitmap.close()
    this.#bitmaps.clear()
    this.#wanted = []
  }
}

// Going to a place in a video that is written down, and to the next or previous of its own landmarks: shots and keyframes
// of the file.

import { readPlace } from "../../annotate/places.js"

export class FrameJumps {
  #part
  #table
  #asks
  #input

  /** asks: {target(): the frame that was asked for last, go(frame), announce(sentence), segment(from, to)} */
  constructor(part, { table, signal, asks }) {
    this.#part = part
    this.#table = table
    this.#asks = asks
    this.#input = part.querySelector(".media-place")
    this.#input.addEventListener("keydown", (event) => this.#onKey(event), { signal })
    this.#input.addEventListener("blur", () => this.#close(), { signal })
    this.#close()
  }

  get actions() {
    const beside = (places, way, what) => () => this.#beside(places(), way, what)
    const { shots, keys } = this.#table
    return {
      "go-to": () => this.#open(),
      "shot-back": beside(() => shots, -1, "shot"),
      "shot-on": beside(() => shots, 1, "shot"),
      "shot-segment": () => this.#takeShot(),
      "file-key-back": beside(() => keys, -1, "keyframe of the file"),
      "file-key-on": beside(() => keys, 1, "keyframe of the file"),
    }
  }

  /** The shot on the screen as a segment, and on to the next one. */
  #takeShot() {
    const { shots, count } = this.#table
    const start = shots.findLast((frame) => frame <= this.#asks.target()) ?? null
    if (shots.length < 2 || start === null) return this.#asks.announce("No cuts were found in this video.")
    const next = shots.find((frame) => frame > start) ?? count
    this.#asks.segment(this.#table.seconds(start), this.#table.start(next) / 1e6)
    if (next < count) this.#asks.go(next)
  }

  #open() {
    this.#part.querySelector(".media-frame").hidden = true
    this.#input.hidden = false
    this.#input.value = ""
    this.#input.focus()
  }

  #close() {
    this.#input.hidden = true
    this.#part.querySelector(".media-frame").hidden = false
  }

  #onKey(event) {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return
    event.preventDefault()
    event.stopPropagation()
    const place = event.key === "Enter" ? readPlace(this.#input.value) : null
    if (event.key === "Enter" && place === null && this.#input.value.trim() !== "") {
      this.#asks.announce("Write a frame as 120, a time as 1:02.5.")
      return
    }
    this.#close()
    this.#part.focus()
    if (place !== null) this.#asks.go(place.frame ?? this.#table.at(place.seconds))
  }

  #beside(frames, way, what) {
    const { target } = this.#asks
    const now = target()
    const next = way > 0 ? frames.find((frame) => frame > now) : frames.findLast((frame) => frame < now)
    if (next === undefined) this.#asks.announce(way > 0 ? `There is no ${what} after this.` : `There is no ${what} before this.`)
    else this.#asks.go(next)
  }
}

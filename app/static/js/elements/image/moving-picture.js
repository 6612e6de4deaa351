// A picture that moves, one frame of it at a time. Another frame takes the place of the one shown only when it is there, at
// once and with its marks: nobody sees marks over a frame that they are not of.

import { Stills } from "./stills.js"
import { WholePicture } from "./whole-picture.js"

export class MovingPicture extends WholePicture {
  #onLoad
  #onFail
  #wanted = 0

  /** `media`: {width, height, urls: {frames, stills}}; `frame` is the one shown first. */
  constructor(image, media, { signal, onLoad, onFail, frame = 0 }) {
    super(image, media, { signal, onLoad: () => {}, onFail: () => {} })
    this.stills = new Stills(media.urls, signal)
    this.#onLoad = onLoad
    this.#onFail = onFail
    this.#wanted = frame
  }

  async load() {
    try {
      await this.show(this.#wanted, () => {})
      this.#onLoad()
    } catch {
      this.#onFail()
    }
  }

  /** Shows a frame as soon as it is there and then calls `onShown()`; false where another one was asked for meanwhile. */
  async show(frame, onShown) {
    this.#wanted = frame
    const picture = await this.stills.picture(frame)
    if (this.#wanted !== frame) return false
    this.replace(picture)
    onShown()
    return true
  }
}

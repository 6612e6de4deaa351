// A picture that the browser shows whole, in one <img>.

import { PIXELATED_FROM } from "../../annotate/viewport.js"

export class WholePicture {
  #image
  #media

  /** `media`: {width, height, url}. */
  constructor(image, media, { signal, onLoad, onFail }) {
    this.#image = image
    this.#media = media
    image.style.setProperty("width", `${media.width}px`)
    image.style.setProperty("height", `${media.height}px`)
    image.addEventListener("load", () => {
      image.setAttribute("data-loaded", "")
      onLoad()
    }, { signal })
    image.addEventListener("error", onFail, { signal })
  }

  load() {
    this.#image.removeAttribute("data-loaded")
    this.#image.removeAttribute("src")
    this.#image.src = this.#media.url
  }

  place({ scale, x, y }) {
    this.#image.style.setProperty("transform", `matrix(${scale}, 0, 0, ${scale}, ${x}, ${y})`)
    this.#image.toggleAttribute("data-pixelated", scale >= PIXELATED_FROM)
  }

  /** Paints the picture under a view on any canvas. */
  paint(pen, { scale, x, y }, { width, height }, isPixelated) {
    pen.clearRect(0, 0, width, height)
    pen.imageSmoothingEnabled = !isPixelated
    if (this.#image.complete && this.#image.naturalWidth > 0) {
      pen.drawImage(this.#image, x, y, this.#media.width * scale, this.#media.height * scale)
    }
  }
}

// A picture that the browser shows whole, in one <img>.

import { PIXELATED_FROM } from "../../annotate/viewport.js"

export class WholePicture {
  #image
  #media
  #view = null

  /** `media`: {width, height, url}. */
  constructor(image, media, { signal, onLoad, onFail }) {
    this.#image = image
    this.#media = media
    this.#size(image)
    image.addEventListener("load", () => {
      image.setAttribute("data-loaded", "")
      onLoad()
    }, { signal })
    image.addEventListener("error", onFail, { signal })
  }

  #size(image) {
    image.style.setProperty("width", `${this.#media.width}px`)
    image.style.setProperty("height", `${this.#media.height}px`)
  }

  load() {
    this.#image.removeAttribute("data-loaded")
    this.#image.removeAttribute("src")
    this.#image.src = this.#media.url
  }

  /** Puts another <img>, which is decoded, in the place of the one that is shown. */
  replace(image) {
    if (image === this.#image) return
    Object.assign(image, { className: this.#image.className, alt: "", draggable: false })
    image.setAttribute("data-loaded", "")
    this.#size(image)
    this.#image.replaceWith(image)
    this.#image = image
    if (this.#view) this.place(this.#view)
  }

  place(view) {
    const { scale, x, y } = view
    this.#view = view
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

// Which way the picture of a part is shown, and what is said when it cannot be.

import { TiledPicture } from "./tiled-picture.js"
import { WholePicture } from "./whole-picture.js"

/** The picture of a part element: {load(), place(view, screen), paint(pen, view, size, isPixelated)}. */
export function pictureOf(part, desk, signal) {
  const host = part.querySelector(".image-stage")
  const notice = part.querySelector(".image-failed")
  const ending = (failed) => {
    host.removeAttribute("aria-busy")
    notice.hidden = !failed
    desk.isSeen = !failed
    if (failed) desk.say("The picture could not be loaded.")
  }
  const telling = { signal, onLoad: () => ending(false), onFail: () => ending(true) }
  const picture = made(part, desk.part, telling)
  const load = () => {
    notice.hidden = true
    host.setAttribute("aria-busy", "true")
    picture.load()
  }
  notice.querySelector("[data-act=reload]").addEventListener("click", load, { signal })
  notice.querySelector("[data-act=skip]").addEventListener("click", () => {
    part.closest("fasit-work")?.querySelector("[data-outcome=skip]")?.click()
  }, { signal })
  load()
  return picture
}

function made(part, { width, height, tile_size: tile, urls }, telling) {
  if (tile && urls.tiles) return new TiledPicture(part.querySelector(".image-tiles"), { width, height, tile, url: urls.tiles }, telling)
  return new WholePicture(part.querySelector(".image-picture"), { width, height, url: urls.display ?? urls.original }, telling)
}

// Which way the picture of a part is shown, and what is said when it cannot be.

import { MovingPicture } from "./moving-picture.js"
import { TiledPicture } from "./tiled-picture.js"
import { WholePicture } from "./whole-picture.js"

/** The picture of a part element: {load(), place(view, screen), paint(pen, view, size, isPixelated)}. */
export function pictureOf(part, desk, signal) {
  const host = part.querySelector(".image-stage")
  const notice = part.querySelector(".image-failed")
  const ending = async (failed) => {
    host.removeAttribute("aria-busy")
    desk.isSeen = !failed
    const why = failed ? await reasonOf(desk.part) : null
    if (!signal.aborted) show(notice, why, desk)
  }
  const telling = { signal, onLoad: () => ending(false), onFail: () => ending(true) }
  const picture = made(part, desk.part, { ...telling, frame: desk.frame ?? 0 })
  const load = () => {
    notice.hidden = true
    host.setAttribute("aria-busy", "true")
    picture.load()
  }
  notice.querySelector("[data-act=reload]").addEventListener("click", load, { signal })
  load()
  return picture
}

function made(part, { width, height, tile_size: tile, frame_count: frames, urls }, telling) {
  const image = part.querySelector(".image-picture")
  if (frames > 1) return new MovingPicture(image, { width, height, urls }, telling)
  if (tile && urls.tiles) return new TiledPicture(part.querySelector(".image-tiles"), { width, height, tile, url: urls.tiles }, telling)
  return new WholePicture(image, { width, height, url: urls.display ?? urls.original }, telling)
}

/** "unreadable" where the file came but the browser cannot show it, else "unloaded". */
async function reasonOf({ urls }) {
  if (urls.tiles || urls.stills) return "unloaded"
  try {
    const { ok } = await fetch(urls.display ?? urls.original, { headers: { Range: "bytes=0-0" } })
    return ok ? "unreadable" : "unloaded"
  } catch {
    return "unloaded"
  }
}

// The reason is said, and goes along where the task is skipped.
function show(notice, why, desk) {
  for (const sentence of notice.querySelectorAll("[data-why]")) {
    sentence.hidden = sentence.dataset.why !== why
    if (sentence.hidden) continue
    notice.querySelector("[data-act=skip]").dataset.reason = sentence.dataset.reason
    desk.say(sentence.textContent)
  }
  notice.hidden = why === null
}

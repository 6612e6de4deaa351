// Which way the picture of a part is shown, and what is said when it cannot be.

const WAYS = {
  moving: async () => (await import("./moving-picture.js")).MovingPicture,
  tiled: async () => (await import("./tiled-picture.js")).TiledPicture,
  whole: async () => (await import("./whole-picture.js")).WholePicture,
}
const ways = {} // those that were loaded

/** Loads what shows the picture of a part, given as the server's JSON; to be awaited before the part is opened. */
export async function loadPicture(part) {
  const way = wayOf(part)
  ways[way] ??= await WAYS[way]()
}

function wayOf({ frame_count: frames, tile_size: tile, urls }) {
  if (frames > 1) return "moving"
  return tile && urls.tiles ? "tiled" : "whole"
}

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

function made(part, data, telling) {
  const { width, height, tile_size: tile, urls } = data
  const way = wayOf(data)
  const Picture = ways[way]
  if (way === "tiled") return new Picture(part.querySelector(".image-tiles"), { width, height, tile, url: urls.tiles }, telling)
  const image = part.querySelector(".image-picture")
  if (way === "moving") return new Picture(image, { width, height, urls }, telling)
  return new Picture(image, { width, height, url: urls.display ?? urls.original }, telling)
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

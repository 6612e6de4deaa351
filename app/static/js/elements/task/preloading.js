// What the first view of an ad shows, loaded while the task before it is worked on: the browser then has it at hand.

const LOADERS = { image: loadPicture, video: loadFilm, audio: loadSound }
const held = new Set() // what was loaded for a task that is not on the page yet must not be thrown away

/** `parts`: the ad's parts as the server gives them. What cannot be loaded ahead is loaded when it is shown. */
export async function preloadMedia(parts) {
  held.clear()
  await Promise.allSettled(parts.map((part) => LOADERS[part.modality]?.(part.urls, part)))
}

// Of a picture in tiles only the coarsest, of one that moves the table of its frames: what is shown whole is never fetched.
async function loadPicture({ display, original, tiles, frames }, { width, height, tile_size: tile, frame_count: count } = {}) {
  if (tile && tiles) {
    const { levelsOf } = await import("../../annotate/tiles.js")
    return fetch(`${tiles}/${levelsOf({ width, height }, tile).length - 1}/0/0`)
  }
  if (count > 1 && frames) return fetch(frames)
  const picture = new Image()
  picture.src = display ?? original
  held.add(picture)
  return picture.decode()
}

function loadFilm({ display, original, thumbnail }) {
  const film = document.createElement("video")
  film.preload = "auto"
  film.src = display ?? original
  held.add(film)
  return thumbnail ? loadPicture({ display: thumbnail }) : Promise.resolve()
}

async function loadSound({ display, original, peaks }) {
  const sound = new Audio()
  sound.preload = "auto"
  sound.src = display ?? original
  held.add(sound)
  if (!peaks) return null
  const { HEAD_BYTES } = await import("../../annotate/peaks.js")
  return fetch(peaks, { headers: { range: `bytes=0-${HEAD_BYTES - 1}` } })
}

// How a picture lies on the screen: screen = media * scale + (x, y). Plain frozen values and pure functions.
// `media` and `screen` are {width, height}; points are {x, y}; lengths on the screen are CSS pixels.

export const PIXELATED_FROM = 3 // screen pixels per pixel of the original, whose edges are to be seen
const MOST = 64 // screen pixels per pixel of the original
const MARGIN = 12
const KEPT_IN_SIGHT = 48

const view = (scale, x, y) => Object.freeze({ scale, x, y })

const between = (value, least, most) => Math.min(Math.max(value, least), most)

export const IDENTITY = view(1, 0, 0)

export const toScreen = ({ scale, x, y }, point) => ({ x: point.x * scale + x, y: point.y * scale + y })

export const toMedia = ({ scale, x, y }, point) => ({ x: (point.x - x) / scale, y: (point.y - y) / scale })

/** The whole picture in the middle; a small one is enlarged at most `enlarge` times. */
export function fit(media, screen, { margin = MARGIN, enlarge = 4 } = {}) {
  const room = { width: Math.max(screen.width - 2 * margin, 1), height: Math.max(screen.height - 2 * margin, 1) }
  return centred(media, screen, Math.min(room.width / media.width, room.height / media.height, enlarge))
}

function centred(media, screen, scale) {
  return view(scale, (screen.width - media.width * scale) / 2, (screen.height - media.height * scale) / 2)
}

/** The scale that `fit` gives is also the smallest that one may zoom out to (halved, to see around it). */
export function limits(media, screen) {
  const whole = fit(media, screen).scale
  return { least: Math.min(whole / 2, 1), most: MOST }
}

/** Zooms so that what is under `at` (on the screen) stays under it. */
export function zoomAbout(now, factor, at, media, screen) {
  const { least, most } = limits(media, screen)
  const scale = between(now.scale * factor, least, most)
  const fixed = toMedia(now, at)
  return kept(view(scale, at.x - fixed.x * scale, at.y - fixed.y * scale), media, screen)
}

/** One pixel of the original on one pixel of the screen, about the middle of what is seen. */
export function actualSize(now, media, screen) {
  const { scale, x, y } = zoomAbout(now, 1 / now.scale, { x: screen.width / 2, y: screen.height / 2 }, media, screen)
  return view(scale, Math.round(x), Math.round(y)) // else every pixel would lie across two
}

export function pan(now, dx, dy, media, screen) {
  return kept(view(now.scale, now.x + dx, now.y + dy), media, screen)
}

/** Never lets the picture leave the screen for good: a strip of it stays in sight. */
function kept(now, media, screen) {
  const width = media.width * now.scale
  const height = media.height * now.scale
  const strip = (room, length) => Math.min(KEPT_IN_SIGHT, room, length)
  const across = strip(screen.width, width)
  const down = strip(screen.height, height)
  return view(
    now.scale,
    between(now.x, across - width, screen.width - across),
    between(now.y, down - height, screen.height - down),
  )
}

/** A part of the picture ({x, y, width, height}) as large as it goes, with room around it. */
export function zoomTo(area, media, screen) {
  const { least, most } = limits(media, screen)
  const room = 0.6
  const wanted = Math.min((screen.width * room) / Math.max(area.width, 1), (screen.height * room) / Math.max(area.height, 1))
  const scale = between(wanted, least, Math.min(most, 16))
  const x = screen.width / 2 - (area.x + area.width / 2) * scale
  const y = screen.height / 2 - (area.y + area.height / 2) * scale
  return kept(view(scale, x, y), media, screen)
}

/** Pans just so far that the area is in sight; an area larger than the screen shows its start. */
export function reveal(now, area, media, screen, margin = 24) {
  const from = toScreen(now, area)
  const dx = shift(from.x, area.width * now.scale, screen.width, margin)
  const dy = shift(from.y, area.height * now.scale, screen.height, margin)
  return dx === 0 && dy === 0 ? now : pan(now, dx, dy, media, screen)
}

function shift(start, length, room, margin) {
  if (length + 2 * margin > room) {
    const seen = start < room - margin && start + length > margin
    return seen ? 0 : margin - start
  }
  if (start < margin) return margin - start
  return Math.min(0, room - margin - (start + length))
}

/** Where one looks, whatever the picture and the screen: how many times the whole picture, and its middle in shares of it. */
export function placeOf(now, media, screen) {
  const middle = toMedia(now, { x: screen.width / 2, y: screen.height / 2 })
  return { zoom: now.scale / fit(media, screen).scale, x: middle.x / media.width, y: middle.y / media.height }
}

/** The view of another picture at that place; of one of the same size exactly the same view. */
export function at({ zoom, x, y }, media, screen) {
  const { least, most } = limits(media, screen)
  const scale = between(fit(media, screen).scale * zoom, least, most)
  const [left, top] = [screen.width / 2 - x * media.width * scale, screen.height / 2 - y * media.height * scale]
  return kept(view(scale, left, top), media, screen)
}

/** After the screen changed its size: what was in the middle stays in the middle. */
export function resized(now, before, media, screen) {
  return pan(now, (screen.width - before.width) / 2, (screen.height - before.height) / 2, media, screen)
}

/** The CSS transform that makes what was drawn under `drawn` lie as under `now`. */
export function difference(drawn, now) {
  const factor = now.scale / drawn.scale
  return { scale: factor, x: now.x - drawn.x * factor, y: now.y - drawn.y * factor }
}

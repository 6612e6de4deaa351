// What hands do to a mask: strokes of a round brush, outlines filled or cut out, holes filled. Runs (rle.js) in, runs out.
// A pixel is painted when its middle is; nothing larger than the stroke's own bounds is ever held as a bitmap.

import { coarse } from "./mask-outline.js"
import { bounds, contains, fromBitmap, intersect, isEmpty, subtract, toBitmap, union } from "./rle.js"

export const SIZES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 75, 90, 110, 140, 170, 210, 260, 320, 400, 500]

/** The next size of a brush, in pixels of the picture across. */
export function nextSize(size, way) {
  return way > 0 ? (SIZES.find((one) => one > size) ?? SIZES.at(-1)) : (SIZES.findLast((one) => one < size) ?? SIZES[0])
}

/** Where the middle of a brush lies: on a pixel's middle where its size is odd, else on a corner. So it covers whole pixels. */
export function settled({ x, y }, size) {
  return size % 2 ? { x: Math.floor(x) + 0.5, y: Math.floor(y) + 0.5 } : { x: Math.round(x), y: Math.round(y) }
}

// Strokes -------------------------------------------------------------------------------------------------------------

/** The runs that a round brush covers on its way through settled points. */
export function stroke(points, size, picture) {
  const radius = size / 2
  const bitmap = blank(points, radius, picture)
  points.forEach((point, at) => sweep(bitmap, points[Math.max(at - 1, 0)], point, radius))
  return fromBitmap(bitmap, picture)
}

function blank(points, away, picture) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of points) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  const x = Math.max(Math.floor(left - away), 0)
  const y = Math.max(Math.floor(top - away), 0)
  const width = Math.max(Math.min(Math.ceil(right + away), picture.width) - x, 0)
  const height = Math.max(Math.min(Math.ceil(bottom + away), picture.height) - y, 0)
  return { x, y, width, height, data: new Uint8Array(width * height) }
}

/** A disc drawn from one point to another. It is convex, so that every column of it is one run. */
function sweep(bitmap, from, to, radius) {
  const { x: left, y: top, width, height, data } = bitmap
  const first = Math.max(Math.floor(Math.min(from.x, to.x) - radius) - left, 0)
  const last = Math.min(Math.ceil(Math.max(from.x, to.x) + radius) - left, width)
  for (let column = first; column < last; column += 1) {
    const [low, high] = rows(column + left + 0.5, from, to, radius)
    const begin = Math.max(Math.ceil(low - 0.5) - top, 0)
    const end = Math.min(Math.floor(high - 0.5) + 1 - top, height)
    if (begin < end) data.fill(1, column * height + begin, column * height + end)
  }
}

/** Between which heights the swept disc lies at x; Infinity to -Infinity where it does not. */
function rows(x, from, to, radius) {
  const one = rowsOfDisc(x, from, radius)
  const other = rowsOfDisc(x, to, radius)
  const body = rowsOfBody(x, from, to, radius)
  return [Math.min(one[0], other[0], body[0]), Math.max(one[1], other[1], body[1])]
}

function rowsOfDisc(x, middle, radius) {
  const away = x - middle.x
  const half = Math.sqrt(radius * radius - away * away) // NaN beside it
  return half >= 0 ? [middle.y - half, middle.y + half] : [Infinity, -Infinity]
}

/** The rectangle between both discs: no further from the line than the radius, and beside the line itself. */
function rowsOfBody(x, from, to, radius) {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  if (length === 0) return [Infinity, -Infinity]
  const [along, down] = [(to.x - from.x) / length, (to.y - from.y) / length]
  const away = x - from.x
  const beside = within(away * down, -along, -radius, radius)
  const between = within(away * along, down, 0, length)
  const [low, high] = [Math.max(beside[0], between[0]), Math.min(beside[1], between[1])]
  return low <= high ? [low + from.y, high + from.y] : [Infinity, -Infinity]
}

/** For which y is least <= start + slope * y <= most. */
function within(start, slope, least, most) {
  if (Math.abs(slope) < 1e-12) return start >= least && start <= most ? [-Infinity, Infinity] : [Infinity, -Infinity]
  const ends = [(least - start) / slope, (most - start) / slope]
  return slope > 0 ? ends : [ends[1], ends[0]]
}

// Outlines ------------------------------------------------------------------------------------------------------------

/** The runs whose pixels' middles lie inside a closed outline, also where it goes round twice. */
export function polygon(points, picture) {
  const bitmap = blank(points, 0, picture)
  const { x: left, y: top, width, height, data } = bitmap
  const crossings = Array.from({ length: width }, () => [])
  points.forEach((to, at) => {
    const from = points.at(at - 1)
    if (from.x === to.x) return
    const way = from.x < to.x ? 1 : -1
    const [start, end] = way > 0 ? [from, to] : [to, from]
    const first = Math.max(Math.ceil(start.x - 0.5), left)
    const last = Math.min(Math.ceil(end.x - 0.5), left + width)
    for (let column = first; column < last; column += 1) {
      const height = start.y + ((column + 0.5 - start.x) * (end.y - start.y)) / (end.x - start.x)
      crossings[column - left].push({ height, way })
    }
  })
  crossings.forEach((lines, column) => {
    lines.sort((one, other) => one.height - other.height)
    let times = 0
    lines.forEach((line, at) => {
      times += line.way
      if (times === 0) return
      const begin = Math.max(Math.ceil(line.height - 0.5) - top, 0)
      const end = Math.min(Math.ceil(lines[at + 1].height - 0.5) - top, height)
      if (begin < end) data.fill(1, column * height + begin, column * height + end)
    })
  })
  return fromBitmap(bitmap, picture)
}

// Holes ---------------------------------------------------------------------------------------------------------------

/**
 * The empty area around a point that the mask encloses, alone or with the picture's edges; null where it is open, or where
 * the point is on the mask. Pixels that touch at a corner only are not connected.
 */
export function hole(runs, point) {
  const box = bounds(runs)
  const column = Math.floor(point.x) - box.x
  const row = Math.floor(point.y) - box.y
  const isOutside = column < 0 || row < 0 || column >= box.width || row >= box.height
  if (isOutside || contains(runs, point)) return null
  const open = {
    left: box.x > 0, top: box.y > 0, right: box.x + box.width < runs.width, bottom: box.y + box.height < runs.height,
  }
  const bitmap = toBitmap(runs, box)
  return flood(bitmap, column, row, open) ? fromBitmap(bitmap, runs) : null
}

const ASKED_AT_MOST = 1_000_000 // pixels that are looked through while somebody waits

/** Whether there is such a hole: at once, of a large mask not to the pixel. */
export function encloses(runs, point) {
  const { width, height } = bounds(runs)
  const grain = Math.ceil(Math.sqrt((width * height) / ASKED_AT_MOST))
  if (grain <= 1) return hole(runs, point) !== null
  return !contains(runs, point) && hole(coarse(runs, grain), { x: point.x / grain, y: point.y / grain }) !== null
}

const FILLED = 2

/** Leaves only the filled area set in the bitmap; false where it runs out over an open side. */
function flood(bitmap, column, row, open) {
  const { width, height, data } = bitmap
  const waiting = [column * height + row]
  while (waiting.length > 0) {
    const from = waiting.pop()
    if (data[from]) continue
    const [begin, end] = wholeRun(data, from, height)
    const at = Math.floor(from / height)
    data.fill(FILLED, begin, end)
    if (open.top && begin === at * height) return false
    if (open.bottom && end === (at + 1) * height) return false
    if ((open.left && at === 0) || (open.right && at === width - 1)) return false
    if (at > 0) emptyRuns(data, begin - height, end - height, waiting)
    if (at < width - 1) emptyRuns(data, begin + height, end + height, waiting)
  }
  for (let at = 0; at < data.length; at += 1) data[at] = data[at] === FILLED ? 1 : 0
  return true
}

function wholeRun(data, from, height) {
  const start = Math.floor(from / height) * height
  let [begin, end] = [from, from + 1]
  while (begin > start && !data[begin - 1]) begin -= 1
  while (end < start + height && !data[end]) end += 1
  return [begin, end]
}

function emptyRuns(data, begin, end, found) {
  for (let at = begin; at < end; at += 1) {
    if (!data[at] && (at === begin || data[at - 1])) found.push(at)
  }
}

// Together ------------------------------------------------------------------------------------------------------------

/**
 * One act on a mask (or on none): {act: "brush" | "erase", points, size}, {act: "fill" | "cut", points} along an outline,
 * {act: "hole", at}. Gives {runs, changed}; `runs` are the same where the act did nothing.
 */
export function after(runs, deed) {
  const { act } = deed
  const touched = act === "hole" ? hole(runs, deed.at) : deed.size ? stroke(deed.points, deed.size, runs) : polygon(deed.points, runs)
  if (touched === null || isEmpty(touched)) return { runs, changed: false }
  if (act === "erase" || act === "cut") {
    return isEmpty(intersect(runs, touched)) ? { runs, changed: false } : { runs: subtract(runs, touched), changed: true }
  }
  return isEmpty(subtract(touched, runs)) ? { runs, changed: false } : { runs: union(runs, touched), changed: true }
}

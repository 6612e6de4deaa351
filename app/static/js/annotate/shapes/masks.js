// Masks as one of the shapes of registry.js: pixels of the picture, kept as COCO's runs. `rle.size` is the picture's.

import { outline as outlineOf } from "../mask-outline.js"
import * as rle from "../rle.js"

export const noun = "mask"

const runsOf = new WeakMap() // marks never change, so that what was read once holds

/** The runs of a mark; none where its counts cannot be read. */
export function runs(mark) {
  if (!runsOf.has(mark.rle)) runsOf.set(mark.rle, read(mark.rle))
  return runsOf.get(mark.rle)
}

function read(code) {
  try {
    return rle.decompress(code)
  } catch {
    return rle.empty({ width: code.size?.[1] ?? 0, height: code.size?.[0] ?? 0 })
  }
}

export const bounds = (mark) => rle.bounds(runs(mark))
export const area = (mark) => rle.area(runs(mark))
export const contains = (mark, point) => rle.contains(runs(mark), point)
export const geometry = (mark) => ({ rle: mark.rle })
export const clamped = geometry
export const resized = () => null
export const handles = () => []
export const dragged = () => null

const between = (value, least, most) => Math.min(Math.max(Math.round(value), least), most)

export function moved(mark, dx, dy, size) {
  const { x, y, width, height } = bounds(mark)
  const right = between(dx, -x, size.width - x - width)
  const down = between(dy, -y, size.height - y - height)
  if (right === 0 && down === 0) return geometry(mark)
  return made(rle.shift(runs(mark), right, down))
}

/** The geometry of runs; they need not be read again. */
export function made(from) {
  const code = rle.compress(from)
  runsOf.set(code, from)
  return { rle: code }
}

const outlines = new WeakMap()

/** Remembers what was worked out of a code elsewhere. */
export function keep(code, known) {
  runsOf.set(code, known.runs)
  outlines.set(code, known.outline)
}

export function outline(mark) {
  if (!outlines.has(mark.rle)) outlines.set(mark.rle, outlineOf(runs(mark)))
  return outlines.get(mark.rle)
}

export function describe(mark) {
  const { x, y, width, height } = bounds(mark)
  return `left ${x}, top ${y}, ${width} by ${height} pixels, ${area(mark)} of them painted`
}

export function brief(mark) {
  const { x, y, width, height } = bounds(mark)
  return `${x}, ${y}, ${width} × ${height}, ${area(mark)} px`
}

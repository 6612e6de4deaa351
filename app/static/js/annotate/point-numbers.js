// The form of a mark made of points or pixels: where it lies as a whole, and where the chosen one of its points lies.

import { SHAPES } from "./shapes/registry.js"
import { OCCLUDED, SEEN, UNLABELLED } from "./shapes/visibility.js"

const pixels = (name, label) => ({ name, label, step: 1, digits: 2 })
const WHOLE = [pixels("left", "Left"), pixels("top", "Top")]

export const OF_MASKS = WHOLE
export const OF_POINTS = [...WHOLE, pixels("x", "Point x"), pixels("y", "Point y")]
export const OF_KEYPOINTS = [
  ...OF_POINTS,
  { name: "visibility", label: "0 left out, 1 occluded, 2 seen", step: 1, digits: 0, isWide: true },
]

export function numbersOfPoint(kind, mark, piece) {
  const shape = SHAPES[kind]
  const { x: left, y: top } = shape.bounds(mark)
  const name = piece ?? shape.vertices?.names(mark)[0]
  const at = shape.vertices?.at(mark, name)
  return { left, top, ...at, visibility: kind === "keypoints" ? mark.points[name]?.[2] : undefined }
}

/** The geometry after one of these numbers has changed; null where that would lie outside or make nothing of the mark. */
export function pointChange(kind, mark, name, value, { part, piece }) {
  const shape = SHAPES[kind]
  const before = numbersOfPoint(kind, mark, piece)
  const point = piece ?? shape.vertices?.names(mark)[0]
  if (name === "left" || name === "top") return moved(shape, mark, name, value, { before, part })
  if (name === "visibility") return seen(shape, mark, point, value, { before, part })
  const side = name === "x" ? part.width : part.height
  if (value < 0 || value > side) return null
  return shape.vertices.placed(mark, point, { x: before.x, y: before.y, [name]: value }, part)
}

function moved(shape, mark, name, value, { before, part }) {
  const { width, height } = shape.bounds(mark)
  const room = name === "left" ? part.width - width : part.height - height
  if (value < 0 || value > room) return null
  const by = { left: 0, top: 0, [name]: value - before[name] }
  return shape.moved(mark, by.left, by.top, part)
}

function seen(shape, mark, point, value, { before, part }) {
  if (value === UNLABELLED) return shape.vertices.without(mark, point)
  if (value !== OCCLUDED && value !== SEEN) return null
  const { points } = shape.vertices.placed(mark, point, before, part)
  const [x, y] = points[point]
  return { points: { ...points, [point]: [x, y, value] } }
}

// How marks of a kind are drawn: {make() -> {nodes: [Element], place(mark, field, item)}}. Those that say nothing are drawn
// as the outline of their shape, from the outside in: dark, light, then the choice's colour, so that one of them stands out
// on any picture.

import { SHAPES } from "../../annotate/shapes/registry.js"
import { set, shape } from "./shapes.js"

/** field kind -> drawer; a kind that is not here is drawn by its outline and dots. */
export const DRAWERS = {}

export function drawerOf(kind) {
  return DRAWERS[kind] ?? { make: () => outlined(SHAPES[kind]) }
}

export function outlined({ outline, dots = null }) {
  const lines = paths("mark-dark", "mark-light", "mark-line")
  const points = dots ? paths("dots-dark", "dots-light", "dots-line", "dots-hollow") : []
  const place = (mark, field) => {
    const data = outline(mark, field)
    for (const line of lines) set(line, { d: data })
    if (dots) placeDots(points, dots(mark))
  }
  return { nodes: [...lines, ...points], place }
}

export const paths = (...names) => names.map((name) => shape("path", { class: name }))

/** Draws dots {x, y, hollow} by paths of no length: their round ends keep their size on the screen at any zoom. */
export function placeDots(points, dots) {
  const all = dotted(dots)
  for (const path of points.slice(0, 3)) set(path, { d: all })
  if (points[3]) set(points[3], { d: dotted(dots.filter(({ hollow }) => hollow)) })
}

export const dotted = (dots) => dots.map(({ x, y }) => `M${x} ${y}h.01`).join("")

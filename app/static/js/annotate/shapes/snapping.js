// Where a point goes when it snaps to its neighbours: to a corner of another mark, else onto one of its edges.

import { boundsOf, SHAPES } from "./registry.js"
import { distance, edgesOf, nearestOnLine, tidy } from "./points.js"

/** The place within `reach` that the point snaps to, or null. `items` are those that it may snap to. */
export function snapped(point, items, reach) {
  const rings = items.filter((item) => SHAPES[item.kind].ring && near(boundsOf(item), point, reach)).map(ringOf)
  const corners = rings.flatMap((ring) => ring.points)
  const edges = rings.filter(({ isLoose }) => !isLoose).flatMap((ring) => edgesOf(ring.points, ring.isClosed))
  const found = nearest(point, corners, reach)
  if (found) return found
  return nearest(point, edges.map(([from, to]) => nearestOnLine(point, from, to)), reach)
}

const ringOf = ({ kind, mark }) => SHAPES[kind].ring(mark)

function nearest(point, places, reach) {
  let found = null
  let least = reach
  for (const place of places) {
    const away = distance(point, place)
    if (away <= least) [found, least] = [place, away]
  }
  return found && { x: tidy(found.x), y: tidy(found.y) }
}

const near = (area, { x, y }, reach) =>
  x >= area.x - reach && y >= area.y - reach && x <= area.x + area.width + reach && y <= area.y + area.height + reach

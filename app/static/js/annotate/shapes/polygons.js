// Closed lines, ellipses included.

import { lineShape } from "./lines.js"
import { inside } from "./points.js"

export const polygons = lineShape({ noun: "polygon", isClosed: true, least: 3 })

const SMOOTH = 0.25 // pixels that the corners may lie beside the curve
const [FEWEST, MOST] = [16, 128]

/** How many corners an ellipse of these radii needs to look round. */
function cornersFor(radius) {
  const needed = Math.PI / Math.acos(Math.max(1 - SMOOTH / Math.max(radius, 1), 0))
  return Math.min(Math.max(Math.ceil(needed / 4) * 4, FEWEST), MOST)
}

/** The ellipse that fills a box, as a polygon of at most `most` corners; starts on its right and goes round clockwise. */
export function ellipseIn({ x, y, width, height }, size, most = MOST) {
  const [across, down] = [width / 2, height / 2]
  const count = Math.min(cornersFor(Math.max(across, down)), most)
  const corners = Array.from({ length: count }, (_, at) => {
    const angle = (2 * Math.PI * at) / count
    return inside({ x: x + across + across * Math.cos(angle), y: y + down + down * Math.sin(angle) }, size)
  })
  return { points: corners.map((point) => [point.x, point.y]) }
}

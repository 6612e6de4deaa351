// What the shapes made of points have in common. Points are {x, y}; every result lies in the picture.

const between = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most))
const HUNDREDTH = 100

export const tidy = (value) => Math.round(value * HUNDREDTH) / HUNDREDTH + 0 // no -0, no 12.000000001

export const inside = ({ x, y }, size) => ({ x: tidy(between(x, 0, size.width)), y: tidy(between(y, 0, size.height)) })

/** The upright area that holds them; of none, an empty one at the origin. */
export function boundsOfPoints(points) {
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of points) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** All moved alike, as far as the edges let them. */
export function movedPoints(points, dx, dy, size) {
  const area = boundsOfPoints(points)
  const across = between(dx, -area.x, size.width - area.x - area.width)
  const down = between(dy, -area.y, size.height - area.y - area.height)
  return points.map(({ x, y }) => ({ x: tidy(x + across), y: tidy(y + down) }))
}

/** Stretched so that the area's right and lower side move by (dx, dy); a line that has no width gets none. */
export function stretchedPoints(points, dx, dy, size) {
  const area = boundsOfPoints(points)
  const factor = (start, length, by, room) => (length === 0 ? 1 : between(length + by, 1, room - start) / length)
  const across = factor(area.x, area.width, dx, size.width)
  const down = factor(area.y, area.height, dy, size.height)
  return points.map(({ x, y }) => inside({ x: area.x + (x - area.x) * across, y: area.y + (y - area.y) * down }, size))
}

export const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y)

/** Whether at least so many of the points are at different places. */
export const isApart = (points, least) => new Set(points.map(({ x, y }) => `${x} ${y}`)).size >= least

/** The place on the line between two points that is nearest to a third. */
export function nearestOnLine(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : between(((point.x - from.x) * dx + (point.y - from.y) * dy) / length, 0, 1)
  return { x: from.x + share * dx, y: from.y + share * dy }
}

/** The lines between points that follow each other, [[from, to]]. */
export function edgesOf(points, isClosed) {
  const last = isClosed && points.length > 2 ? points.length : points.length - 1
  return Array.from({ length: Math.max(last, 0) }, (_, at) => [points[at], points[(at + 1) % points.length]])
}

export const isNearLine = (point, points, isClosed, slack) =>
  edgesOf(points, isClosed).some(([from, to]) => distance(point, nearestOnLine(point, from, to)) <= slack)

/** Whether a point lies in what a closed line goes round (crossed lines: in an odd number of turns). */
export function isWithin(point, points) {
  let within = false
  for (const [from, to] of edgesOf(points, true)) {
    const crosses = from.y > point.y !== to.y > point.y
    if (crosses && point.x < from.x + ((point.y - from.y) / (to.y - from.y)) * (to.x - from.x)) within = !within
  }
  return within
}

/** The area that a closed line goes round. */
export function coveredBy(points) {
  const twice = edgesOf(points, true).reduce((sum, [from, to]) => sum + from.x * to.y - to.x * from.y, 0)
  return Math.abs(twice) / 2
}

/** Data of an SVG path through points. */
export function pathThrough(points, isClosed) {
  if (points.length === 0) return ""
  return `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}${isClosed && points.length > 2 ? "z" : ""}`
}

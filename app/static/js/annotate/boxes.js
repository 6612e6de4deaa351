// Boxes {x, y, width, height, rotation}: top-left corner and size in pixels of the original, rotation clockwise in degrees
// about the centre. Plain values in, new plain values out; `size` is the picture's {width, height}.

export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"]
export const LEAST = 1
const HUNDREDTH = 100

const between = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most))
const tidy = (value) => Math.round(value * HUNDREDTH) / HUNDREDTH + 0 // no -0, no 12.000000001

export const isTurned = (box) => Boolean(box.rotation)

export const clampPoint = ({ x, y }, size) => ({ x: between(x, 0, size.width), y: between(y, 0, size.height) })

export const wholePoint = ({ x, y }) => ({ x: Math.round(x), y: Math.round(y) })

/** The box between two points, on whole pixels, inside the picture; null where nothing of it is left. */
export function boxBetween(from, to, size) {
  const one = wholePoint(clampPoint(from, size))
  const other = wholePoint(clampPoint(to, size))
  const width = Math.abs(one.x - other.x)
  const height = Math.abs(one.y - other.y)
  if (width < LEAST || height < LEAST) return null
  return { x: Math.min(one.x, other.x), y: Math.min(one.y, other.y), width, height, rotation: 0 }
}

export const centreOf = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })

/** Upright boxes lie inside the picture whole, turned ones with their centre. */
export function clampBox(box, size) {
  if (isTurned(box)) {
    const centre = clampPoint(centreOf(box), size)
    return shaped({ ...box, x: centre.x - box.width / 2, y: centre.y - box.height / 2 })
  }
  const width = between(box.width, Math.min(LEAST, size.width), size.width)
  const height = between(box.height, Math.min(LEAST, size.height), size.height)
  return shaped({ ...box, width, height, x: between(box.x, 0, size.width - width), y: between(box.y, 0, size.height - height) })
}

const shaped = ({ x, y, width, height, rotation = 0 }) => ({
  x: tidy(x), y: tidy(y), width: tidy(width), height: tidy(height), rotation: tidy(rotation),
})

export function moveBox(box, dx, dy, size) {
  return clampBox({ ...box, x: box.x + dx, y: box.y + dy }, size)
}

/** Drags one handle by (dx, dy); the side opposite stays where it is. Dragged past it, the box turns over. */
export function resizeBox(box, handle, dx, dy, size) {
  const local = turn({ x: dx, y: dy }, -(box.rotation ?? 0))
  const edges = { left: 0, top: 0, right: box.width, bottom: box.height }
  if (handle.includes("w")) edges.left += local.x
  if (handle.includes("e")) edges.right += local.x
  if (handle.includes("n")) edges.top += local.y
  if (handle.includes("s")) edges.bottom += local.y
  if (!isTurned(box)) return clampBox(upright(box, edges, size), size)
  const [left, right] = ordered(edges.left, edges.right)
  const [top, bottom] = ordered(edges.top, edges.bottom)
  const moved = turn({ x: (left + right - box.width) / 2, y: (top + bottom - box.height) / 2 }, box.rotation)
  const centre = centreOf(box)
  const width = right - left
  const height = bottom - top
  return clampBox({ ...box, width, height, x: centre.x + moved.x - width / 2, y: centre.y + moved.y - height / 2 }, size)
}

function upright(box, edges, size) {
  const [left, right] = ordered(between(box.x + edges.left, 0, size.width), between(box.x + edges.right, 0, size.width))
  const [top, bottom] = ordered(between(box.y + edges.top, 0, size.height), between(box.y + edges.bottom, 0, size.height))
  return { ...box, x: left, y: top, width: right - left, height: bottom - top }
}

function ordered(one, other) {
  const [least, most] = one <= other ? [one, other] : [other, one]
  return [least, Math.max(most, least + LEAST)]
}

export function rotateBox(box, degrees, size) {
  const rotation = ((((box.rotation ?? 0) + degrees) % 360) + 360) % 360
  return clampBox({ ...box, rotation: rotation > 180 ? rotation - 360 : rotation }, size)
}

/** The box with one side from `from` to `to` whose opposite side goes through `across`; null where it has no area. */
export function boxOfThree(from, to, across, size) {
  const rotation = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI
  const width = Math.hypot(to.x - from.x, to.y - from.y)
  const deep = turn({ x: across.x - from.x, y: across.y - from.y }, -rotation).y
  if (width < LEAST || Math.abs(deep) < LEAST) return null
  const away = turn({ x: width / 2, y: deep / 2 }, rotation)
  const height = Math.abs(deep)
  return clampBox({ x: from.x + away.x - width / 2, y: from.y + away.y - height / 2, width, height, rotation }, size)
}

export function turn({ x, y }, degrees) {
  if (!degrees) return { x, y }
  const angle = (degrees * Math.PI) / 180
  return { x: x * Math.cos(angle) - y * Math.sin(angle), y: x * Math.sin(angle) + y * Math.cos(angle) }
}

/** A point as seen from the box's own corner, with the box lying straight. */
function within(box, point) {
  const centre = centreOf(box)
  const local = turn({ x: point.x - centre.x, y: point.y - centre.y }, -(box.rotation ?? 0))
  return { x: local.x + box.width / 2, y: local.y + box.height / 2 }
}

export function hits(box, point, slack = 0) {
  const { x, y } = within(box, point)
  return x >= -slack && y >= -slack && x <= box.width + slack && y <= box.height + slack
}

/** The smallest of the boxes under the point, so that a box inside a larger one can be reached. */
export function pick(boxes, point, slack = 0) {
  let found = null
  for (const box of boxes) {
    if (!hits(box, point, slack)) continue
    if (found === null || box.width * box.height <= found.width * found.height) found = box
  }
  return found
}

export function handlePoint(box, handle) {
  const x = handle.includes("w") ? 0 : handle.includes("e") ? box.width : box.width / 2
  const y = handle.includes("n") ? 0 : handle.includes("s") ? box.height : box.height / 2
  const centre = centreOf(box)
  const placed = turn({ x: x - box.width / 2, y: y - box.height / 2 }, box.rotation ?? 0)
  return { x: centre.x + placed.x, y: centre.y + placed.y }
}

/** The nearest handle within reach, or null. */
export function handleAt(box, point, reach) {
  let found = null
  let nearest = reach
  for (const handle of HANDLES) {
    const at = handlePoint(box, handle)
    const away = Math.max(Math.abs(at.x - point.x), Math.abs(at.y - point.y))
    if (away <= nearest) [found, nearest] = [handle, away]
  }
  return found
}

/** The upright area that holds the box. */
export function boundsOf(box) {
  const corners = ["nw", "ne", "se", "sw"].map((handle) => handlePoint(box, handle))
  const xs = corners.map(({ x }) => x)
  const ys = corners.map(({ y }) => y)
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** How far an arrow key goes, in pixels of the original: 1, with Shift 10, with Ctrl 100. Null for other keys. */
export function arrowStep({ key, shiftKey, ctrlKey, metaKey }) {
  const way = ARROWS[key]
  if (!way) return null
  const step = ctrlKey || metaKey ? 100 : shiftKey ? 10 : 1
  return { dx: way[0] * step, dy: way[1] * step }
}

/** An arrow on a box: moves it, with Alt moves its right or lower side. Null for other keys. */
export function nudge(box, keys, size) {
  const step = arrowStep(keys)
  if (!step) return null
  if (!keys.altKey) return moveBox(box, step.dx, step.dy, size)
  const dx = Math.max(step.dx, LEAST - box.width)
  const dy = Math.max(step.dy, LEAST - box.height)
  const along = turn({ x: dx, y: dy }, box.rotation ?? 0)
  return resizeBox(box, "se", along.x, along.y, size)
}

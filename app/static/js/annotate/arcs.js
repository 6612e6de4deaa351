// Relations over a line of letters as arcs: up from one span, along, and down to the other with a point. What goes on to
// another line is a stub that says where. Pixels, y downwards.

export const STEP = 15 // from level to level
const CORNER = 5
const POINT = 4 // half the width of an arrow's point, and its height
const APART = 6 // between the feet of two arcs on one span
const BETWEEN = 6 // between two arcs on one level

/**
 * arcs: [{strip, from?, to?, label}] on lines of letters: `strip` names the line, `from` and `to` are {x, y} of the feet, one
 * of them missing in a stub, which then has `way` (1: to the right), and `label` is the width of its words. `room`: the width
 * of the whole. Gives them back with `level`, `left`, `right` and `middle`, the place of the words.
 */
export function leveled(arcs, room) {
  const placed = feetApart(arcs).map((arc) => ({ ...arc, ...extentOf(arc, room) }))
  const taken = new Map() // strip -> [[{left, right}] by level]
  const shortFirst = placed.toSorted((one, other) => one.right - one.left - (other.right - other.left) || one.left - other.left)
  for (const arc of shortFirst) {
    if (!taken.has(arc.strip)) taken.set(arc.strip, [])
    const levels = taken.get(arc.strip)
    let level = levels.findIndex((others) => others.every((other) => other.right + BETWEEN <= arc.left || other.left >= arc.right + BETWEEN))
    if (level < 0) level = levels.push([]) - 1
    levels[level].push(arc)
    arc.level = level
  }
  return placed
}

export const levelsOf = (arcs) => Math.max(0, ...arcs.map(({ level }) => level + 1))

/** Feet that would stand on one place stand beside each other. */
function feetApart(arcs) {
  const count = new Map()
  const moved = (foot, strip) => {
    if (!foot) return foot
    const place = `${strip} ${foot.x} ${foot.y}`
    const nth = count.get(place) ?? 0
    count.set(place, nth + 1)
    return { ...foot, x: foot.x + Math.ceil(nth / 2) * APART * (nth % 2 === 1 ? 1 : -1) }
  }
  return arcs.map((arc) => ({ ...arc, from: moved(arc.from, arc.strip), to: moved(arc.to, arc.strip) }))
}

/** A stub goes the way of its other end, unless its words would not fit there. */
function extentOf({ from, to, label, way: wanted }, room) {
  const foot = from ?? to
  const long = label + 2 * CORNER + BETWEEN
  const fits = (way) => foot.x + way * long >= 0 && foot.x + way * long <= room
  const way = fits(wanted) || !fits(-wanted) ? wanted : -wanted
  const other = from && to ? to.x : foot.x + way * long
  const centre = from && to ? (foot.x + other) / 2 : other - (way * label) / 2
  const middle = Math.min(Math.max(centre, label / 2), Math.max(room - label / 2, label / 2))
  return { way, middle, left: Math.min(foot.x, other, middle - label / 2), right: Math.max(foot.x, other, middle + label / 2) }
}

/** {line, point}: the paths of an arc that is leveled, and of its arrow's point ("" where it goes on elsewhere). */
export function pathsOf({ from, to, level, middle, way }) {
  const y = (from ?? to).y - 6 - level * STEP
  const point = to ? `M${to.x - POINT} ${to.y - POINT - 2}h${2 * POINT}l${-POINT} ${POINT + 2}z` : ""
  if (from && to) {
    const along = Math.sign(to.x - from.x) || 1
    const corner = Math.min(CORNER, Math.abs(to.x - from.x) / 2)
    return { y, point, line: `M${from.x} ${from.y}V${y + corner}q0 ${-corner} ${along * corner} ${-corner}H${to.x - along * corner}q${along * corner} 0 ${along * corner} ${corner}V${to.y - POINT}` }
  }
  const foot = from ?? to
  return { y, point, line: `M${foot.x} ${foot.y - (to ? POINT : 0)}V${y + CORNER}q0 ${-CORNER} ${way * CORNER} ${-CORNER}H${middle}` }
}

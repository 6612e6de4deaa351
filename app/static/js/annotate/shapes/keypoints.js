// Named points, marks {points: {left_eye: [x, y, visibility]}}: visibility 0 is not labelled, 1 occluded, 2 seen. A field
// may declare templates with the points, the lines between them (the skeleton) and their titles.

import * as points from "./points.js"
import { OCCLUDED, SEEN, UNLABELLED } from "./visibility.js"

const NOTHING = Object.freeze([0, 0, UNLABELLED])
const rounded = (value) => Math.round(value * 10) / 10

/** The template of a choice: the one it names, else the field's first; null where the field has none. */
export function templateOf(field, value) {
  const templates = field?.templates ?? {}
  const named = field?.choices?.find((choice) => choice.value === value)?.template
  return templates[named] ?? Object.values(templates)[0] ?? null
}

/**
 * What changes in a mark that gets another choice: the choice, and its points where that one's template has others. Points
 * of the same name stay. Null where none of the placed ones would be left.
 */
export function rechosen(field, mark, choice) {
  const template = templateOf(field, choice)
  if (!template || template === templateOf(field, mark.choice)) return { choice }
  const named = Object.fromEntries(template.points.map((name) => [name, mark.points[name] ?? NOTHING]))
  return placed({ points: named }).length > 0 ? { choice, points: named } : null
}

/** What a point is called: its title in the template, else its name as words. `title` reads a localized title. */
export function titleOfPoint(template, name, title) {
  return title({ title: template?.titles?.[name], name: name.replaceAll("_", " ") })
}

const placed = ({ points: named }) =>
  Object.entries(named)
    .filter(([, [, , visibility]]) => visibility !== UNLABELLED)
    .map(([name, [x, y, visibility]]) => ({ name, x, y, visibility }))

/** The mark's points with the placed ones gone to where `change` puts them. */
function changed(mark, change) {
  const now = placed(mark)
  const next = change(now)
  const named = new Map(now.map(({ name, visibility }, at) => [name, [next[at].x, next[at].y, visibility]]))
  return { points: Object.fromEntries(Object.keys(mark.points).map((name) => [name, named.get(name) ?? NOTHING])) }
}

function withPoint(mark, name, value) {
  return { points: { ...mark.points, [name]: value } }
}

function skeleton(mark, field) {
  const lines = templateOf(field, mark.choice)?.skeleton ?? []
  const at = new Map(placed(mark).map((point) => [point.name, point]))
  return lines.map(([from, to]) => [at.get(from), at.get(to)]).filter(([from, to]) => from && to)
}

function geometryWith(mark, name, to, size) {
  const { x, y } = points.inside(to, size)
  return withPoint(mark, name, [x, y, mark.points[name]?.[2] || SEEN])
}

export const keypoints = {
  noun: "set of points",
  rechosen,
  bounds: (mark) => points.boundsOfPoints(placed(mark)),
  area: () => 0,
  contains: (mark, point, slack, field) =>
    placed(mark).some((one) => points.distance(one, point) <= slack) ||
    skeleton(mark, field).some(([from, to]) => points.distance(point, points.nearestOnLine(point, from, to)) <= slack),
  geometry: ({ points: named }) => ({ points: named }),
  clamped: (mark, size) => changed(mark, (now) => now.map((point) => points.inside(point, size))),
  moved: (mark, dx, dy, size) => changed(mark, (now) => points.movedPoints(now, dx, dy, size)),
  resized: (mark, dx, dy, size) => changed(mark, (now) => points.stretchedPoints(now, dx, dy, size)),
  handles: (mark) => placed(mark).map(({ name, x, y }) => ({ name, x, y, type: "vertex", cursor: "move" })),
  dragged: (mark, { name, x, y }, { dx, dy }, size) => geometryWith(mark, name, { x: x + dx, y: y + dy }, size),
  ring: (mark) => ({ points: placed(mark), isClosed: false, isLoose: true }),
  outline: (mark, field) => skeleton(mark, field).map(([from, to]) => `M${from.x} ${from.y}L${to.x} ${to.y}`).join(""),
  dots: (mark) => placed(mark).map(({ x, y, visibility }) => ({ x, y, hollow: visibility === OCCLUDED })),
  describe(mark) {
    const all = Object.keys(mark.points).length
    const now = placed(mark)
    const occluded = now.filter(({ visibility }) => visibility === OCCLUDED).length
    const { x, y, width, height } = points.boundsOfPoints(now)
    const place = `left ${rounded(x)}, top ${rounded(y)}, ${rounded(width)} by ${rounded(height)} pixels`
    return `${now.length} of ${all} points placed, ${occluded} occluded, ${place}`
  },
  brief(mark) {
    const now = placed(mark)
    const { x, y, width, height } = points.boundsOfPoints(now)
    return `${now.length} points, ${rounded(x)}, ${rounded(y)}, ${rounded(width)} × ${rounded(height)}`
  },
  vertices: {
    names: (mark) => Object.keys(mark.points),
    // A point that is not labelled yet lies, when it is taken in hand, amid the others.
    at(mark, name) {
      const [x, y, visibility] = mark.points[name] ?? NOTHING
      if (visibility !== UNLABELLED) return { x, y }
      const area = points.boundsOfPoints(placed(mark))
      return name in mark.points ? { x: Math.round(area.x + area.width / 2), y: Math.round(area.y + area.height / 2) } : null
    },
    placed: geometryWith,
    title(mark, name, field, title) {
      const state = ["not labelled", "occluded", "seen"][mark.points[name][2]]
      return `${titleOfPoint(templateOf(field, mark.choice), name, title)}, ${state}`
    },
    // Taken away, a point is not labelled; the last one stays, or nothing of the mark would be left.
    without: (mark, name) => (placed(mark).some((one) => one.name !== name) ? withPoint(mark, name, NOTHING) : null),
    split: () => null,
    /** Seen becomes occluded, anything else seen; null for a point that has no place. */
    occluded(mark, name) {
      const [x, y, visibility] = mark.points[name]
      if (visibility === UNLABELLED) return null
      return withPoint(mark, name, [x, y, visibility === OCCLUDED ? SEEN : OCCLUDED])
    },
  },
}

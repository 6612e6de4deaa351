// Shapes that are a list of points, marks {points: [[x, y], ...]}: what polygons and polylines share.

import * as points from "./points.js"

const read = ({ points: list }) => list.map(([x, y]) => ({ x, y }))
const written = (list) => ({ points: list.map(({ x, y }) => [x, y]) })
const rounded = (value) => Math.round(value * 10) / 10

/** `least` is how many points it must keep. */
export function lineShape({ noun, isClosed, least }) {
  const atLeast = (field) => Math.max(least, field?.min_points ?? 0)
  const mayGrow = (mark, field) => mark.points.length < (field?.max_points ?? Infinity)

  /** Null where too few of the points would lie apart. */
  const whole = (list) => (points.isApart(list, least) ? written(list) : null)

  function geometryWith(mark, name, to, size) {
    return whole(read(mark).map((point, at) => (at === Number(name) ? points.inside(to, size) : point)))
  }

  // Between the point of this name and the one after it.
  function added(mark, after, point) {
    return written(read(mark).toSpliced(after + 1, 0, point))
  }

  function middle(mark, at) {
    const list = read(mark)
    const [from, to] = [list[at], list[(at + 1) % list.length]]
    return { x: points.tidy((from.x + to.x) / 2), y: points.tidy((from.y + to.y) / 2) }
  }

  function handles(mark, _scale, field) {
    const list = read(mark)
    const vertices = list.map((point, at) => ({ name: String(at), ...point, type: "vertex", cursor: "move" }))
    const middles = points.edgesOf(list, isClosed).map((_, at) => ({
      name: `m${at}`, ...middle(mark, at), type: "middle", cursor: "copy",
    }))
    return mayGrow(mark, field) ? [...middles, ...vertices] : vertices
  }

  function dragged(mark, { name, x, y }, { dx, dy }, size) {
    const to = { x: x + dx, y: y + dy }
    if (name.startsWith("m")) return added(mark, Number(name.slice(1)), points.inside(to, size))
    return geometryWith(mark, name, to, size)
  }

  const vertices = {
    names: (mark) => mark.points.map((_, at) => String(at)),
    at: (mark, name) => read(mark)[Number(name)] ?? null,
    placed: geometryWith,
    title: (mark, name) => `point ${Number(name) + 1} of ${mark.points.length}`,
    without: (mark, name, field) =>
      mark.points.length > atLeast(field) ? whole(read(mark).toSpliced(Number(name), 1)) : null,
    split(mark, name, field) {
      const at = Number(name)
      const isEnd = !isClosed && at === mark.points.length - 1
      if (isEnd || !mayGrow(mark, field)) return null
      return { geometry: added(mark, at, middle(mark, at)), vertex: String(at + 1) }
    },
  }

  return {
    noun,
    least: atLeast,
    mayGrow,
    vertices,
    bounds: (mark) => points.boundsOfPoints(read(mark)),
    area: (mark) => (isClosed ? points.coveredBy(read(mark)) : 0),
    contains(mark, point, slack) {
      const list = read(mark)
      return (isClosed && points.isWithin(point, list)) || points.isNearLine(point, list, isClosed, slack)
    },
    geometry: ({ points: list }) => ({ points: list }),
    clamped: (mark, size) => written(read(mark).map((point) => points.inside(point, size))),
    moved: (mark, dx, dy, size) => written(points.movedPoints(read(mark), dx, dy, size)),
    resized: (mark, dx, dy, size) => written(points.stretchedPoints(read(mark), dx, dy, size)),
    handles,
    dragged,
    ring: (mark) => ({ points: read(mark), isClosed }),
    outline: (mark) => points.pathThrough(read(mark), isClosed),
    describe(mark) {
      const { x, y, width, height } = points.boundsOfPoints(read(mark))
      return `${mark.points.length} points, left ${rounded(x)}, top ${rounded(y)}, ${rounded(width)} by ${rounded(height)} pixels`
    },
    brief(mark) {
      const { x, y, width, height } = points.boundsOfPoints(read(mark))
      return `${mark.points.length} points, ${rounded(x)}, ${rounded(y)}, ${rounded(width)} × ${rounded(height)}`
    },
  }
}

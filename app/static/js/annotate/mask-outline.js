// The outline of a mask along the edges of its pixels, as data of an SVG path: what is drawn instead of the pixels.
//
// Where two columns beside each other differ, there is a vertical line; at every begin and end of a run, a horizontal one.
// Each corner joins exactly one of either, so following them in turn goes round.

import { columns, fromBitmap } from "./rle.js"

const MOST_CORNERS = 30_000 // a mask of more is drawn coarser: nobody could tell, and every browser would crawl

/** Of runs (rle.js). Fill it by the rule "evenodd". */
export function outline(runs) {
  let grain = 1
  let corners = cornersOf(runs)
  while (corners === null) {
    grain *= 2
    corners = cornersOf(coarse(runs, grain))
  }
  return path(corners, grain, runs)
}

/** {xs, ys, across, down}: every corner and its partners; null where they are too many. */
function cornersOf(runs) {
  const corners = { xs: [], ys: [], across: [], down: [] }
  const open = new Map() // by row: the corner where a horizontal line began that still goes on
  let before = []
  let at = -1
  for (const [column, edges] of byColumn(runs)) {
    if (column > at) join(corners, open, at, before, [])
    join(corners, open, column, column > at ? [] : before, edges)
    if (corners.xs.length > MOST_CORNERS) return null
    before = edges
    at = column + 1
  }
  join(corners, open, at, before, [])
  return corners
}

/** [column, rows where it begins and ends in turn], for columns that hold anything. */
function* byColumn(runs) {
  let current = -1
  let edges = []
  for (const [column, from, to] of columns(runs)) {
    if (column !== current) {
      if (edges.length > 0) yield [current, edges]
      current = column
      edges = []
    }
    edges.push(from, to)
  }
  if (edges.length > 0) yield [current, edges]
}

/** The line between two columns: corners are where an edge is in one of them only. */
function join({ xs, ys, across, down }, open, x, left, right) {
  let [i, j] = [0, 0]
  let upper = -1
  while (i < left.length || j < right.length) {
    const y = j >= right.length || left[i] <= right[j] ? left[i] : right[j]
    const inLeft = left[i] === y
    const inRight = right[j] === y
    if (inLeft) i += 1
    if (inRight) j += 1
    if (inLeft && inRight) continue
    const corner = xs.length
    xs.push(x)
    ys.push(y)
    if (inRight) open.set(y, corner)
    else {
      const partner = open.get(y)
      across[corner] = partner
      across[partner] = corner
      open.delete(y)
    }
    if (upper === -1) upper = corner
    else {
      down[corner] = upper
      down[upper] = corner
      upper = -1
    }
  }
}

function path({ xs, ys, across, down }, grain, { width, height }) {
  const seen = new Uint8Array(xs.length)
  const x = (corner) => Math.min(xs[corner] * grain, width)
  const y = (corner) => Math.min(ys[corner] * grain, height)
  const pieces = []
  for (let start = 0; start < xs.length; start += 1) {
    if (seen[start]) continue
    pieces.push(`M${x(start)} ${y(start)}`)
    let corner = start
    do {
      seen[corner] = 1
      const next = down[corner]
      seen[next] = 1
      corner = across[next]
      pieces.push(corner === start ? `V${y(next)}` : `V${y(next)}H${x(corner)}`)
    } while (corner !== start)
    pieces.push("z")
  }
  return pieces.join("")
}

/** Squares of `grain` pixels: one is inside as soon as anything in it is. */
export function coarse(runs, grain) {
  const width = Math.ceil(runs.width / grain)
  const height = Math.ceil(runs.height / grain)
  const data = new Uint8Array(width * height)
  for (const [column, from, to] of columns(runs)) {
    const base = Math.floor(column / grain) * height
    data.fill(1, base + Math.floor(from / grain), base + Math.ceil(to / grain))
  }
  return fromBitmap({ x: 0, y: 0, width, height, data }, { width, height })
}

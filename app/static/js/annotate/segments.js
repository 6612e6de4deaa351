// Segments of time: half-open [start, end) in seconds, on a grid (the samples of a sound, the frames of a video).

const MICRO = 1e6
export const micro = (seconds) => Math.round(seconds * MICRO) / MICRO

/**
 * The grid of a sound: its samples, where their rate is known, else microseconds. One step of the keys is 10 ms.
 * Every grid answers `end`, `snap(t)`, `step(t, n)`, `before(t)` and `after(t)`.
 */
export function sampleGrid({ rate, samples, duration }) {
  const unit = rate ? 1 / rate : 1 / MICRO
  const last = rate && samples ? samples : Math.floor(duration / unit + 1e-6)
  // The end rounded down: a mark may not reach past its part by a microsecond.
  const end = Math.min(duration, Math.floor(last * unit * MICRO + 1e-3) / MICRO)
  const at = (n) => (n >= last ? end : micro(Math.max(n, 0) * unit))
  const index = (seconds) => Math.min(Math.max(Math.round(seconds / unit), 0), last)
  const snap = (seconds) => at(index(seconds))
  return {
    end,
    snap,
    step: (seconds, n) => snap(seconds + n * 0.01),
    before: (seconds) => at(index(seconds) - 1),
    after: (seconds) => at(index(seconds) + 1),
  }
}

/** The grid of a video: the boundaries of its frames. One step of the keys is one frame. */
export function frameGrid(table) {
  const at = (n) => table.start(Math.min(Math.max(n, 0), table.count)) / MICRO
  const step = (seconds, n) => at(table.nearestBoundary(seconds) + n)
  return {
    end: at(table.count),
    snap: (seconds) => step(seconds, 0),
    step,
    before: (seconds) => step(seconds, -1),
    after: (seconds) => step(seconds, 1),
  }
}

/** The nearest of some points that is within reach, else the moment itself: what an edge that is dragged snaps to. */
export function snapped(seconds, points, reach) {
  const apart = (point) => Math.abs(point - seconds)
  const near = points.filter((point) => apart(point) <= reach).sort((one, other) => apart(one) - apart(other))
  return near[0] ?? seconds
}

/** The segment between two moments in either order, or null where nothing lies between them. */
export function between(one, other, grid) {
  const start = grid.snap(Math.min(one, other))
  const end = grid.snap(Math.max(one, other))
  return end > start ? { start, end } : null
}

/** An edge put at a moment; it stops one grid point before the other edge. */
export function withEdge({ start, end }, edge, seconds, grid) {
  const at = grid.snap(seconds)
  if (edge === "start") return { start: Math.min(at, grid.before(end)), end }
  return { start, end: Math.max(at, grid.after(start)) }
}

export function nudgeEdge(segment, edge, steps, grid) {
  return withEdge(segment, edge, grid.step(segment[edge], steps), grid)
}

/** The whole segment moved; it keeps its length, and on a sound to the sample. */
export function moveBy({ start, end }, seconds, grid) {
  const length = end - start
  const first = Math.min(Math.max(start + seconds, 0), grid.end - length)
  const moved = grid.snap(first)
  return { start: moved, end: Math.max(grid.snap(moved + length), grid.after(moved)) }
}

/** In order of time; of equal starts the longer first. */
export function inOrder(segments) {
  return [...segments].sort((one, other) => one.start - other.start || other.end - one.end)
}

/** Lanes so that segments that overlap lie below each other: {lane: Map id -> lane, count}. */
export function lanes(segments) {
  const lane = new Map()
  const ends = []
  for (const segment of inOrder(segments)) {
    let free = ends.findIndex((end) => end <= segment.start)
    if (free < 0) free = ends.push(0) - 1
    ends[free] = segment.end
    lane.set(segment.id, free)
  }
  return { lane, count: ends.length }
}

/**
 * Lanes group by group, in the order in which groups come first: {lane: Map id -> lane, count, groups: [{key, first, count}]},
 * a group's lanes being `count` from `first` on.
 */
export function lanesByGroup(segments, keyOf) {
  const byKey = new Map()
  for (const segment of segments) byKey.set(keyOf(segment), [...(byKey.get(keyOf(segment)) ?? []), segment])
  const lane = new Map()
  const groups = []
  let first = 0
  for (const [key, members] of byKey) {
    const own = lanes(members)
    for (const [id, at] of own.lane) lane.set(id, first + at)
    groups.push({ key, first, count: own.count })
    first += own.count
  }
  return { lane, count: first, groups }
}

/** 65.25 -> "1:05.250"; with hours only where there are any. */
export function clock(seconds, digits = 3) {
  const scale = 10 ** digits
  const all = Math.round(Math.max(seconds, 0) * scale)
  const whole = Math.floor(all / scale)
  const part = digits > 0 ? "." + String(all % scale).padStart(digits, "0") : ""
  const two = (number) => String(number).padStart(2, "0")
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return (hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(whole % 60)}` + part
}

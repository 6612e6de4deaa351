// How much of a sound or video was played, as the server counts it: every moment once, at whatever speed.

const GRACE = 0.005 // of the duration: players end and begin a little beside where they say

/** ranges: [[start, end, speed]] in seconds. Gives {share, gap}: how much was played, and where the first gap begins (null: none). */
export function coverage(duration, ranges = []) {
  if (!(duration > 0)) return { share: 1, gap: null }
  let [covered, reached, gap] = [0, 0, null]
  const inOrder = ranges.map(([start, end]) => [Math.max(start, 0), Math.min(end, duration)]).sort((one, other) => one[0] - other[0])
  for (const [start, end] of inOrder) {
    if (gap === null && start > reached + duration * GRACE) gap = reached
    covered += Math.max(end - Math.max(start, reached), 0)
    reached = Math.max(reached, end)
  }
  if (gap === null && reached < duration * (1 - GRACE)) gap = reached
  return { share: Math.min(covered / duration, 1), gap }
}

/** The part of the schema that says how much of it must be played, or null. */
export const requiredOf = (schema, name) => schema.parts?.find((part) => part.name === name)?.require_played ?? null

/** Parts of which less was played than the schema asks for: [{part, share, wanted, gap}]. */
export function unplayed(schema, parts, ranges) {
  return parts.flatMap(({ name, duration }) => {
    const wanted = requiredOf(schema, name)
    if (wanted === null || !(duration > 0)) return []
    const { share, gap } = coverage(duration, ranges[name])
    return share < wanted - GRACE ? [{ part: name, share, wanted, gap }] : []
  })
}

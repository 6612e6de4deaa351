// Spans {id, start, end} that may overlap, cut into pieces that do not. Any unit will do as long as it is one.

const byPlace = (one, other) => one.start - other.start || other.end - one.end || (one.id < other.id ? -1 : 1)

/** In reading order; of two that begin together the longer first. */
export const inOrder = (spans) => spans.toSorted(byPlace)

/** id -> lane: spans that overlap never share one, and each takes the lowest that is free. */
export function lanesOf(spans) {
  const lanes = new Map()
  const ends = []
  for (const span of inOrder(spans)) {
    let lane = ends.findIndex((end) => end <= span.start)
    if (lane < 0) lane = ends.length
    ends[lane] = span.end
    lanes.set(span.id, lane)
  }
  return lanes
}

/** [start, end) cut at every border of a span: [{start, end, spans}] with the spans that cover each piece. */
export function piecesOf(start, end, spans) {
  const touching = inOrder(spans.filter((span) => span.start < end && span.end > start))
  const borders = new Set([start, end])
  for (const span of touching) {
    borders.add(Math.max(span.start, start))
    borders.add(Math.min(span.end, end))
  }
  const cuts = [...borders].sort((one, other) => one - other)
  const pieces = []
  for (let at = 0; at < cuts.length - 1; at += 1) {
    const [from, to] = [cuts[at], cuts[at + 1]]
    pieces.push({ start: from, end: to, spans: touching.filter((span) => span.start <= from && span.end >= to) })
  }
  return pieces
}

/** The first of the spans that shares a character with [start, end), itself excepted. */
export function overlapOf(spans, { id, start, end }) {
  return spans.find((span) => span.id !== id && span.start < end && span.end > start) ?? null
}

/** The shortest span that covers a character, so that one inside a longer one can be reached. */
export function spanAt(spans, at) {
  let found = null
  for (const span of spans) {
    if (span.start > at || span.end <= at) continue
    if (found === null || span.end - span.start <= found.end - found.start) found = span
  }
  return found
}

/** A selection without the line breaks at its ends; null where nothing is left. */
export function trimBreaks(text, start, end) {
  const isBreak = (at) => text[at] === "\n" || text[at] === "\r"
  while (start < end && isBreak(start)) start += 1
  while (end > start && isBreak(end - 1)) end -= 1
  return start < end ? { start, end } : null
}

/** A selection that was made by words, without the spaces that lie between those words and their neighbours. */
export function trimSpaces(text, start, end) {
  const words = text.slice(start, end)
  const from = start + words.length - words.trimStart().length
  return from < end ? { start: from, end: start + words.trimEnd().length } : { start, end }
}

/** A selected span with its start or end moved by one step of `step(at, way)`; never empty. Null where it cannot. */
export function stretched({ start, end }, side, way, step) {
  const moved = step(side === "start" ? start : end, way)
  const next = side === "start" ? { start: moved, end } : { start, end: moved }
  const same = next.start === start && next.end === end
  return same || next.start >= next.end ? null : next
}

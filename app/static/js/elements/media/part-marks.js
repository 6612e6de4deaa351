// The marks of one audio or video part as rows of its timeline, and the way from one to the next.

import { scoreWords } from "../../annotate/answer-words.js"
import { clock, inOrder } from "../../annotate/segments.js"
import { stretches } from "../../annotate/tracks.js"

/** What is suggested is among them, with `isSuggestion`, its `key`, and whether it `isCurrent`: the one to decide on. */
export function timelineItems(work, part, { digits = 3 } = {}) {
  const marks = work.marksOn(part).filter(({ mark }) => !work.hiddenMarks.has(mark.id))
  const items = [...marks, ...work.suggestedOn(part)].map((piece) => {
    const { field, mark, isSuggestion = false, key } = piece
    const titled = work.title(work.choiceOf(field, mark.choice) ?? work.fieldOf(field))
    const title = isSuggestion ? `${titled} · suggested ${scoreWords(piece.score)}`.trim() : titled
    const lane = laneOf(work, field, mark)
    const selected = work.selection?.id === mark.id
    const isCurrent = isSuggestion && key === work.suggested.current?.key
    const common = { id: mark.id, field, lane, color: work.colorOf(field, mark.choice), selected, isSuggestion, key, isCurrent }
    return mark.keyframes ? trackItem(mark, title, common, digits) : segmentItem(mark, title, common, digits)
  })
  const segments = inOrder(items.filter((item) => item.kind === "segment"))
  return [...segments, ...inOrder(items.filter((item) => item.kind === "track"))]
}

/**
 * The lane of a mark: that of its choice, or of its answer to the own question that the schema names in `lanes`. They lie as
 * the schema has its questions and their choices, what is not answered last.
 */
export function laneOf(work, field, mark) {
  const asked = work.fieldOf(field)
  const own = (asked.fields ?? []).find(({ name }) => name === asked.lanes)
  const { choices = [] } = own ?? asked
  const said = own ? mark.fields?.[own.name] : mark.choice
  const at = choices.findIndex(({ value }) => value === said)
  const order = work.fieldNames.indexOf(field) * 1000 + (at < 0 ? choices.length : at)
  const unsaid = own ? `${work.title(own)}: not answered` : work.title(asked)
  return { key: `${field} ${at < 0 ? "" : said}`, title: at < 0 ? unsaid : work.title(choices[at]), order, isOwnAnswer: own !== undefined && at >= 0 }
}

function segmentItem(mark, title, common, digits) {
  const named = common.lane.isOwnAnswer ? `${common.lane.title} · ${title}` : title
  const text = mark.transcript ? `${named}: ${mark.transcript}` : named
  const label = `${named}, ${clock(mark.start, digits)} to ${clock(mark.end, digits)}`
  return { ...common, kind: "segment", start: mark.start, end: mark.end, text, label }
}

function trackItem(mark, title, common, digits) {
  const { keyframes } = mark
  const [start, end] = [keyframes[0].time, keyframes.at(-1).time]
  const count = keyframes.length === 1 ? "1 keyframe" : `${keyframes.length} keyframes`
  const label = `${title}, box from ${clock(start, digits)} to ${clock(end, digits)}, ${count}`
  return { ...common, kind: "track", start, end, text: title, label, keyframes, stretches: stretches(keyframes) }
}

/** The item after (or before) the selected one, else the suggestion in hand; with neither the first (or last); null past the ends. */
export function neighbour(items, way, inHand = null) {
  const selected = items.findIndex((item) => item.selected)
  const at = selected < 0 && inHand !== null ? items.findIndex(({ key }) => key === inHand) : selected
  if (at < 0) return (way > 0 ? items[0] : items.at(-1)) ?? null
  return items[at + way] ?? null
}

// A mark in words and in numbers: what the list beside the media shows, and the form that replaces dragging. Numbers of one
// of several pieces of a mark (a keyframe, a point) are those of the piece that the form has chosen.

import { CodePoints } from "./codepoints.js"
import { numbersOfPoint, OF_KEYPOINTS, OF_MASKS, OF_POINTS, pointChange } from "./point-numbers.js"
import { SHAPES } from "./shapes/registry.js"
import { overlapOf } from "./spans.js"

const round = (value, digits) => Number(value.toFixed(digits))
const seconds = (value) => {
  const minutes = Math.floor(value / 60)
  return `${minutes}:${(value - minutes * 60).toFixed(3).padStart(6, "0")}`
}
const box = ({ x, y, width, height }) => `${round(width, 1)} × ${round(height, 1)} at ${round(x, 1)}, ${round(y, 1)}`

const pixels = (name, label) => ({ name, label, step: 1, digits: 2 })
const BOX = [pixels("x", "Left"), pixels("y", "Top"), pixels("width", "Width"), pixels("height", "Height")]
const TURN = { name: "rotation", label: "Turn °", step: 1, digits: 2 }

const named = (kind) => (mark, field, title) =>
  SHAPES[kind].vertices.names(mark).map((name) => ({ name, title: SHAPES[kind].vertices.title(mark, name, field, title) }))
const onPicture = (kind, numbers) => ({
  summary: (mark) => SHAPES[kind].brief(mark),
  numbers,
  read: (mark, piece) => numbersOfPoint(kind, mark, piece),
  change: (mark, name, value, { part, piece }) => pointChange(kind, mark, name, value, { part, piece }),
})

/** An end of a relation: what its text is, else what it is. */
const endWords = (end, id) => (end?.mark.text === undefined ? (end?.mark.choice ?? id) : `“${end.mark.text}”`)

export const KINDS = {
  boxes: {
    summary: (mark) => box(mark) + (mark.rotation ? ` turned ${round(mark.rotation, 1)}°` : ""),
    numbers: [...BOX, TURN],
    change: (mark, name, value, { part }) => boxChange(mark, name, value, part),
  },
  polygons: { ...onPicture("polygons", OF_POINTS), piece: "Point", pieces: named("polygons") },
  polylines: { ...onPicture("polylines", OF_POINTS), piece: "Point", pieces: named("polylines") },
  keypoints: { ...onPicture("keypoints", OF_KEYPOINTS), piece: "Point", pieces: named("keypoints") },
  masks: onPicture("masks", OF_MASKS),
  relations: { summary: ({ from, to }, find = () => null) => `${endWords(find(from), from)} → ${endWords(find(to), to)}`, numbers: [] },
  spans: {
    summary: (mark) => `“${mark.text}”`,
    numbers: [
      { name: "start", label: "From character", step: 1, digits: 0 },
      { name: "end", label: "To character", step: 1, digits: 0 },
    ],
    change: spanChange,
  },
  segments: {
    summary: (mark) => `${seconds(mark.start)} – ${seconds(mark.end)}`,
    numbers: [
      { name: "start", label: "Start s", step: 0.01, digits: 6 },
      { name: "end", label: "End s", step: 0.01, digits: 6 },
    ],
    change: (mark, name, value, { part }) => segmentChange(mark, name, value, part),
  },
  tracks: {
    summary: ({ keyframes }) =>
      `frames ${keyframes[0].frame}–${keyframes.at(-1).frame}, ${keyframes.length} keyframe${keyframes.length === 1 ? "" : "s"}`,
    numbers: [...BOX, TURN],
    piece: "Keyframe",
    pieces: ({ keyframes }) => keyframes.map(({ frame }) => ({ name: String(frame), title: `Frame ${frame}` })),
    read: (mark, piece) => keyframeOf(mark, piece),
    change: keyframeChange,
  },
}

const FRAME = { name: "frame", label: "Frame", step: 1, digits: 0 }

/** The numbers that a mark of a kind has on a part: on a picture that moves its frame, too. */
export function numberFields(kind, part) {
  return kind in SHAPES && part?.frame_count > 1 ? [FRAME, ...KINDS[kind].numbers] : KINDS[kind].numbers
}

/** The numbers of a mark as its form shows them; `piece` is the name of the chosen one of its pieces, if it has any. */
export function numbersOf(kind, mark, piece = null) {
  const { numbers, read = (whole) => whole } = KINDS[kind]
  const values = { ...read(mark, piece), frame: mark.frame }
  return [...(mark.frame === undefined ? [] : [FRAME]), ...numbers].map((number) => ({ ...number, value: round(values[number.name] ?? 0, number.digits) }))
}

/** What to change in a mark for one number of its form, or null where that number cannot be. */
export function changeOf(kind, mark, name, value, { part, piece = null, field, others }) {
  if (!Number.isFinite(value)) return null
  if (name === "frame") return Number.isInteger(value) && value >= 0 && value < part.frame_count ? { frame: value } : null
  return KINDS[kind].change(mark, name, value, { part, piece, field, others })
}

const keyframeOf = ({ keyframes }, piece) => keyframes.find(({ frame }) => String(frame) === piece) ?? keyframes[0]

function keyframeChange(mark, name, value, { part, piece }) {
  const chosen = keyframeOf(mark, piece)
  const changed = boxChange(chosen, name, value, part)
  return changed && { keyframes: mark.keyframes.map((one) => (one === chosen ? { ...one, ...changed } : one)) }
}

function boxChange(shape, name, value, part) {
  const next = { ...shape, [name]: value }
  if (next.width <= 0 || next.height <= 0) {
    return null
  }
  const isUpright = (next.rotation ?? 0) % 360 === 0
  const whole = (start, length, side) => start >= 0 && start + length <= side
  const middle = (start, length, side) => whole(start + length / 2, 0, side) // all that a turned box must have in the picture
  const isWithin = isUpright ? whole : middle
  if (!isWithin(next.x, next.width, part.width) || !isWithin(next.y, next.height, part.height)) {
    return null
  }
  return { [name]: value }
}

const texts = new WeakMap() // a part of text -> its code points

/** `others`: the marks of the same field; where they may not overlap, no place is taken twice. */
function spanChange(mark, name, value, { part, field = {}, others = [] }) {
  const next = { start: mark.start, end: mark.end, [name]: Math.round(value) }
  if (!texts.has(part)) texts.set(part, new CodePoints(part.text))
  const points = texts.get(part)
  if (next.start < 0 || next.end > points.length || next.start >= next.end) return null
  const beside = others.filter((one) => (one.part ?? part.name) === part.name)
  if (field.overlapping === false && overlapOf(beside, { id: mark.id, ...next })) return null
  return { ...next, text: points.slice(next.start, next.end) }
}

function segmentChange(mark, name, value, part) {
  const next = { start: mark.start, end: mark.end, [name]: value }
  return next.start < 0 || next.end > part.duration || next.start >= next.end ? null : { [name]: value }
}

// A mark in words and in numbers: what the list beside the media shows, and the form that replaces dragging.

import { SHAPES } from "./shapes/registry.js"

const round = (value, digits) => Number(value.toFixed(digits))
const seconds = (value) => {
  const minutes = Math.floor(value / 60)
  return `${minutes}:${(value - minutes * 60).toFixed(3).padStart(6, "0")}`
}
const box = ({ x, y, width, height }) => `${round(width, 1)} × ${round(height, 1)} at ${round(x, 1)}, ${round(y, 1)}`

const pixels = (name, label) => ({ name, label, step: 1, digits: 2 })
const BOX = [pixels("x", "Left"), pixels("y", "Top"), pixels("width", "Width"), pixels("height", "Height")]
const TURN = { name: "rotation", label: "Turn °", step: 1, digits: 2 }

// Shapes on pictures say themselves where they are; their points are changed one by one on the picture.
const onPicture = (kind) => ({ summary: (mark) => SHAPES[kind].brief(mark), numbers: [] })

export const KINDS = {
  boxes: { summary: (mark) => box(mark) + (mark.rotation ? ` turned ${round(mark.rotation, 1)}°` : ""), numbers: [...BOX, TURN] },
  polygons: onPicture("polygons"),
  polylines: onPicture("polylines"),
  keypoints: onPicture("keypoints"),
  masks: onPicture("masks"),
  relations: { summary: ({ from, to }) => `${from} → ${to}`, numbers: [] },
  spans: {
    summary: (mark) => `“${mark.text}”`,
    numbers: [
      { name: "start", label: "From character", step: 1, digits: 0 },
      { name: "end", label: "To character", step: 1, digits: 0 },
    ],
  },
  segments: {
    summary: (mark) => `${seconds(mark.start)} – ${seconds(mark.end)}`,
    numbers: [
      { name: "start", label: "Start s", step: 0.01, digits: 6 },
      { name: "end", label: "End s", step: 0.01, digits: 6 },
    ],
  },
  tracks: {
    summary: ({ keyframes }) =>
      `frames ${keyframes[0].frame}–${keyframes.at(-1).frame}, ${keyframes.length} keyframe${keyframes.length === 1 ? "" : "s"}`,
    numbers: [...BOX, TURN],
    keyframes: true,
  },
}

/** The numbers of a mark as its form shows them; of a track, those of one keyframe. */
export function numbersOf(kind, mark, keyframe = 0) {
  const shape = KINDS[kind].keyframes ? mark.keyframes[keyframe] : mark
  return KINDS[kind].numbers.map((number) => ({ ...number, value: round(shape[number.name] ?? 0, number.digits) }))
}

/** What to change in a mark for one number of its form, or null where that number cannot be. */
export function changeOf(kind, mark, name, value, { part, keyframe = 0 }) {
  if (!Number.isFinite(value)) {
    return null
  }
  if (kind === "tracks") {
    const changed = boxChange(mark.keyframes[keyframe], name, value, part)
    return changed && { keyframes: mark.keyframes.map((one, at) => (at === keyframe ? { ...one, ...changed } : one)) }
  }
  return { boxes: boxChange, spans: spanChange, segments: segmentChange }[kind](mark, name, value, part)
}

function boxChange(shape, name, value, part) {
  const next = { ...shape, [name]: value }
  if (next.width <= 0 || next.height <= 0) {
    return null
  }
  const upright = (next.rotation ?? 0) % 360 === 0
  const within = (start, length, side) => start >= 0 && start + length <= side
  if (upright && !(within(next.x, next.width, part.width) && within(next.y, next.height, part.height))) {
    return null
  }
  return { [name]: value }
}

function spanChange(mark, name, value, part) {
  const next = { start: mark.start, end: mark.end, [name]: Math.round(value) }
  const points = Array.from(part.text)
  if (next.start < 0 || next.end > points.length || next.start >= next.end) {
    return null
  }
  return { ...next, text: points.slice(next.start, next.end).join("") }
}

function segmentChange(mark, name, value, part) {
  const next = { start: mark.start, end: mark.end, [name]: value }
  return next.start < 0 || next.end > part.duration || next.start >= next.end ? null : { [name]: value }
}

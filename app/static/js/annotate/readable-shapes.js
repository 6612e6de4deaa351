// Whether a mark has the shape of its kind, so that it can be drawn: (mark, part) -> bool. One line a kind; a kind that is
// not here is taken as it comes.

import { CodePoints } from "./codepoints.js"

const finite = (...values) => values.every(Number.isFinite)
const pair = (point) => Array.isArray(point) && point.length >= 2 && finite(point[0], point[1])
const isBox = ({ x, y, width, height, rotation = 0 }) => finite(x, y, width, height, rotation) && width > 0 && height > 0
const pointsOf = (least) => ({ points }) => Array.isArray(points) && points.length >= least && points.every(pair)

const texts = new WeakMap() // a part of text -> its code points
function pointsIn(part) {
  if (!texts.has(part)) texts.set(part, new CodePoints(part.text ?? ""))
  return texts.get(part)
}

function isSpan({ start, end, text }, part) {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start >= end) return false
  const points = pointsIn(part)
  return end <= points.length && points.text.slice(points.toUnits(start), points.toUnits(end)) === text
}

const isKeyframe = (keyframe) => Number.isInteger(keyframe?.frame) && finite(keyframe.time) && isBox(keyframe)

export const SHAPES = {
  boxes: isBox,
  polygons: pointsOf(3),
  polylines: pointsOf(2),
  keypoints: ({ points }) => points !== null && typeof points === "object" && Object.values(points).every(pair),
  masks: ({ rle }) => Array.isArray(rle?.size) && typeof rle.counts === "string",
  spans: isSpan,
  segments: ({ start, end }) => finite(start, end) && start >= 0 && start < end,
  tracks: ({ keyframes }) => Array.isArray(keyframes) && keyframes.length > 0 && keyframes.every(isKeyframe),
  relations: ({ from, to }) => typeof from === "string" && typeof to === "string",
}

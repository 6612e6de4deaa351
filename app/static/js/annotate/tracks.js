// Boxes that move: keyframes in order of time, linear in presentation time between them, rotation by the shorter arc.
// A keyframe with `outside` begins a gap that lasts to the next keyframe. A track ends at its last keyframe.

const GEOMETRY = ["x", "y", "width", "height"]

/** Degrees from one angle to another by the shorter way, in (-180, 180]. */
export function shorterArc(from, to) {
  const turn = (((to - from) % 360) + 360) % 360
  return turn > 180 ? turn - 360 : turn
}

function blend(before, after, time) {
  const share = (time - before.time) / (after.time - before.time)
  const box = Object.fromEntries(GEOMETRY.map((key) => [key, before[key] + (after[key] - before[key]) * share]))
  const rotation = (before.rotation ?? 0) + shorterArc(before.rotation ?? 0, after.rotation ?? 0) * share
  return { ...box, rotation: ((rotation % 360) + 360) % 360, outside: before.outside ?? false, occluded: before.occluded ?? false }
}

const shape = ({ x, y, width, height, rotation = 0, outside = false, occluded = false }) => ({ x, y, width, height, rotation, outside, occluded })

/** Index of the last keyframe at or before a frame; -1 where the track has not begun. */
function lastAtOrBefore(keyframes, frame) {
  return keyframes.findLastIndex((keyframe) => keyframe.frame <= frame)
}

/** The box at a frame whose presentation time is `time`, or null before the first and after the last keyframe. */
export function boxAt(keyframes, frame, time) {
  const at = lastAtOrBefore(keyframes, frame)
  if (at < 0) return null
  const before = keyframes[at]
  if (before.frame === frame) return { ...shape(before), keyframe: true }
  const after = keyframes[at + 1]
  return after ? { ...blend(before, after, time), keyframe: false } : null
}

/** What an edit at this frame starts from: the box there, else that of the nearest end of the track. */
export function draftAt(keyframes, frame, time) {
  const box = boxAt(keyframes, frame, time)
  if (box) return { ...box, beyond: false }
  const near = frame < keyframes[0].frame ? keyframes[0] : keyframes.at(-1)
  return { ...shape(near), outside: false, keyframe: false, beyond: true }
}

export const keyframeAt = (keyframes, frame) => keyframes.find((keyframe) => keyframe.frame === frame) ?? null

/** The keyframes with one more, or one replaced, in order. Its answers stay, unless others are given. */
export function withKeyframe(keyframes, frame, time, box, fields = keyframeAt(keyframes, frame)?.fields) {
  const made = { frame, time, ...rounded(shape(box)), ...(Object.keys(fields ?? {}).length > 0 ? { fields } : {}) }
  return [...keyframes.filter((keyframe) => keyframe.frame !== frame), made].sort((one, other) => one.frame - other.frame)
}

/** The keyframes without that of a frame; the last one stays: a track without any is none. */
export function withoutKeyframe(keyframes, frame) {
  const rest = keyframes.filter((keyframe) => keyframe.frame !== frame)
  return rest.length > 0 ? rest : keyframes
}

/** What is answered at a frame: each answer holds from its keyframe until the next one; before the first, as there. */
export function fieldsAt(keyframes, frame) {
  const until = keyframes.filter((keyframe, n) => n === 0 || keyframe.frame <= frame)
  return Object.assign({}, ...until.map(({ fields }) => fields ?? {}))
}

/** The keyframes with an answer that holds from this frame on; the box stays where it is there. Undefined: none of its own. */
export function withAnswer(keyframes, frame, time, name, value) {
  const { [name]: _gone, ...others } = keyframeAt(keyframes, frame)?.fields ?? {}
  const fields = value === undefined ? others : { ...others, [name]: value }
  return withKeyframe(keyframes, frame, time, draftAt(keyframes, frame, time), fields)
}

/**
 * Two tracks of one: until the frame before, and from this frame on, each with a keyframe at the cut. `before`: that frame
 * and its time. Null where the cut is not inside.
 */
export function split(keyframes, { frame, time }, before) {
  if (frame <= keyframes[0].frame || frame > keyframes.at(-1).frame) return null
  const first = keyframes.filter((keyframe) => keyframe.frame < frame)
  const ending = keyframeAt(keyframes, before.frame) ? first : withKeyframe(first, before.frame, before.time, boxAt(keyframes, before.frame, before.time))
  const rest = keyframes.filter((keyframe) => keyframe.frame >= frame)
  const beginning = withKeyframe(rest, frame, time, boxAt(keyframes, frame, time), fieldsAt(keyframes, frame))
  return [ending, beginning]
}

/** One track of two that do not overlap, the earlier first; between them it is out of the picture. Null where they overlap. */
export function merged(one, other) {
  const [first, second] = one[0].frame <= other[0].frame ? [one, other] : [other, one]
  const end = first.at(-1)
  if (second[0].frame <= end.frame) return null
  const isGap = second[0].frame > end.frame + 1
  return [...first.slice(0, -1), isGap ? { ...end, outside: true } : end, ...second]
}

export function nextKeyframe(keyframes, frame) {
  return keyframes.find((keyframe) => keyframe.frame > frame) ?? null
}

export function previousKeyframe(keyframes, frame) {
  return keyframes.findLast((keyframe) => keyframe.frame < frame) ?? null
}

/** Stretches [{from, to}] in seconds in which the box is on the picture: what a row of the timeline shows. */
export function stretches(keyframes) {
  const found = []
  let open = null
  for (const keyframe of keyframes) {
    if (open !== null && keyframe.outside) {
      found.push({ from: open, to: keyframe.time })
      open = null
    } else if (open === null && !keyframe.outside) {
      open = keyframe.time
    }
  }
  if (open !== null) found.push({ from: open, to: keyframes.at(-1).time })
  return found
}

/** Hundredths of a pixel: finer is noise of the mouse. */
export function rounded(box) {
  const parts = [...GEOMETRY, "rotation"].map((key) => [key, Math.round(box[key] * 100) / 100])
  return { ...box, ...Object.fromEntries(parts) }
}

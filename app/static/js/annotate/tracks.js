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

/** The keyframes with one more, or one replaced, in order. */
export function withKeyframe(keyframes, frame, time, box) {
  const made = { frame, time, ...rounded(shape(box)) }
  return [...keyframes.filter((keyframe) => keyframe.frame !== frame), made].sort((one, other) => one.frame - other.frame)
}

/** The keyframes without that of a frame; the last one stays: a track without any is none. */
export function withoutKeyframe(keyframes, frame) {
  const rest = keyframes.filter((keyframe) => keyframe.frame !== frame)
  return rest.length > 0 ? rest : keyframes
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

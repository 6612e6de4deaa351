// Marks of another ad of the same family, as they can be marks of this one: within its picture, with ids of their own, and
// the copier's work from then on. Pure but for the work that they are added to.

import { SHAPES } from "./shapes/registry.js"

/** `marks`: {field: [mark]}. Adds what fits in one undo step. Gives {copied, moved, left}: how many, how many of them were
 * moved into the picture, and how many were left out. */
export function copyMarks(work, marks) {
  const fitted = Object.entries(marks).flatMap(([field, list]) => list.map((mark) => fittedMark(work, field, mark)))
  const kept = fitted.filter((one) => one !== null)
  work.batch(() => {
    for (const { field, mark } of kept) work.addMark(field, mark)
  })
  return { copied: kept.length, moved: kept.filter(({ isMoved }) => isMoved).length, left: fitted.length - kept.length }
}

/** What was done, in a sentence. */
export function copiedInWords({ copied, moved, left }, from) {
  const marks = (count) => `${count} mark${count === 1 ? "" : "s"}`
  const said = [`${marks(copied)} copied from ${from}.`]
  if (moved > 0) said.push(`${moved} of them moved into this picture, which is of another size.`)
  if (left > 0) said.push(`${marks(left)} left out: this ad has no place for ${left === 1 ? "it" : "them"}.`)
  return said.join(" ")
}

function fittedMark(work, field, mark) {
  const asked = work.asked.includes(field) ? work.fieldOf(field) : null
  const shape = asked && SHAPES[asked.kind]
  const part = shape && work.part(mark.part ?? work.partsOf(field)[0])
  if (!part || !isOfThisSize(mark, part)) return null
  const frame = frameIn(mark, part)
  if (frame === null) return null
  const before = shape.geometry(mark)
  const geometry = shape.clamped(mark, part)
  const { choice, fields } = mark
  const isMoved = JSON.stringify(geometry) !== JSON.stringify(before)
  return { field, isMoved, mark: { part: part.name, choice, ...frame, ...(fields ? { fields } : {}), ...geometry } }
}

/** {frame} where the picture moves, {} where it does not, null where it has no such frame. */
function frameIn({ frame = 0 }, { frame_count: count }) {
  if (!(count > 1)) return {}
  return frame < count ? { frame } : null
}

/** A mask is of one size of picture only. */
function isOfThisSize({ rle }, { width, height }) {
  return rle === undefined || (rle.size[0] === height && rle.size[1] === width)
}

// A schema may ask that so much of a sound or video is played before a label is sent: what is lacking is said, and gone to.

import { unplayed } from "../../annotate/coverage.js"
import { clock } from "../../annotate/segments.js"

/** The sentence for what was played too little, or null; its part is opened at the first gap. A label that is revised was sent before. */
export function leadToUnplayed(task) {
  const { work, timing } = task
  for (const part of task.querySelectorAll("[data-part]")) part.playback?.tellPlayed()
  if (work.revises) return null
  const [found] = unplayed(work.schema, work.schema.parts.flatMap(({ name }) => work.part(name) ?? []), timing.ranges)
  if (found === undefined) return null
  const { part, share, wanted, gap } = found
  const element = task.querySelector(`[data-part="${CSS.escape(part)}"]`)
  work.activatePart(part)
  element?.seek?.(gap)
  element?.focus()
  const name = part.replaceAll("_", " ")
  return `${Math.floor(share * 100)} % of ${name} was played, ${Math.round(wanted * 100)} % is asked for: play it from ${clock(gap, 0)} on`
}

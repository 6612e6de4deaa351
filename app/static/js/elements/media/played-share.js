// How much of a part was played, where its schema asks for a share before a label is sent.

import { coverage, requiredOf } from "../../annotate/coverage.js"

export function showPlayed(element) {
  const wanted = requiredOf(element.work.schema, element.part.name)
  const timing = element.closest("fasit-work")?.timing
  const output = element.querySelector(".media-played")
  output.hidden = wanted === null || !timing
  if (output.hidden) return
  const { share } = coverage(element.part.duration, timing.ranges[element.part.name])
  output.textContent = `${Math.floor(share * 100)} of ${Math.round(wanted * 100)} % played`
  output.toggleAttribute("data-enough", share >= wanted)
}

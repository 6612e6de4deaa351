// The keys of the point in hand (points-in-hand.js): what they mean there they do not mean for the mark.

import { arrowStep } from "../../annotate/boxes.js"

const ACTS = { Delete: "remove", Backspace: "remove", Insert: "split", "+": "split", Enter: "snap" }

/** True where the key was one of them. */
export function pressPointKey(event, { desk, stage }) {
  const { points } = desk
  const step = arrowStep(event)
  if (step && !event.altKey) {
    points.move(step.dx, step.dy, event.timeStamp)
    if (points.at) stage.reveal({ ...points.at, width: 0, height: 0 })
    return true
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return false
  if (event.key === "Escape") return points.end()
  if (event.key === "Tab") return points.step(event.shiftKey ? -1 : 1) || points.end()
  if (!(event.key in ACTS) || (event.key === "Enter" && event.shiftKey)) return false
  points[ACTS[event.key]]()
  return true
}

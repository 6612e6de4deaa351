// Copies the marks of this person's last ad of the same family, where there is one: asked for once the task has begun.

import { copiedInWords, copyMarks } from "../../annotate/copying.js"
import { Unreachable } from "../../annotate/server.js"

export async function offerFamilyMarks(task, desk, signal) {
  const button = task.querySelector("[data-act=copy-family]")
  if (button === null || task.work.readOnly) return
  const found = await ask(task, desk)
  if (found === null || signal.aborted) return
  const [from, said] = [found.external_id, task.querySelector(".work-missing")]
  button.querySelector("[data-from]").textContent = from
  button.hidden = false
  const copy = () => {
    said.textContent = copiedInWords(copyMarks(task.work, found.marks), from) // a live region: it is read out too
  }
  button.addEventListener("click", copy, { signal })
}

async function ask(task, desk) {
  try {
    const response = await desk.send("GET", `/work/claims/${task.claim.id}/family`, task.claim)
    return response.status === 200 ? await response.json() : null
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    return null
  }
}

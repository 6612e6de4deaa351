// What the parts of a task still have in hand when it is to be submitted. A part tells it by
//   stored()      a promise, while something that was done is still being stored (a stroke of the brush); else null
//   unfinished()  a sentence, while something is being drawn that would be lost; else null

const partsOf = (task) => [...task.querySelectorAll("[data-part]")]

/** A number that is still being typed counts as entered. */
export function storing(task) {
  const { activeElement } = document
  if (activeElement?.matches(".mark-number input")) activeElement.dispatchEvent(new Event("change"))
  const waits = partsOf(task).map((part) => part.stored?.() ?? null).filter((wait) => wait !== null)
  return waits.length > 0 ? Promise.all(waits) : null
}

export function unfinished(task) {
  return partsOf(task).map((part) => part.unfinished?.() ?? null).find((sentence) => sentence !== null) ?? null
}

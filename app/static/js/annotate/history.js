// Undo and redo as a list of steps; a step is a list of changes. Knows nothing of what a change means.
// Changes made one after another under the same burst name (one drag, one typed word) are one step.

const LONGEST = 500

export class History {
  #done = []
  #undone = []

  get canUndo() {
    return this.#done.length > 0
  }

  get canRedo() {
    return this.#undone.length > 0
  }

  /** [{changes, at}], oldest first: those that were taken back stand after those that hold. */
  get steps() {
    return [...this.#done, ...this.#undone.toReversed()].map(({ changes, at }) => ({ changes, at }))
  }

  /** How many of the steps hold. */
  get place() {
    return this.#done.length
  }

  /** `at`: when, in the caller's units. Of a burst the last change counts. */
  record(changes, burst = null, at = null) {
    if (changes.length === 0) return
    this.#undone = []
    const last = this.#done.at(-1)
    if (burst !== null && last?.burst === burst) {
      last.changes.push(...changes)
      last.at = at
    } else this.#done.push({ burst, changes: [...changes], at })
    if (this.#done.length > LONGEST) this.#done.shift()
  }

  /** Ends the running burst, so that the next change under its name is a step of its own. */
  rest() {
    const last = this.#done.at(-1)
    if (last) last.burst = null
  }

  /** The changes to take back, newest first, or null. */
  undo() {
    const step = this.#done.pop()
    if (!step) return null
    step.burst = null
    this.#undone.push(step)
    return step.changes.toReversed()
  }

  /** The changes to make again, oldest first, or null. */
  redo() {
    const step = this.#undone.pop()
    if (!step) return null
    this.#done.push(step)
    return [...step.changes]
  }
}

// Changes to the answer sheet, each of which can be taken back: one after another, in batches, or back to any point. Work,
// which knows what is answered, builds on it, and is told of every change by `applied(change)` and `settle(fields)`.

import { History } from "./history.js"
import { MarkView } from "./mark-view.js"
import { fieldsOf, isReal, reversed, Sheet } from "./sheet.js"

export class Recorded extends MarkView {
  sheet = new Sheet()
  #history = new History()
  #batch = null
  #readOnly = false
  #clock = () => null

  constructor(...schema) {
    super(...schema)
    this.addEventListener("select", () => this.#history.rest())
  }

  /** `clock()`: what time a step of the history is of. */
  timeBy(clock) {
    this.#clock = clock
  }

  /** Takes another sheet; undo does not reach behind it. */
  begin(sheet) {
    this.sheet = sheet
    this.#history = new History()
  }

  /** Everything that `fn` changes is one undo step. */
  batch(fn) {
    if (this.#batch) return fn()
    this.#batch = []
    try {
      return fn()
    } finally {
      const changes = this.#batch
      this.#batch = null
      this.#history.record(changes, null, this.#clock())
      this.settle(fieldsOf(changes))
    }
  }

  // Undo --------------------------------------------------------------------------------------------------------

  get canUndo() {
    return !this.#readOnly && this.#history.canUndo
  }

  get canRedo() {
    return !this.#readOnly && this.#history.canRedo
  }

  undo() {
    if (this.canUndo) this.#replay(this.#history.undo().map(reversed))
  }

  redo() {
    if (this.canRedo) this.#replay(this.#history.redo())
  }

  /** {steps: [{changes, at}], place}: every step since the task was opened, and how many hold; those after were taken back. */
  get history() {
    return { steps: this.#history.steps, place: this.#history.place }
  }

  /** Back, or on, to when so many steps held. */
  goTo(place) {
    while (this.#history.place > place && this.canUndo) this.undo()
    while (this.#history.place < place && this.canRedo) this.redo()
  }

  get readOnly() {
    return this.#readOnly
  }

  set readOnly(value) {
    if (value === this.#readOnly) return
    this.#readOnly = value
    this.tell("readonly", value)
  }

  // Inside ------------------------------------------------------------------------------------------------------

  make(asked, burst = null) {
    const changes = asked.filter(isReal)
    if (this.#readOnly || changes.length === 0) return
    for (const change of changes) this.#apply(change)
    if (this.#batch) return void this.#batch.push(...changes)
    this.#history.record(changes, burst, this.#clock())
    this.settle(fieldsOf(changes))
  }

  #replay(changes) {
    for (const change of changes) this.#apply(change)
    this.settle(fieldsOf(changes))
  }

  #apply(change) {
    this.sheet.apply(change)
    this.applied(change)
  }
}

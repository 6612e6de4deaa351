// The last submit, which may be taken back for a while. Where a choice submits at once, the page offers that for some
// seconds, with the time that is left; the Undo button, and Ctrl+Z where there is nothing else to undo, work all the while.

const SHOWN_MS = 8000
const TICK_MS = 250

export class UndoOffer {
  #place
  #longest
  #label = null
  #isExpected = false
  #until = 0
  #shownUntil = 0
  #ticking = null

  /** `place`: the element with the words; `longest`: milliseconds in which the server takes a submit back. */
  constructor(place, longest) {
    this.#place = place
    this.#longest = longest
  }

  get label() {
    return performance.now() < this.#until ? this.#label : null
  }

  /** Whether there is, or is about to be, something to take back. */
  get isOpen() {
    return this.#isExpected || this.label !== null
  }

  /** A label is on its way, which may be taken back once it has arrived. */
  expect() {
    this.forget()
    this.#isExpected = true
  }

  /** The label of the last submit, or null: what was done last is nothing that is taken back. */
  remember(label) {
    this.#isExpected = false
    this.#label = label
    this.#until = performance.now() + this.#longest
    if (label === null) this.hide()
  }

  forget() {
    this.remember(null)
  }

  /** Says what was just chosen, and that it may be taken back. */
  show(words) {
    this.#place.querySelector("[data-undo-words]").textContent = words
    this.#place.hidden = false
    this.#shownUntil = performance.now() + Math.min(SHOWN_MS, this.#longest)
    clearInterval(this.#ticking)
    this.#ticking = setInterval(() => this.#tick(), TICK_MS)
    this.#tick()
  }

  hide() {
    clearInterval(this.#ticking)
    this.#place.hidden = true
  }

  #tick() {
    const left = Math.ceil((this.#shownUntil - performance.now()) / 1000)
    if (left <= 0) this.hide()
    else this.#place.querySelector("[data-undo-left]").textContent = `${left} s`
  }
}

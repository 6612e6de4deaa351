// Marks wait until the frame they were meant for is proven to be on the screen. Keys pressed meanwhile wait behind them, in
// their order: quick fingers mark the frame they counted to, and submit what they marked.

const TYPING = "input, textarea, select"
const HELD = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta"])

export class FrameQueue {
  #part
  #frames
  #doubt
  #signal
  #waiting = []
  #inner = null // what an act that runs now asks for: it comes before whatever else waits
  #isBusy = false

  /** `doubt()` is called instead of a mark where the frame cannot be proven. */
  constructor({ part, frames, signal, doubt }) {
    this.#part = part
    this.#frames = frames
    this.#signal = signal
    this.#doubt = doubt
    part.addEventListener("keydown", (event) => this.#onKey(event), { signal, capture: true })
  }

  /** `act(frame)` once the frame on the screen is proven. */
  mark(act) {
    this.#take(async () => {
      const frame = await this.#frames.settle()
      if (this.#signal.aborted) return
      if (frame === null) this.#doubt()
      else this.#run(() => act(frame))
    })
  }

  #take(task) {
    if (this.#inner !== null) this.#inner.push(task)
    else this.#waiting.push(task)
    if (!this.#isBusy) this.#work()
  }

  async #work() {
    this.#isBusy = true
    try {
      while (this.#waiting.length > 0 && !this.#signal.aborted) await this.#waiting.shift()()
    } finally {
      this.#isBusy = false
    }
  }

  #run(act) {
    this.#inner = []
    try {
      act()
    } finally {
      this.#waiting.unshift(...this.#inner)
      this.#inner = null
    }
  }

  #onKey(event) {
    if (!this.#isBusy || !event.isTrusted || event.isComposing || HELD.has(event.key) || event.target.matches(TYPING)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (event.repeat && this.#waiting.length > 20) return
    const { key, code, shiftKey, ctrlKey, altKey, metaKey, repeat } = event
    const again = { key, code, shiftKey, ctrlKey, altKey, metaKey, repeat, bubbles: true, cancelable: true }
    this.#take(async () => this.#run(() => this.#press(again)))
  }

  // Where the focus is by then: an earlier key may have moved it.
  #press(again) {
    const focused = document.activeElement
    const target = this.#part.contains(focused) ? focused : this.#part.surface
    target.dispatchEvent(new KeyboardEvent("keydown", again))
  }
}

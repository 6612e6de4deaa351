// <fasit-rest>: a break. The ad is covered, the clock of active time stands still, sound stops; the work is saved and the
// task stays the person's as long as its claim lasts.

const TICK_MS = 1000

class Rest extends HTMLElement {
  #ticking = null
  #since = 0

  connectedCallback() {
    const dialog = this.querySelector("dialog")
    dialog.addEventListener("toggle", (event) => (event.newState === "open" ? this.#begin() : this.#end()))
  }

  disconnectedCallback() {
    clearInterval(this.#ticking)
  }

  // Asked anew each time: the task on the page changes.
  get #timing() {
    return document.querySelector("fasit-work")?.timing
  }

  #begin() {
    this.#since = performance.now()
    this.#timing?.setResting(true)
    for (const media of document.querySelectorAll("audio, video")) media.pause()
    this.#ticking = setInterval(() => this.#tick(), TICK_MS)
    this.#tick()
  }

  #end() {
    clearInterval(this.#ticking)
    this.#timing?.setResting(false)
  }

  #tick() {
    const seconds = Math.floor((performance.now() - this.#since) / 1000)
    const minutes = String(Math.floor(seconds / 60)).padStart(2, "0")
    this.querySelector("output").textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`
  }
}

customElements.define("fasit-rest", Rest)

// The parts of an ad on the page: the one in focus is large, the others stay in view beside it. A click on a small one
// brings it to the front and does nothing else, so that nobody draws on what is just moving; its buttons work at once.

const CONTROLS = "button, input, textarea, select, a, summary, audio, video"
const STOPS = ":is(button, input, select, textarea):enabled:not([tabindex='-1']), a[href], summary, [tabindex='0']"

export class PartsBoard {
  #task
  #work
  #front = null // the part that was in focus when they were arranged

  constructor(task, work, signal) {
    this.#task = task
    this.#work = work
    work.addEventListener("active", () => this.#turn(), { signal })
    work.addEventListener("change", () => this.#count(), { signal })
    task.addEventListener("click", (event) => this.#onChoice(event), { signal })
    const board = task.querySelector(".work-media")
    board.addEventListener("pointerdown", (event) => this.#onPress(event), { signal, capture: true })
    board.addEventListener("focusin", (event) => this.#onFocus(event), { signal })
    this.#show()
    this.#count()
  }

  #onChoice(event) {
    const name = event.target.closest("[data-show-part]")?.dataset.showPart
    if (name) {
      this.#work.activatePart(name)
      this.#focus(name)
    }
  }

  /**
   * Where nothing has the focus, the first Tab goes to the picture or the text. The focus itself stays free: arrows are for
   * the questions until then. Browsers go on from where the focus was last, so it touches what stands before and leaves it.
   */
  leadTab() {
    if (document.activeElement !== document.body) return
    const stage = this.#box(this.#work.activePart)?.querySelector("[tabindex='0']")
    const stops = [...document.querySelectorAll(STOPS)].filter((one) => one === stage || one.checkVisibility())
    const before = stops[stops.indexOf(stage) - 1]
    before?.focus({ preventScroll: true })
    before?.blur()
  }

  #focus(name) {
    this.#box(name)?.querySelector("[tabindex='0']")?.focus({ preventScroll: true })
  }

  #onPress(event) {
    const name = event.target.closest("[data-part-box]")?.dataset.partBox
    if (!name || name === this.#work.activePart) {
      return
    }
    if (event.target.closest("[data-compared]")) {
      this.#work.activatePart(name) // those beside each other do not move
    } else if (!event.target.closest(CONTROLS)) {
      event.preventDefault()
      event.stopPropagation()
      window.addEventListener("pointerup", () => this.#work.activatePart(name), { once: true })
    }
  }

  #onFocus(event) {
    const name = event.target.closest("[data-part-box]")?.dataset.partBox
    if (name && event.target.matches("[tabindex='0']:focus-visible")) {
      this.#work.activatePart(name)
    }
  }

  // A question may bring another part to the front; the focus goes along, for the keys of a part that stands back are dead.
  #turn() {
    const isAnother = this.#front !== this.#work.activePart
    this.#show()
    const left = document.activeElement?.closest("[data-part-box]")?.dataset.partBox
    if (left !== undefined && left !== this.#work.activePart) this.#focus(this.#work.activePart)
    // In a small window the parts lie below each other: one that grew smaller moved what has the focus.
    else if (left !== undefined && isAnother) document.activeElement.scrollIntoView({ block: "nearest" })
  }

  #box(name) {
    return [...this.#task.querySelectorAll("[data-part-box]")].find((box) => box.dataset.partBox === name)
  }

  #show() {
    this.#front = this.#work.activePart
    for (const box of this.#task.querySelectorAll("[data-part-box]")) {
      const active = box.dataset.partBox === this.#work.activePart
      box.classList.toggle("is-active", active)
      // The keys of the part in focus are the ones that work (js/keys.js).
      box.querySelector("[data-key-scope]")?.toggleAttribute("data-active", active)
    }
    for (const button of this.#task.querySelectorAll("[data-show-part]")) {
      button.setAttribute("aria-pressed", String(button.dataset.showPart === this.#work.activePart))
    }
  }

  #count() {
    for (const counter of this.#task.querySelectorAll("[data-count-of]")) {
      const count = this.#work.marksOn(counter.dataset.countOf).length
      counter.textContent = count > 0 ? String(count) : ""
    }
  }
}

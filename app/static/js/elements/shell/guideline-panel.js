// The guideline beside the work, opened at a clause. It is loaded once for each version that a task was claimed under.

const SCROLLING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "])

export class GuidelinePanel {
  #panel
  #body
  #loaded = null

  /** `send(url)`: a response; `reading(bool)`: whether the person reads. */
  constructor(panel, { send, reading, closed }) {
    this.#panel = panel
    this.#body = panel.querySelector(".guideline-body")
    this.send = send
    this.reading = reading
    this.closed = closed
    panel.querySelector("[data-act=close-guideline]").addEventListener("click", () => this.close())
    for (const event of ["keydown", "pointerdown", "pointermove", "wheel"]) {
      panel.addEventListener(event, () => this.reading(true), { passive: true })
    }
    panel.addEventListener("keydown", (event) => this.#onKey(event))
  }

  get isOpen() {
    return !this.#panel.hidden
  }

  async toggle(url, clause) {
    if (this.isOpen) {
      this.close()
      return
    }
    this.#panel.hidden = false
    this.reading(true)
    await this.show(url, clause)
  }

  async show(url, clause) {
    if (this.#loaded !== url) {
      this.#body.setAttribute("aria-busy", "true")
      const response = await this.send(url)
      if (response.ok) {
        this.#body.setHTMLUnsafe(await response.text())
        this.#loaded = url
      }
      this.#body.removeAttribute("aria-busy")
    }
    this.#lead(clause)
  }

  close() {
    this.#panel.hidden = true
    this.reading(false)
    this.closed()
  }

  #lead(clause) {
    for (const marked of this.#body.querySelectorAll(".is-wanted")) {
      marked.classList.remove("is-wanted")
    }
    const heading = clause === null ? null : this.#body.querySelector(`#${CSS.escape(`clause-${clause}`)}`)
    if (heading) {
      heading.classList.add("is-wanted")
      heading.scrollIntoView({ block: "start" })
    }
  }

  // Scrolling keys scroll here; elsewhere on the page they are keys of buttons.
  #onKey(event) {
    if (event.key === "Escape") {
      this.close()
      event.stopPropagation()
    } else if (SCROLLING.has(event.key)) {
      event.stopPropagation()
    }
  }
}

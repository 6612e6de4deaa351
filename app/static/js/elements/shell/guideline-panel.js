// The guideline beside the work, opened at a clause. It is loaded once for each version that a task was claimed under, and
// where the server cannot be reached the panel says so and asks again.

import { Unreachable } from "../../annotate/server.js"
import { later } from "../../later.js"

const RETRY_MS = 3000
const SCROLLING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "])

export class GuidelinePanel {
  #panel
  #body
  #away
  #loaded = null
  #askNoMore = () => {}

  /** `send(url)`: a response; `reading(bool)`: whether the person reads. */
  constructor(panel, { send, reading, closed }) {
    this.#panel = panel
    this.#body = panel.querySelector(".guideline-body")
    this.#away = panel.querySelector(".guideline-away")
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
    this.#askNoMore()
    if (this.#loaded !== url) {
      this.#away.hidden = await this.#load(url)
      if (!this.#away.hidden) {
        this.#askNoMore = later(() => this.isOpen && this.show(url, clause), RETRY_MS)
        return
      }
    }
    this.#lead(clause)
  }

  /** Whether it is there; one of another version is not left standing. */
  async #load(url) {
    this.#body.setAttribute("aria-busy", "true")
    const content = await this.#fetch(url)
    this.#body.setHTMLUnsafe(content ?? "")
    this.#loaded = content === null ? null : url
    this.#body.removeAttribute("aria-busy")
    return content !== null
  }

  async #fetch(url) {
    try {
      const response = await this.send(url)
      return response.ok ? await response.text() : null
    } catch (error) {
      if (error instanceof Unreachable) return null
      throw error
    }
  }

  close() {
    this.#askNoMore()
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

// The history of a task: each step in words with its time. A press on one goes there, back or on.

import { stepWords } from "../annotate/history-words.js"

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }

class WorkHistory extends HTMLElement {
  #quit = null
  #work = null

  open(work) {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#work = work
    this.#dialog.addEventListener("toggle", (event) => event.newState === "open" && this.#opened(), { signal })
    this.#list.addEventListener("click", (event) => this.#goTo(event.target.closest(".history-step")), { signal })
    this.#list.addEventListener("keydown", (event) => this.#key(event), { signal })
    work.addEventListener("change", () => this.#dialog.open && this.#show(), { signal })
  }

  close() {
    this.#quit?.abort()
  }

  get #dialog() {
    return this.querySelector("dialog")
  }

  get #list() {
    return this.querySelector(".history-list")
  }

  get #steps() {
    return [...this.#list.querySelectorAll(".history-step")]
  }

  #opened() {
    this.#show()
    this.#steps[this.#work.history.place].focus()
  }

  #show() {
    const { steps, place } = this.#work.history
    const focused = this.#steps.indexOf(document.activeElement)
    const begun = { at: null, words: "As it was when the task was opened" }
    const told = steps.map(({ changes, at }) => ({ at, words: stepWords(this.#work, changes) }))
    this.#list.replaceChildren(...[begun, ...told].map((step, at) => this.#row(step, at, place)))
    const now = this.#steps[focused < 0 ? place : Math.min(focused, steps.length)]
    now.tabIndex = 0
    if (focused >= 0) now.focus()
    this.#steps[place].scrollIntoView({ block: "nearest" })
  }

  #row({ at: time, words }, at, place) {
    const row = this.querySelector("template[data-history-step]").content.firstElementChild.cloneNode(true)
    const button = row.querySelector("button")
    button.dataset.place = String(at)
    button.tabIndex = -1
    button.classList.toggle("is-undone", at > place)
    if (at === place) button.setAttribute("aria-current", "step")
    row.querySelector(".history-words").textContent = words
    if (at > place) row.querySelector(".history-words").append(" (taken back)")
    const clock = row.querySelector("time")
    if (time === null) return row
    clock.dateTime = new Date(time).toISOString()
    clock.textContent = new Date(time).toLocaleTimeString(document.documentElement.lang || "en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false })
    return row
  }

  #goTo(button) {
    if (!button || this.#work.readOnly) return
    this.#work.goTo(Number(button.dataset.place))
    this.#work.announce(`At: ${button.querySelector(".history-words").firstChild.textContent}`)
  }

  #key(event) {
    const step = STEPS[event.key]
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    const steps = this.#steps
    const at = Math.min(Math.max(steps.indexOf(document.activeElement) + step, 0), steps.length - 1)
    for (const button of steps) button.tabIndex = -1
    steps[at].tabIndex = 0
    steps[at].focus()
    event.preventDefault()
    event.stopPropagation()
  }
}

customElements.define("fasit-history", WorkHistory)

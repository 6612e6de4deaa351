// What machines suggest for the ad: a list to go through, one after another or all at once; and beneath it what cannot be read.

import { answerWords, scoreWords } from "../annotate/answer-words.js"
import { KINDS } from "../annotate/summaries.js"
import { WindowedList } from "./marks/windowed-list.js"
import { SuggestedAnswers } from "./suggestions/suggested-answers.js"
import { Unreadable } from "./suggestions/unreadable.js"

const ROW_HEIGHT = 30 // pixels, see work-marks.css

class WorkSuggestions extends HTMLElement {
  #quit = null
  #work = null
  #list = null
  #answers = null
  #unreadable = null

  open(work) {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#work = work
    const copy = (name) => this.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
    const questions = this.parentElement.querySelector("fasit-questions")
    this.#list = new WindowedList(this.querySelector(".suggestions-list"), {
      signal,
      height: ROW_HEIGHT,
      make: () => copy("suggestion-row"),
      fill: (row, piece) => this.#fill(row, piece),
      moved: ({ key }) => work.suggested.focus(key),
    })
    this.#answers = new SuggestedAnswers(questions, { work, copy, signal, decide: (act, piece) => this.#decide(act, piece) })
    this.#unreadable = new Unreadable(this.querySelector(".unreadable"), { work, copy, signal })
    for (const event of ["change", "suggested", "readonly"]) work.addEventListener(event, () => this.#show(), { signal })
    this.addEventListener("click", (event) => this.#onClick(event.target), { signal })
    this.#show()
  }

  close() {
    this.#quit?.abort()
  }

  #show() {
    const { suggested, unreadable, awaitsSuggestions, readOnly } = this.#work
    const { open, current } = suggested
    const waits = awaitsSuggestions && !readOnly
    this.hidden = open.length === 0 && unreadable.length === 0 && !waits
    this.querySelector(".suggestions-wait").hidden = !waits
    this.querySelector(".suggestions-open").hidden = open.length === 0
    this.querySelector("[data-open-count]").textContent = String(open.length)
    for (const button of this.querySelectorAll(".suggestions-open .button")) button.disabled = readOnly
    const hadFocus = this.#list.holdsFocus
    this.#list.show(open)
    if (current && hadFocus) this.#list.focus(current.key)
    else if (current) this.#list.reveal(current.key)
    else if (hadFocus) this.parentElement.querySelector(".marks-list [data-row][tabindex='0']")?.focus({ preventScroll: true })
    this.#answers.show(open)
    this.#unreadable.show(unreadable)
  }

  #fill(row, piece) {
    const work = this.#work
    const isCurrent = piece === work.suggested.current
    row.dataset.key = piece.key
    row.style.setProperty("--mark", piece.mark ? work.colorOf(piece.field, piece.mark.choice) : "var(--line-strong)")
    row.classList.toggle("is-selected", isCurrent)
    const button = row.querySelector(".mark-choose")
    if (isCurrent) button.setAttribute("aria-current", "true")
    else button.removeAttribute("aria-current")
    button.title = `${piece.by}${piece.score === null ? "" : `, ${scoreWords(piece.score)} sure`}`
    row.querySelector(".mark-title").textContent = this.#titleOf(piece)
    row.querySelector(".mark-summary").textContent = this.#summaryOf(piece)
    row.querySelector(".suggestion-score").textContent = scoreWords(piece.score)
  }

  #titleOf({ field, mark }) {
    const work = this.#work
    return work.title((mark && work.choiceOf(field, mark.choice)) ?? work.fieldOf(field))
  }

  #summaryOf({ field, mark, value }) {
    const asked = this.#work.fieldOf(field)
    if (!mark) return answerWords(this.#work, asked, value)
    const ends = (id) => this.#work.suggested.open.find((piece) => piece.mark?.id === id) ?? this.#work.find(id)
    return KINDS[asked.kind]?.summary(mark, ends) ?? ""
  }

  #onClick(target) {
    const row = target.closest(".suggestion-row")
    const act = target.closest("[data-act]")?.dataset.act
    if (row) this.#work.suggested.focus(row.dataset.key)
    else if (act) this.#decide(act)
  }

  #decide(act, piece = this.#work.suggested.current) {
    const { suggested } = this.#work
    const acts = {
      accept: () => this.#say(suggested.accept(piece), "accepted"),
      refuse: () => this.#say(suggested.refuse(piece), "refused"),
      change: () => this.#say(suggested.accept(piece, { select: true }), "accepted, to be changed"),
      "accept-all": () => this.#sayAll(suggested.acceptAll(), "accepted"),
      "refuse-all": () => this.#sayAll(suggested.refuseAll(), "refused"),
      next: () => this.#step(1),
      previous: () => this.#step(-1),
    }
    acts[act]?.()
  }

  #step(way) {
    const { suggested } = this.#work
    const next = suggested.neighbour(way) ?? (way > 0 ? suggested.open[0] : suggested.open.at(-1))
    if (!next) return
    suggested.focus(next.key)
    this.#work.announce(`Suggested: ${this.#titleOf(next)} ${this.#summaryOf(next)} ${scoreWords(next.score)}`.trim())
  }

  #say(piece, what) {
    if (piece) this.#work.announce(`${this.#titleOf(piece)} ${what}, ${this.#left}`)
  }

  #sayAll(count, what) {
    this.#work.announce(count === 0 ? "Nothing is left to decide at once." : `${count} ${what}, ${this.#left}`)
  }

  get #left() {
    return `${this.#work.suggested.open.length} left`
  }
}

customElements.define("fasit-suggestions", WorkSuggestions)

// Finding words in a text, and marking every place where they stand: a bar over the text that says how many there are, lights
// them up and goes from one to the next. Nothing is marked before its button is pressed.

import { hasWords, MOST, nearestPlace, occurrencesOf } from "../../annotate/occurrences.js"
import { bringIn } from "./bring-in.js"

const OFFER_AFTER_MS = 200 // once a new span has been drawn
const LONGEST_OFFER = 200 // characters; longer pieces hardly stand twice
const LIT = "fasit-found"
const LIT_CURRENT = "fasit-found-current"

export class FindBar {
  #bar
  #desk
  #page
  #caret
  #places = []
  #at = -1
  #of = null // {field, choice} of the span whose words are looked for; null: what is in focus
  #offerDue = null

  constructor(part, { desk, page, caret, signal }) {
    this.#bar = part.querySelector(".text-find")
    Object.assign(this, { part })
    ;[this.#desk, this.#page, this.#caret] = [desk, page, caret]
    const { input, offer } = this
    this.#bar.addEventListener("keydown", (event) => this.#key(event), { signal })
    this.#bar.addEventListener("click", (event) => this.#press(event.target.closest("[data-find]")), { signal })
    input.addEventListener("input", () => this.#search(), { signal })
    offer.addEventListener("click", () => this.openEvery(), { signal })
    page.addEventListener("drawn", () => this.#light(), { signal })
    desk.work.addEventListener("change", () => this.isOpen && this.#count(), { signal })
    desk.work.addEventListener("active", () => this.isOpen && this.#count(), { signal })
    desk.work.addEventListener("select", () => this.#hideOffer(), { signal })
    signal.addEventListener("abort", () => this.close({ focus: false }))
  }

  get input() {
    return this.#bar.querySelector("input")
  }

  get offer() {
    return this.part.querySelector("[data-offer]")
  }

  get isOpen() {
    return !this.#bar.hidden
  }

  /** Opens with what is selected, to look for words. */
  open() {
    const { start, end } = this.#desk.selected ?? this.#caret
    this.#show(end - start <= LONGEST_OFFER ? this.#text.slice(start, end) : "", null)
    this.input.focus()
    this.input.select()
  }

  /** Opens with the words of the selected span, or those at the caret, to mark wherever they stand. */
  openEvery() {
    const span = this.#desk.selected
    const range = span ?? (this.#caret.isCollapsed ? this.#desk.boundaries.wordAt(this.#caret.focus) : this.#caret)
    if (!range) return this.#desk.say("There is no word at the caret: select a span, or what to look for.", { refused: true })
    const words = this.#text.slice(range.start, range.end)
    this.#toggle("words").setAttribute("aria-pressed", String(hasWords(words)))
    this.#show(words, span && { field: span.field, choice: span.mark.choice })
    const all = this.#bar.querySelector("[data-find=all]")
    if (all.hidden || all.disabled) this.input.focus()
    else all.focus()
  }

  close({ focus = true } = {}) {
    this.#bar.hidden = true
    this.#places = []
    this.#at = -1
    this.#light()
    if (focus) this.part.querySelector(".text-stage").focus({ preventScroll: true })
  }

  /** Says after a span was made that its words stand elsewhere too. */
  offerFor({ start, end }) {
    clearTimeout(this.#offerDue)
    this.#hideOffer()
    if (end - start > LONGEST_OFFER) return
    this.#offerDue = setTimeout(() => {
      const span = this.#desk.selected
      if (!span || span.start !== start || span.end !== end) return
      const words = this.#text.slice(start, end)
      const places = occurrencesOf(this.#text, words, { wholeWords: hasWords(words) })
      const left = this.#desk.unmarked(places, this.#desk.work.fieldOf(span.field), span.mark.choice).length
      if (left === 0) return
      this.offer.querySelector("span").textContent = `${this.#desk.wordsOf(span)} stands ${left} more time${left === 1 ? "" : "s"}`
      this.offer.hidden = false
    }, OFFER_AFTER_MS)
  }

  #hideOffer() {
    this.offer.hidden = true
  }

  get #text() {
    return this.#desk.part.text
  }

  #toggle(name) {
    return this.#bar.querySelector(`[data-find=${name}]`)
  }

  #isOn(name) {
    return this.#toggle(name).getAttribute("aria-pressed") === "true"
  }

  #show(words, of) {
    this.#hideOffer()
    this.#bar.hidden = false
    this.#of = of
    this.input.value = words
    this.#search()
  }

  #search() {
    this.#places = occurrencesOf(this.#text, this.input.value, { matchCase: this.#isOn("case"), wholeWords: this.#isOn("words") })
    const from = this.#desk.selected?.start ?? this.#caret.start
    this.#at = nearestPlace(this.#places, from, 1)
    this.#count()
    this.#reveal()
  }

  #go(way) {
    if (this.#places.length === 0) return
    this.#at = (this.#at + way + this.#places.length) % this.#places.length
    this.#count()
    this.#reveal()
  }

  #reveal() {
    const place = this.#places[this.#at]
    if (place) this.#page.ensure(place.start)
    this.#light()
    if (place) bringIn(this.#page.host, () => this.#page.rangeOf(place.start, place.end).getBoundingClientRect())
  }

  #count() {
    const found = this.#places.length
    const { work } = this.#desk
    const field = this.#of ? work.fieldOf(this.#of.field) : this.#desk.field
    const choice = this.#of?.choice ?? (field && work.activeChoice(field.name))
    const left = field && !work.readOnly ? this.#desk.unmarked(this.#places, field, choice).length : 0
    const all = this.#bar.querySelector("[data-find=all]")
    const count = found === MOST ? `${found} or more` : String(found)
    this.#bar.querySelector("output").value = this.input.value.trim() === "" ? "" : found === 0 ? "Not found" : `${this.#at + 1} of ${count}`
    all.hidden = field === null || found === 0
    all.disabled = left === 0
    all.style.setProperty("--mark", field ? work.colorOf(field.name, choice) : "transparent")
    const title = field ? this.#desk.titleOf({ field: field.name, mark: { choice } }) : ""
    all.querySelector("span").textContent = left === 0 ? `None left to mark as ${title}` : `Mark ${left === found ? "all" : "the other"} ${left} as ${title}`
  }

  #markAll() {
    const { work } = this.#desk
    const field = this.#of ? work.fieldOf(this.#of.field) : this.#desk.field
    const made = this.#desk.addAll(this.#places, field, this.#of?.choice ?? work.activeChoice(field.name))
    this.close()
    this.#desk.say(`${made} spans marked. Undo takes them back together.`)
  }

  #press(button) {
    const acts = {
      previous: () => this.#go(-1),
      next: () => this.#go(1),
      all: () => this.#markAll(),
      close: () => this.#leave(),
      ...Object.fromEntries(["case", "words"].map((name) => [name, () => (this.#flip(name), this.#search())])),
    }
    if (button) acts[button.dataset.find]()
  }

  #flip(name) {
    this.#toggle(name).setAttribute("aria-pressed", String(!this.#isOn(name)))
  }

  #key(event) {
    if (event.isComposing) return
    if (event.key === "Escape") this.#leave()
    else if (event.key === "Enter" && event.target === this.input && !event.ctrlKey && !event.metaKey) this.#go(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  // Back to the text, with the place that was found selected, so that Enter marks it.
  #leave() {
    const place = this.#places[this.#at]
    const every = this.#of !== null
    this.close()
    if (!place || every) return
    this.#desk.select(null)
    this.#caret.select(place.start, place.end)
  }

  #light() {
    if (!this.isOpen && this.#places.length === 0) {
      if (this.#lit) for (const name of [LIT, LIT_CURRENT]) CSS.highlights.delete(name)
      this.#lit = false
      return
    }
    const near = this.#places.filter(({ start }) => this.#page.isDrawn(this.#page.boundaries.rowAt(start)))
    const current = this.#places[this.#at]
    const ranges = near.filter((place) => place !== current).map(({ start, end }) => this.#page.rangeOf(start, end))
    CSS.highlights.set(LIT, new Highlight(...ranges))
    CSS.highlights.set(LIT_CURRENT, new Highlight(...(current ? [this.#page.rangeOf(current.start, current.end)] : [])))
    this.#lit = true
  }

  #lit = false
}

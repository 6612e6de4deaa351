// <fasit-text>: one text of an ad, with the spans marked in it and the relations between them.

import { trimSpaces } from "../annotate/spans.js"
import { whyNotMarked } from "../annotate/why-not.js"
import { grey, sayWhy } from "./greyed.js"
import { Arcs } from "./text/arcs.js"
import { Caret } from "./text/caret.js"
import { Desk } from "./text/desk.js"
import { FindBar } from "./text/find-bar.js"
import { Keyboard } from "./text/keyboard.js"
import { Mouse } from "./text/mouse.js"
import { Page } from "./text/page.js"
import { View } from "./text/view.js"

class TextPart extends HTMLElement {
  #quit = null
  #isHidden = false
  #isMarking = false

  open(work) {
    this.close()
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.work = work
    this.host = this.querySelector(".text-stage")
    this.desk = new Desk(work, work.part(this.dataset.part), signal)
    this.page = new Page(this.querySelector(".text-body"), this.desk.boundaries, { host: this.host, signal })
    this.arcs = new Arcs(this.page, { signal })
    this.caret = new Caret(this.host, this.querySelector(".text-caret"), this.page)
    this.find = new FindBar(this, { desk: this.desk, page: this.page, caret: this.caret, signal })
    this.view = new View(this, { signal, show: ({ unseen }) => this.#reshape(unseen) })
    this.#listenToHands(signal)
    this.#listen(signal)
    this.view.show()
    this.#render()
  }

  close() {
    this.#quit?.abort()
    this.#quit = null
  }

  disconnectedCallback() {
    this.close()
  }

  #listenToHands(signal) {
    const { desk, page, caret, arcs } = this
    const made = (id) => arcs.focus(id)
    const hands = { desk, page, caret, arcs, signal, made }
    this.keyboard = new Keyboard(this.host, { ...hands, onMove: () => this.#showPlace(), go: (item) => this.#goTo(item) })
    const mark = (start, end) => this.#mark(start, end)
    this.mouse = new Mouse(this.host, { ...hands, mark, chosen: (item, at) => this.#chosen(item, at) })
  }

  #listen(signal) {
    const { work, desk } = this
    const on = (name, listener) => work.addEventListener(name, listener, { signal })
    on("change", () => this.#render())
    on("view", () => this.#render())
    on("suggested", ({ detail }) => this.#showSuggested(detail.key))
    on("select", () => this.#select())
    for (const name of ["active", "readonly", "tie"]) on(name, () => this.#refresh())
    on("tie", () => this.#showPlace())
    desk.addEventListener("said", ({ detail }) => this.#showNote(detail), { signal })
    this.addEventListener("click", (event) => this.#press(event), { signal })
    const sized = new ResizeObserver(() => this.#reshape())
    sized.observe(this.host)
    signal.addEventListener("abort", () => sized.disconnect())
  }

  /** After the text has come to lie in another way. */
  #reshape(unseen = this.view.view.unseen) {
    this.page.showsUnseen = unseen
    this.page.tidy()
    this.caret.place()
  }

  #chosen(item, at = null) {
    this.desk.select(item)
    if (item) this.#focusOn(item, { reveal: false })
    else this.host.focus({ preventScroll: true })
    if (at !== null) this.caret.moveTo(at)
    this.#showPlace()
  }

  #goTo(item) {
    this.desk.select(item)
    this.#focusOn(item)
  }

  #focusOn(item, { reveal = true } = {}) {
    if (item.isTie) return void this.arcs.focus(item.id, { reveal })
    this.page.focus(item.id)
    if (reveal) this.page.reveal(item.id)
  }

  #selectedRange() {
    const { start, end, isByWord } = this.caret
    return isByWord ? trimSpaces(this.desk.part.text, start, end) : { start, end }
  }

  /** Makes a span; where it may not be, what was selected stays selected. */
  #mark(start, end) {
    this.#isMarking = true // the caret is drawn once, at the end
    const id = this.desk.add(start, end)
    this.#isMarking = false
    if (!id) return
    this.caret.moveTo(end)
    this.page.focus(id)
    this.find.offerFor(this.desk.selected)
  }

  // Buttons -----------------------------------------------------------------------------------------------------

  #press(event) {
    const { act, why } = event.target.closest(".part-tools [data-act]")?.dataset ?? {}
    if (!act) return
    if (why) return sayWhy(why)
    this.work.activatePart(this.desk.part.name)
    this.#acts[act]()
  }

  #acts = {
    mark: () => {
      const { caret, desk } = this
      const { selected } = desk
      if (selected && desk.ties.from) {
        const id = desk.ties.finish(selected)
        return id && this.arcs.focus(id)
      }
      if (selected && document.activeElement?.dataset?.mark) return
      if (caret.isStale) caret.readNative() // selected by touch
      const range = caret.isCollapsed ? desk.boundaries.wordAt(caret.focus) : this.#selectedRange()
      if (range) return this.#mark(range.start, range.end)
      this.#showNote({ sentence: "There is no word at the caret: select what to mark.", refused: true })
    },
    caret: () => {
      const from = this.desk.selected
      this.desk.ties.cancel()
      this.desk.select(null)
      if (this.desk.field) this.work.activate(this.desk.field.name)
      this.host.focus({ preventScroll: true })
      this.caret.moveTo(from?.end ?? this.caret.focus)
      this.#showPlace()
    },
    choice: () => this.desk.cycleChoice(1),
    delete: () => this.desk.removeSelected(),
    tie: () => (this.desk.ties.from ? this.desk.ties.cancel() : this.desk.ties.begin(this.desk.selected)),
    reverse: () => this.desk.ties.reverse(),
    every: () => this.find.openEvery(),
    find: () => this.find.open(),
    hide: () => {
      this.#isHidden = !this.#isHidden
      this.#refresh()
    },
  }

  // Showing -----------------------------------------------------------------------------------------------------

  #render() {
    const held = this.host.contains(document.activeElement)
    const { spans, nameOf } = this.desk.drawables()
    const { changed } = this.page.render(spans, nameOf)
    this.arcs.render(this.desk.ties.items.map((tie) => ({ ...tie, from: tie.from.id, to: tie.to.id, words: { from: this.desk.ties.wordsOf(tie.from), to: this.desk.ties.wordsOf(tie.to) } })))
    if (held && !this.host.contains(document.activeElement)) this.host.focus({ preventScroll: true })
    if (changed && !this.#isMarking && document.activeElement === this.host) this.caret.show({ reveal: false })
    this.#select()
  }

  #select() {
    const item = this.desk.inHand
    this.page.select(this.desk.selected?.id ?? null)
    this.arcs.select(item?.id ?? null)
    if (item && !this.contains(document.activeElement)) (item.isTie ? this.arcs : this.page).reveal(item.id)
    this.#refresh()
    this.#showPlace()
  }

  #showSuggested(key) {
    this.#render()
    const item = key && this.desk.stops.find((one) => one.isSuggestion && one.key === key)
    if (item && !this.host.contains(document.activeElement)) (item.isTie ? this.arcs : this.page).reveal(item.id)
  }

  #refresh() {
    const { desk, work } = this
    const { ties, selected } = desk
    const changeable = desk.inHand !== null && !work.readOnly
    const isTying = ties.from !== null
    const enabled = {
      mark: desk.canMark || isTying, choice: desk.canMark || changeable, delete: changeable, hide: desk.field !== null,
      tie: isTying || ties.mayBegin(selected), reverse: ties.selected !== null && !work.readOnly, every: desk.canMark,
    }
    const hidden = { tie: ties.fields.length === 0, reverse: ties.fields.length === 0, every: desk.field === null }
    const why = work.readOnly || isTying ? "" : whyNotMarked(work, desk.part.name, ["spans"])
    grey(this.querySelector("[data-act=mark]"), why)
    for (const button of this.querySelectorAll(".part-tools [data-act]")) {
      button.disabled = enabled[button.dataset.act] === false && !button.dataset.why
      button.hidden = hidden[button.dataset.act] === true
    }
    this.querySelector("[data-act=hide]").setAttribute("aria-pressed", String(this.#isHidden))
    this.querySelector("[data-act=tie]").setAttribute("aria-pressed", String(isTying))
    this.toggleAttribute("data-marks-hidden", this.#isHidden)
    this.toggleAttribute("data-tying", isTying)
    this.#showChoice(ties.selected ? work.fieldOf(ties.selected.field) : desk.field)
  }

  #showChoice(field) {
    const { work } = this
    const choice = field && work.activeChoice(field.name)
    this.style.setProperty("--mark", field ? work.colorOf(field.name, choice) : "transparent")
    this.querySelector(".text-choice").value = field ? work.title(work.choiceOf(field.name, choice) ?? field) : ""
  }

  #showPlace() {
    const { points } = this.desk
    const { start, end } = this.desk.selected ?? this.caret
    const [from, to] = [points.toPoints(start), points.toPoints(end)]
    this.querySelector(".text-place").value = from === to ? `${from} of ${points.length}` : `${from}–${to} (${to - from})`
    this.#showNote()
  }

  /** What was refused, or else what is being done. */
  #showNote({ sentence = "", refused = false } = {}) {
    const { ties } = this.desk
    const tying = ties.from ? `Relation from ${ties.wordsOf(ties.from)}: choose the other span. Esc stops.` : ""
    this.querySelector(".text-note").textContent = refused ? sentence : tying
  }
}

customElements.define("fasit-text", TextPart)

// <fasit-text>: one text of an ad, with the spans marked in it.

import { trimSpaces } from "../annotate/spans.js"
import { Caret } from "./text/caret.js"
import { Desk } from "./text/desk.js"
import { Keyboard } from "./text/keyboard.js"
import { Page } from "./text/page.js"

class TextPart extends HTMLElement {
  #quit = null
  #isHidden = false
  #isSelecting = false

  open(work) {
    this.close()
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.work = work
    this.host = this.querySelector(".text-stage")
    this.desk = new Desk(work, work.part(this.dataset.part))
    this.page = new Page(this.querySelector(".text-body"), this.desk.boundaries)
    this.caret = new Caret(this.host, this.querySelector(".text-caret"), this.page)
    this.keyboard = new Keyboard(this.host, { desk: this.desk, page: this.page, caret: this.caret, signal, onMove: () => this.#showPlace() })
    this.#listen(signal)
    this.#listenToMouse(signal)
    this.#render()
    this.#refresh()
  }

  close() {
    this.#quit?.abort()
    this.#quit = null
  }

  disconnectedCallback() {
    this.close()
  }

  #listen(signal) {
    const { work, desk } = this
    work.addEventListener("change", () => this.#render(), { signal })
    work.addEventListener("select", () => this.#select(), { signal })
    work.addEventListener("active", () => this.#refresh(), { signal })
    work.addEventListener("readonly", () => this.#refresh(), { signal })
    desk.addEventListener("said", ({ detail }) => this.#showNote(detail), { signal })
    this.addEventListener("click", (event) => this.#press(event), { signal })
    const sized = new ResizeObserver(() => {
      this.page.tidy()
      this.caret.place()
    })
    sized.observe(this.host)
    signal.addEventListener("abort", () => sized.disconnect())
  }

  // Mouse -------------------------------------------------------------------------------------------------------

  #listenToMouse(signal) {
    this.host.addEventListener("mousedown", (event) => this.#down(event), { signal })
    document.addEventListener("mouseup", (event) => this.#up(event), { signal })
  }

  #down(event) {
    if (event.button !== 0) return
    const handle = event.target.closest(".text-handle")
    if (!handle) {
      this.#isSelecting = true
      return
    }
    event.preventDefault()
    this.desk.select(this.desk.items.find(({ id }) => id === handle.dataset.mark))
    handle.focus({ preventScroll: true })
  }

  #up(event) {
    if (!this.#isSelecting || event.button !== 0) return
    this.#isSelecting = false
    if (!this.caret.readNative()) return
    if (this.caret.isCollapsed) return this.#clicked(event)
    const { start, end } = this.caret
    const range = event.detail === 2 ? this.desk.boundaries.wholeWords(start, end) : { start, end }
    this.#mark(range.start, range.end)
  }

  #clicked(event) {
    const marks = event.target.closest?.(".text-piece")?.dataset.marks?.split(" ") ?? []
    const under = this.desk.items.filter(({ id }) => marks.includes(id))
    const [shortest = null] = under.sort((one, other) => one.end - one.start - (other.end - other.start))
    this.desk.select(shortest)
    if (shortest) this.page.focus(shortest.id)
    else this.host.focus({ preventScroll: true })
    this.caret.moveTo(this.desk.boundaries.snap(this.caret.focus, -1))
    this.#showPlace()
  }

  #selectedRange() {
    const { start, end, isByWord } = this.caret
    return isByWord ? trimSpaces(this.desk.part.text, start, end) : { start, end }
  }

  /** Makes a span; where it may not be, what was selected stays selected. */
  #mark(start, end) {
    const id = this.desk.add(start, end)
    if (!id) return
    this.caret.moveTo(end)
    this.page.focus(id)
  }

  // Buttons -----------------------------------------------------------------------------------------------------

  #press(event) {
    const act = event.target.closest(".part-tools [data-act]")?.dataset.act
    if (!act) return
    this.work.activatePart(this.desk.part.name)
    this.#acts[act]()
  }

  #acts = {
    mark: () => {
      const { caret, desk } = this
      if (desk.selected && document.activeElement?.dataset?.mark) return
      const range = caret.isCollapsed ? desk.boundaries.wordAt(caret.focus) : this.#selectedRange()
      if (range) return this.#mark(range.start, range.end)
      this.#showNote({ sentence: "There is no word at the caret: select what to mark.", refused: true })
    },
    caret: () => {
      const from = this.desk.selected
      this.desk.select(null)
      this.host.focus({ preventScroll: true })
      this.caret.moveTo(from?.end ?? this.caret.focus)
      this.#showPlace()
    },
    choice: () => this.desk.cycleChoice(1),
    delete: () => this.desk.removeSelected(),
    hide: () => {
      this.#isHidden = !this.#isHidden
      this.#refresh()
    },
  }

  // Showing -----------------------------------------------------------------------------------------------------

  #render() {
    const { changed, lostFocus } = this.page.render(this.desk.drawables())
    if (lostFocus) this.host.focus({ preventScroll: true })
    if (changed && this.host.contains(document.activeElement)) this.caret.show({ reveal: false })
    this.#select()
  }

  #select() {
    const item = this.desk.selected
    this.page.select(item?.id ?? null)
    if (item && !this.host.contains(document.activeElement)) this.page.reveal(item.id)
    this.#refresh()
    this.#showPlace()
  }

  #refresh() {
    const { desk, work } = this
    const changeable = desk.selected !== null && !work.readOnly
    const enabled = { mark: desk.canMark, choice: desk.canMark, delete: changeable, hide: desk.field !== null }
    for (const button of this.querySelectorAll(".part-tools [data-act]")) button.disabled = enabled[button.dataset.act] === false
    this.querySelector("[data-act=hide]").setAttribute("aria-pressed", String(this.#isHidden))
    this.toggleAttribute("data-marks-hidden", this.#isHidden)
    const { field } = desk
    const choice = field && work.activeChoice(field.name)
    this.style.setProperty("--mark", field ? work.colorOf(field.name, choice) : "transparent")
    this.querySelector(".text-choice").value = field ? work.title(work.choiceOf(field.name, choice) ?? field) : ""
  }

  #showPlace() {
    const { points } = this.desk
    const item = this.desk.selected
    const { start, end } = item ?? this.caret
    const [from, to] = [points.toPoints(start), points.toPoints(end)]
    this.querySelector(".text-place").value = from === to ? `${from} of ${points.length}` : `${from}–${to} (${to - from})`
    this.#showNote({ sentence: "" })
  }

  #showNote({ sentence, refused = false }) {
    const note = this.querySelector(".text-note")
    note.textContent = refused ? sentence : ""
  }
}

customElements.define("fasit-text", TextPart)

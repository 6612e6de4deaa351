// The list that mirrors every mark on the media: what it is and where, in the order they lie over each other, with a filter;
// and under it the panel of the selected mark.

import { MarkList } from "../annotate/mark-list.js"
import { MarkPanel } from "./marks/mark-panel.js"
import { WindowedList } from "./marks/windowed-list.js"

const ROW_HEIGHT = 30 // pixels, see work-marks.css

class WorkMarks extends HTMLElement {
  #quit = null
  #work = null
  #marks = null
  #list = null
  #panel = null
  #lines = []
  #due = null // {others, signal}: the list is still to be drawn, with other marks or the same

  open(work) {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#work = work
    this.#marks = new MarkList(work)
    this.#panel = new MarkPanel(this, work, signal)
    this.#list = new WindowedList(this.querySelector(".marks-list"), {
      signal,
      height: ROW_HEIGHT,
      make: (line) => this.#copy(line.isGroup ? "mark-group" : "mark-row"),
      fill: (row, line) => (line.isGroup ? this.#fillGroup(row, line) : this.#fill(row, line)),
      moved: ({ field, mark }) => work.select(field, mark.id),
    })
    work.addEventListener("change", () => this.#follow({ others: true }), { signal })
    for (const event of ["select", "readonly", "view"]) work.addEventListener(event, () => this.#follow(), { signal })
    this.addEventListener("click", (event) => this.#choose(event.target.closest(".mark-choose")), { signal })
    this.#filter.addEventListener("input", () => this.#show(), { signal })
    this.#filter.addEventListener("keydown", (event) => this.#leaveFilter(event), { signal })
    this.#panel.show()
    this.#show()
  }

  close() {
    this.#quit?.abort()
  }

  // The panel at once, for questions in it may be gone to; the list when all of a key is done, for one often changes the
  // marks and then the selection.
  #follow({ others = false } = {}) {
    this.#panel.show()
    const isDue = this.#due !== null
    this.#due = { others: others || (this.#due?.others ?? false), signal: this.#quit.signal }
    if (isDue) return
    queueMicrotask(() => {
      const due = this.#due
      this.#due = null
      if (due.signal.aborted) return
      if (due.others) this.#show()
      else this.#refresh()
    })
  }

  get #filter() {
    return this.querySelector(".marks-filter")
  }

  /** After answers changed: other marks, or another order. */
  #show() {
    const all = this.#marks.lines()
    const count = all.filter(({ isGroup }) => !isGroup).length
    this.#lines = this.#marks.matching(all, this.#filter.value)
    const found = this.#lines.filter(({ isGroup }) => !isGroup).length
    this.hidden = !this.#work.asked.some((name) => this.#work.isMarkField(name))
    this.toggleAttribute("data-any", count > 0)
    this.querySelector("[data-marks-count]").textContent = found === count ? String(count) : `${found} of ${count}`
    this.querySelector(".marks-none").hidden = count > 0
    this.querySelector(".marks-unfound").hidden = found > 0 || count === 0
    this.#draw()
  }

  /** The same marks, looked at in another way. */
  #refresh() {
    const isFiltered = this.#filter.value.trim() !== ""
    if (isFiltered) this.#lines = this.#marks.matching(this.#marks.lines(), this.#filter.value)
    this.#draw()
  }

  #draw() {
    const { selection } = this.#work
    this.#list.show(this.#lines)
    if (selection) this.#list.reveal(`${selection.field} ${selection.id}`)
  }

  #fillGroup(row, { title, count }) {
    row.querySelector(".mark-group-title").textContent = title
    row.querySelector(".count").textContent = String(count)
  }

  #fill(row, line) {
    const work = this.#work
    const { field, mark } = line
    const selected = work.selection?.id === mark.id
    Object.assign(row.dataset, { field, id: mark.id })
    row.style.setProperty("--mark", line.color)
    row.classList.toggle("is-selected", selected)
    row.querySelector(".mark-choose").setAttribute("aria-pressed", String(selected))
    row.querySelector(".mark-title").textContent = line.title
    row.querySelector(".mark-summary").textContent = line.summary
    row.querySelector(".mark-lack").hidden = !work.lacks(field, mark)
    row.querySelector("[data-state=locked]").hidden = !work.lockedMarks.has(mark.id)
    row.querySelector("[data-state=hidden]").hidden = !work.hiddenMarks.has(mark.id)
    const source = row.querySelector(".mark-source")
    source.hidden = line.source === ""
    source.textContent = line.source
  }

  #choose(button) {
    const row = button?.closest(".mark-row")
    if (!row) return
    const { field, id } = row.dataset
    this.#work.select(this.#work.selection?.id === id ? null : field, id)
  }

  // Enter and the arrow lead from the filter to what it found, Escape takes it away.
  #leaveFilter(event) {
    if (event.isComposing) return
    const first = this.#lines.find(({ isGroup }) => !isGroup)
    if (event.key === "Escape") {
      this.#filter.value = ""
      this.#show()
      this.#filter.blur()
    } else if ((event.key === "Enter" || event.key === "ArrowDown") && first) {
      this.#work.select(first.field, first.mark.id)
      this.#list.focus(first.key)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  #copy(name) {
    return this.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
  }
}

customElements.define("fasit-marks", WorkMarks)

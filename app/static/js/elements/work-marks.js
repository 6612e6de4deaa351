// The list that mirrors every mark on the media: what it is, where it is, its own questions, its transcript, and a form of
// numbers for those who cannot or will not drag.

import { drawNumbers } from "./marks/numbers.js"
import { SHAPES } from "../annotate/shapes/registry.js"
import { KINDS } from "../annotate/summaries.js"

const SOURCES = { suggestion: "Suggested", suggestion_edited: "Suggested, changed" }

class WorkMarks extends HTMLElement {
  #quit = null
  #work = null
  #rows = new Map() // "field id" -> {row, mark}
  #extras = new Map() // field -> {questions, transcript}
  #more = null
  #numbers = null

  open(work) {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#work = work
    this.#more = this.#copy("mark-more")
    this.#takeExtras()
    for (const event of ["change", "select", "readonly", "view"]) {
      work.addEventListener(event, () => this.#show(), { signal })
    }
    this.addEventListener("click", (event) => this.#onClick(event), { signal })
    this.#transcriptKeys(signal)
    this.#show()
  }

  close() {
    this.#quit?.abort()
  }

  /** The questions and the transcript of a mark stand in its row here, not among the questions of the ad. */
  #takeExtras() {
    const questions = this.parentElement.querySelector("fasit-questions")
    for (const fieldset of questions.querySelectorAll("fieldset[data-field]:not([data-owner])")) {
      const own = fieldset.querySelector("[data-mark-fields]")
      const transcript = fieldset.querySelector("[data-transcript]")
      own?.remove()
      transcript?.remove() // shown here for video; an audio part has a place of its own for the words
      this.#extras.set(fieldset.dataset.field, { own, transcript })
    }
  }

  #transcriptKeys(signal) {
    for (const [field, { transcript }] of this.#extras) {
      const input = transcript?.querySelector("[data-transcript-input]")
      input?.addEventListener("input", () => this.#write(field, input.value), { signal })
      input?.addEventListener("keydown", (event) => event.key === "Escape" && (input.blur(), event.stopPropagation()), { signal })
    }
  }

  #write(field, words) {
    const id = this.#work.selection?.id
    this.#work.changeMark(field, id, { transcript: words === "" ? undefined : words }, { burst: `transcript ${id}` })
  }

  #onClick(event) {
    const row = event.target.closest(".mark-row")
    const act = event.target.closest("[data-act]")?.dataset.act
    if (!row) {
      return
    }
    const { field, id } = row.dataset
    if (act === "delete-mark") {
      this.#work.removeMark(field, id)
    } else if (act === "next-choice") {
      this.#nextChoice(field, id)
    } else if (act === "lock-mark") {
      this.#work.lock(id)
    } else if (act === "hide-mark") {
      this.#work.hide(id)
    } else if (event.target.closest(".mark-choose")) {
      const selected = this.#work.selection?.id === id
      this.#work.select(selected ? null : field, id)
    }
  }

  #nextChoice(field, id) {
    const choices = this.#work.fieldOf(field).choices ?? []
    const at = choices.findIndex((choice) => choice.value === this.#work.mark(field, id).choice)
    this.#work.chooseFor(field, choices[(at + 1) % choices.length]?.value)
  }

  #all() {
    const parts = this.#work.task.asset.parts.map((part) => part.name)
    const seen = new Set()
    return parts.flatMap((part) => this.#work.marksOn(part)).filter(({ mark }) => !seen.has(mark.id) && seen.add(mark.id))
  }

  #show() {
    const work = this.#work
    const marks = this.#all()
    this.hidden = !work.asked.some((name) => work.isMarkField(name))
    this.querySelector("[data-marks-count]").textContent = String(marks.length)
    this.querySelector(".marks-none").hidden = marks.length > 0
    const list = this.querySelector(".marks-list")
    const kept = new Set(marks.map(({ field, mark }) => `${field} ${mark.id}`))
    for (const [key, { row }] of this.#rows) {
      if (!kept.has(key)) {
        row.remove()
        this.#rows.delete(key)
      }
    }
    for (const [at, { field, mark }] of marks.entries()) {
      const row = this.#rowOf(field, mark)
      if (list.children[at] !== row) {
        list.insertBefore(row, list.children[at] ?? null)
      }
    }
    this.#showSelected()
  }

  #rowOf(field, mark) {
    const key = `${field} ${mark.id}`
    let entry = this.#rows.get(key)
    if (!entry) {
      entry = { row: this.#copy("mark-row"), mark: null }
      Object.assign(entry.row.dataset, { field, id: mark.id })
      this.#rows.set(key, entry)
    }
    if (entry.mark !== mark) {
      this.#fill(entry.row, field, mark)
      entry.mark = mark
    }
    const selected = this.#work.selection?.id === mark.id
    entry.row.classList.toggle("is-selected", selected)
    entry.row.querySelector(".mark-choose").setAttribute("aria-pressed", String(selected))
    entry.row.querySelector("[data-state=locked]").hidden = !this.#work.lockedMarks.has(mark.id)
    entry.row.querySelector("[data-state=hidden]").hidden = !this.#work.hiddenMarks.has(mark.id)
    return entry.row
  }

  #fill(row, field, mark) {
    const work = this.#work
    const title = mark.choice === undefined ? work.title(work.fieldOf(field)) : work.title(work.choiceOf(field, mark.choice))
    row.style.setProperty("--mark", work.colorOf(field, mark.choice))
    row.querySelector(".mark-title").textContent = title
    row.querySelector(".mark-summary").textContent = mark.transcript ?? KINDS[work.fieldOf(field).kind].summary(mark)
    row.querySelector(".mark-lack").hidden = !work.lacks(field, mark)
    const source = row.querySelector(".mark-source")
    source.hidden = !(mark.source in SOURCES)
    source.textContent = SOURCES[mark.source] ?? ""
  }

  #showSelected() {
    const { selection } = this.#work
    const row = selection && this.#rows.get(`${selection.field} ${selection.id}`)?.row
    if (!row) {
      this.#more.remove()
      return
    }
    const moved = this.#more.parentElement !== row
    if (moved) {
      row.append(this.#more)
      this.#arrange(selection)
    }
    this.#fillMore(selection)
    if (moved) {
      row.scrollIntoView({ block: "nearest" })
    }
  }

  #arrange({ field }) {
    const { own, transcript } = this.#extras.get(field) ?? {}
    const asked = [transcript, own].filter((extra) => extra)
    this.#more.querySelector(".mark-questions").replaceChildren(...asked)
    this.#numbers = drawNumbers(this.#more.querySelector(".mark-numbers"), this.#work, () => this.#work.selection)
  }

  #fillMore({ field, id }) {
    const mark = this.#work.mark(field, id)
    const { own, transcript } = this.#extras.get(field) ?? {}
    if (own) {
      own.hidden = false
    }
    if (transcript) {
      const part = this.#work.part(mark.part ?? this.#work.partsOf(field)[0])
      transcript.hidden = part.modality === "audio" || !("transcriptVideo" in transcript.dataset)
      const input = transcript.querySelector("[data-transcript-input]")
      if (input.value !== (mark.transcript ?? "")) {
        input.value = mark.transcript ?? ""
      }
      input.readOnly = this.#work.readOnly
    }
    this.#fillTools(field, id)
    this.#numbers.show()
  }

  #fillTools(field, id) {
    const tool = (act) => this.#more.querySelector(`[data-act=${act}]`)
    const isLocked = this.#work.lockedMarks.has(id)
    for (const act of ["next-choice", "delete-mark"]) tool(act).disabled = this.#work.readOnly || isLocked
    for (const [act, on] of [["lock-mark", isLocked], ["hide-mark", this.#work.hiddenMarks.has(id)]]) {
      tool(act).hidden = !(this.#work.fieldOf(field).kind in SHAPES) // marks on pictures only are locked and hidden
      tool(act).setAttribute("aria-pressed", String(on))
    }
  }

  #copy(name) {
    return this.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
  }
}

customElements.define("fasit-marks", WorkMarks)

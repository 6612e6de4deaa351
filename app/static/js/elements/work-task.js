// One task: reads its data, wakes its parts, questions and marks, keeps and sends its draft, and knows how to submit.
// What concerns more than this task (claims, sign-in, offline submits, the guideline) is the desk's, in work-shell.js.

import { newerDraft, Saving } from "../annotate/saving.js"
import { Timing } from "../annotate/timing.js"
import { Work } from "../annotate/work.js"
import { later } from "../later.js"
import { LateSuggestions } from "./task/late-suggestions.js"
import { loadParts } from "./task/part-modules.js"
import { PartsBoard } from "./task/parts-board.js"
import { showClock, showSaved } from "./task/status.js"
import "./work-history.js"
import "./work-suggestions.js"

const TICK_MS = 1000
const KEPT_HERE = { ok: true }

class WorkTask extends HTMLElement {
  #quit = null
  #desk = null
  #data = null
  #kept = null
  #ticking = null
  #board = null
  #late = null

  /**
   * Fetches what waking needs, while the task is not on the page yet: once it is, its first key must find it awake.
   * desk: {language, page, keep(record), kept(task), send, submit, putAside, takeOver, guideline, refused, announce}.
   */
  async prepare(desk) {
    this.#desk = desk
    this.#data = JSON.parse(this.querySelector(".work-data").textContent)
    this.keptAs = keptAs(this.#data)
    const [kept] = await Promise.all([desk.kept(this.keptAs), loadParts(this)])
    this.#kept = kept
  }

  open() {
    this.#quit = new AbortController()
    const desk = this.#desk
    const data = this.#data
    const kept = this.#kept
    const readOnly = "readOnly" in this.dataset
    this.timing = new Timing({ now: () => performance.now(), page: desk.page, kept: kept?.timing ?? null })
    const draft = newerDraft(data.task.draft, kept)
    const fresh = { ...data, task: { ...data.task, draft } }
    this.work = new Work(fresh, { language: desk.language, readOnly, timing: this.timing, clock: Date.now })
    this.saving = this.#makeSaving(draft?.seq ?? 0)
    this.#late = new LateSuggestions(this.work, (...request) => desk.send(...request))
    this.#listen()
    this.#board = new PartsBoard(this, this.work, this.#quit.signal)
    for (const element of this.#elements()) {
      element.open(this.work)
    }
    this.#showState()
    this.#board.leadTab()
    this.removeAttribute("aria-busy")
    if (!readOnly && kept && draft === kept && kept.seq > (data.task.draft?.seq ?? 0)) {
      this.saving.changed()
    }
  }

  close() {
    this.#quit?.abort()
    clearInterval(this.#ticking)
    this.saving?.stop()
    for (const element of this.#elements()) {
      element.close()
    }
  }

  /** What is sent with the label, or null where something is missing, which is then said and shown. */
  finished() {
    const missing = this.work.missing()
    this.#questions.forgive()
    if (missing.length > 0) {
      this.#sayMissing(missing)
      return null
    }
    this.querySelector(".work-missing").textContent = ""
    return this.#content(this.work.sendable())
  }

  /** Shows the server's problems at the questions they are about; the rest is given back. */
  showProblems(problems) {
    const others = []
    for (const { path, message } of problems.toReversed()) {
      const name = path.split("/").find((step) => this.work.asked.includes(step))
      if (name) {
        this.#questions.lead({ field: name }, `This ${message}.`)
      } else {
        others.push(message)
      }
    }
    return others
  }

  freeze(frozen) {
    this.work.readOnly = frozen
  }

  get #questions() {
    return this.querySelector("fasit-questions")
  }

  #elements() {
    // Questions before marks: the list of marks takes the questions of a mark over to its rows.
    const lists = this.querySelectorAll("fasit-suggestions, fasit-marks, fasit-history")
    const elements = [...this.querySelectorAll("[data-part]"), this.#questions, ...lists]
    return elements.filter((element) => element.open)
  }

  #makeSaving(seq) {
    return new Saving({
      seq,
      later,
      content: () => this.#content(this.work.draftable()),
      keep: (now) => this.#keep(now),
      send: async (body) => {
        if (this.work.revises) {
          return KEPT_HERE // a change to a label has no draft on the server
        }
        const response = await this.#desk.send("PUT", `/api/v1/claims/${this.work.claim.id}/draft`, this.work.claim, body)
        if (response.ok) {
          this.timing.acknowledge(body.timing.slices)
          this.#late.saved(body.answers)
        }
        return response
      },
      tell: (state, response) => {
        showSaved(this, state === "saved" && this.work.revises ? "kept" : state)
        if (state === "refused") {
          this.#desk.refused(response, this)
        }
      },
    })
  }

  #content(content) {
    const marks = Object.values(content.answers).flatMap((answer) =>
      Array.isArray(answer) ? answer.map((mark) => mark?.id) : [],
    )
    return { ...content, timing: this.timing.sendable(new Set(marks)) }
  }

  #keep(seq) {
    this.#desk.keep(this.keptAs, { seq, ...this.work.snapshot(), timing: this.timing.keep() })
  }

  #listen() {
    const { signal } = this.#quit
    const { work } = this
    work.addEventListener("change", () => this.#changed(), { signal })
    work.addEventListener("readonly", () => this.#showState(), { signal })
    work.addEventListener("announce", (event) => this.#desk.announce(event.detail), { signal })
    this.addEventListener("click", (event) => this.#act(event.target.closest("button")), { signal })
    const touch = () => this.timing.touch()
    for (const event of ["pointerdown", "pointermove", "wheel"]) {
      this.addEventListener(event, touch, { signal, passive: true })
    }
    // Before the key has its effect: one that opens the guideline begins reading.
    document.addEventListener("keydown", touch, { signal, passive: true, capture: true })
    document.addEventListener("visibilitychange", () => this.#visibility(), { signal })
    window.addEventListener("pagehide", () => !work.readOnly && this.#keep(this.saving.seq), { signal })
    this.timing.setHidden(document.hidden)
    this.#ticking = setInterval(() => showClock(this, this.timing), TICK_MS)
    showClock(this, this.timing)
  }

  #visibility() {
    this.timing.setHidden(document.hidden)
    if (document.hidden && !this.work.readOnly) {
      this.#keep(this.saving.seq)
      this.saving.flush()
    }
  }

  #changed() {
    this.querySelector(".work-missing").textContent = ""
    this.#showState()
    if (!this.work.readOnly) {
      this.saving.changed()
    }
  }

  #act(button) {
    const { act, outcome } = button?.dataset ?? {}
    if (act === "undo") {
      this.work.canUndo ? this.work.undo() : this.#desk.takeBack()
    } else if (act === "redo") {
      this.work.redo()
    } else if (act === "submit") {
      this.#desk.submit(this)
    } else if (outcome) {
      this.#desk.putAside(this, outcome)
    } else if (act === "skip") {
      this.#desk.putAside(this, "skip", button.dataset.reason)
    } else if (act === "takeover") {
      this.#desk.takeOver(this)
    } else if (act === "guideline") {
      this.#desk.guideline(this, this.#clauseInFocus(document.activeElement))
    }
  }

  // The clause of the choice in focus: the button that has the focus, else what is chosen at the question in focus, else
  // the question's own.
  #clauseInFocus(focused) {
    const fieldset = this.querySelector("fieldset.is-active")
    const focus = focused?.closest("fasit-work .choice[data-clause]")
    const chosen = fieldset?.querySelector(".choice[aria-checked=true][data-clause]")
    return (focus ?? chosen)?.dataset.clause ?? fieldset?.dataset.clause ?? null
  }

  #showState() {
    const { work } = this
    this.classList.toggle("is-read-only", work.readOnly)
    this.querySelector("[data-act=undo]").disabled = work.readOnly || (!work.canUndo && !this.#desk.canTakeBack())
    this.querySelector("[data-act=redo]").disabled = !work.canRedo
    for (const button of this.querySelectorAll("[data-act=submit], [data-outcome]")) {
      button.disabled = work.readOnly
    }
  }

  #sayMissing(missing) {
    const [first] = missing
    const titles = [...new Set(missing.map(({ field, own }) => this.#titleOf(field, own)))]
    const sentence =
      titles.length === 1
        ? `Not answered yet: ${titles[0]}`
        : `${titles.length} questions are not answered yet: ${titles.join(", ")}`
    this.querySelector(".work-missing").textContent = sentence
    this.#questions.lead(
      first,
      first.mark ? "This mark needs an answer before you can submit." : "Answer this before you submit.",
    )
  }

  #titleOf(name, own = null) {
    const field = this.work.fieldOf(name)
    return this.work.title(own === null ? field : field.fields.find((one) => one.name === own))
  }
}

/** What the browser keeps it under: the task, or the label and the revision that is being changed. */
const keptAs = ({ task, revises }) => (revises ? `${revises.label}/${revises.revision}` : task.id)

customElements.define("fasit-work", WorkTask)

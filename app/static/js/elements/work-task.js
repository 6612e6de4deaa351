// One task: reads its data, wakes its parts, questions and marks, keeps and sends its draft, and knows how to submit.
// What concerns more than this task (claims, sign-in, offline submits, the guideline) is the desk's, in work-shell.js.

import { guidance, placeOf } from "../annotate/guidance.js"
import { newerDraft, Saving } from "../annotate/saving.js"
import { Unreachable } from "../annotate/server.js"
import { Timing } from "../annotate/timing.js"
import { Work } from "../annotate/work.js"
import { later, onceShown } from "../later.js"
import { offerFamilyMarks } from "./task/family-marks.js"
import { unfinished } from "./task/in-hand.js"
import { LateSuggestions } from "./task/late-suggestions.js"
import { loadParts } from "./task/part-modules.js"
import { PartsBoard } from "./task/parts-board.js"
import { preloadMedia } from "./task/preloading.js"
import { loadSchema } from "./task/schema-modules.js"
import { showClock, showSaved } from "./task/status.js"
import "./work-evidence.js"
import "./work-history.js"
import "./work-suggestions.js"

const TICK_MS = 1000
const KEPT_HERE = { ok: true }

class WorkTask extends HTMLElement {
  #quit = null
  #desk = null
  #data = null
  #kept = null
  #extras = {} // what only some tasks need
  #ticking = null
  #board = null
  #late = null
  #keeping = null // of thousands of marks it takes longer than a key may: what the key did is shown first
  begun = true // whether the server knows that its time runs; until then drafts stay in the browser

  /**
   * Fetches what waking needs, while the task is not on the page yet: once it is, its first key must find it awake.
   * desk: {language, page, keep(record), kept(task), send, submit, putAside, takeOver, guideline, refused, announce}.
   */
  async prepare(desk) {
    this.#desk = desk
    this.#data = JSON.parse(this.querySelector(".work-data").textContent)
    this.keptAs = keptAs(this.#data)
    const { task } = this.#data
    const isCompared = this.querySelector("[data-compare]") !== null
    const isPlayed = this.querySelector("fasit-audio, fasit-video") !== null
    const [kept, compared, played] = await Promise.all([
      desk.kept(this.keptAs),
      isCompared ? import("./task/compared.js") : null,
      isPlayed ? import("./task/played-enough.js") : null,
      loadSchema(task.schema),
      loadParts(this, task),
    ])
    this.#kept = kept
    this.#extras = { ...compared, ...played }
  }

  /** Loads what its first view shows, before it is on the page. */
  preload() {
    return preloadMedia(this.#data.task.asset.parts)
  }

  get claim() {
    return this.#data.claim
  }

  get guidelineVersion() {
    return this.#data.task.guideline.version
  }

  /** Wakes it on the page: for the first time, or as it was when it was suspended. */
  open() {
    this.#quit = new AbortController()
    if (!this.work) this.#make()
    this.#listen()
    this.#board = new PartsBoard(this, this.work, this.#quit.signal)
    this.#extras.connectCompared?.(this, this.work, this.#quit.signal)
    for (const element of this.#elements()) {
      element.open(this.work)
    }
    this.showState()
    this.#board.leadTab()
    this.removeAttribute("aria-busy")
  }

  /** Off the page, with all that was done kept, for it may come back. */
  suspend() {
    if (!this.#quit || this.#quit.signal.aborted) return
    this.#quit.abort()
    clearInterval(this.#ticking)
    this.#keeping.now()
    this.timing.setHidden(true)
    if (!this.work.readOnly) this.saving.flush()
    for (const element of this.#elements()) {
      element.close()
    }
  }

  begin() {
    this.begun = true
    if (this.work.readOnly) return
    offerFamilyMarks(this, this.#desk, this.#quit.signal)
    if (this.saving.pending) this.saving.flush()
    else if (!this.work.revises) showSaved(this, "saved")
  }

  #make() {
    const desk = this.#desk
    const data = this.#data
    const kept = this.#kept
    const readOnly = "readOnly" in this.dataset
    this.timing = new Timing({ now: () => performance.now(), page: desk.page, kept: kept?.timing ?? null, played: data.task.draft?.played })
    const draft = newerDraft(data.task.draft, kept)
    const fresh = { ...data, task: { ...data.task, draft } }
    this.work = new Work(fresh, { language: desk.language, readOnly, timing: this.timing, clock: Date.now })
    this.saving = this.#makeSaving(draft?.seq ?? 0)
    this.#late = new LateSuggestions(this.work, (...request) => desk.send(...request))
    if (!readOnly && kept && draft === kept && kept.seq > (data.task.draft?.seq ?? 0)) {
      this.saving.changed()
    }
  }

  /** What is sent with the label, or null where something is missing, which is then said and gone to. */
  finished() {
    const lack = guidance(this.work, this.work.missing())
    this.#questions.forgive()
    const drawing = unfinished(this)
    this.querySelector(".work-missing").textContent = drawing ?? lack?.summary ?? ""
    if (drawing !== null) return null
    if (lack) {
      this.#questions.lead(lack.place, lack.sentence)
      return null
    }
    const unplayed = this.#extras.leadToUnplayed?.(this) ?? null
    if (unplayed !== null) {
      this.querySelector(".work-missing").textContent = unplayed
      return null
    }
    return this.#content(this.work.sendable())
  }

  /** Shows the server's problems at the questions and marks they are about; the rest is given back. */
  showProblems(problems) {
    const others = []
    for (const { path, message } of problems.toReversed()) {
      const place = placeOf(this.work, path)
      if (place) {
        this.#questions.lead(place, `This ${message}.`)
      } else {
        others.push(message)
      }
    }
    return others
  }

  freeze(frozen) {
    if (frozen) this.#keeping.now()
    this.work.readOnly = frozen
  }

  get #questions() {
    return this.querySelector("fasit-questions")
  }

  #elements() {
    // Questions before marks: the list of marks takes the questions of a mark over to its rows.
    const lists = this.querySelectorAll("fasit-suggestions, fasit-evidence, fasit-marks, fasit-history")
    const elements = [...this.querySelectorAll("[data-part]"), this.#questions, ...lists]
    return elements.filter((element) => element.open)
  }

  #makeSaving(seq) {
    this.#keeping = onceShown(() => this.#keep(this.saving.seq))
    return new Saving({
      seq,
      later,
      content: () => this.#content(this.work.draftable()),
      keep: () => this.#keeping.ask(),
      send: async (body) => {
        if (this.work.revises) {
          return KEPT_HERE // a change to a label has no draft on the server
        }
        if (!this.begun) {
          throw new Unreachable("The task before this one is still on its way.")
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
    work.addEventListener("readonly", () => this.showState(), { signal })
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
    this.showState()
    if (!this.work.readOnly) {
      this.saving.changed()
    }
  }

  #act(button) {
    const { act, outcome } = button?.dataset ?? {}
    if ("submitsByChoice" in this.dataset && button?.matches(".question-choice .choice[aria-checked=true]")) {
      this.#desk.submit(this, { chosen: button.querySelector(".choice-title").textContent })
      return
    }
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

  showState() {
    const { work } = this
    this.classList.toggle("is-read-only", work.readOnly)
    this.querySelector("[data-act=undo]").disabled = work.readOnly || (!work.canUndo && !this.#desk.canTakeBack())
    this.querySelector("[data-act=redo]").disabled = !work.canRedo
    for (const button of this.querySelectorAll("[data-act=submit], [data-outcome]")) {
      button.disabled = work.readOnly
    }
  }
}

/** What the browser keeps it under: the task, or the label and the revision that is being changed. */
const keptAs = ({ task, revises }) => (revises ? `${revises.label}/${revises.revision}` : task.id)

customElements.define("fasit-work", WorkTask)

// The labeling page around its tasks: takes claims, shows one task after another in the region `work`, keeps its claim
// alive, signs in again in place, and opens the guideline. A task talks to it as its desk.

import { refusalOf, Server, Unreachable } from "../annotate/server.js"
import { dropOld, openKeeping } from "../keeping.js"
import { later } from "../later.js"
import { pageId } from "../page-id.js"
import { announce, toast } from "../toasts.js"
import { Banner } from "./shell/banner.js"
import { leaseOf } from "./shell/claim-lease.js"
import { GuidelinePanel } from "./shell/guideline-panel.js"
import { NextTask } from "./shell/next-task.js"
import { askNote } from "./shell/note-dialog.js"
import { regionIn } from "./shell/region.js"
import { SignInAgain } from "./shell/sign-in-again.js"
import { Submits } from "./shell/submits.js"
import { UndoOffer } from "./shell/undo-offer.js"
import { storing } from "./task/in-hand.js"
import { showSaved } from "./task/status.js"
import "./work-marks.js"
import "./work-questions.js"
import "./work-task.js"

const RETRY_MS = 3000
const JSON_OR_PAGE = { Accept: "text/html, application/json" }

class WorkShell extends HTMLElement {
  #submits = null
  #lease = null
  #guideline = null
  #undo = null
  #retry = null

  async connectedCallback() {
    const signIn = new SignInAgain(this.querySelector(".sign-in-dialog"), this.dataset.person)
    const token = document.querySelector("meta[name=csrf-token]").content
    this.page = await pageId()
    this.server = new Server({ fetch: fetch.bind(window), token, holder: this.page, renew: () => signIn.renew() })
    this.banner = new Banner(this)
    this.#undo = new UndoOffer(this.querySelector(".undo-offer"), Number(this.dataset.undoSeconds) * 1000)
    this.#guideline = new GuidelinePanel(this.querySelector(".guideline"), {
      send: (url) => this.server.send("GET", url),
      reading: (reading) => this.task?.timing?.setReading(reading),
      closed: () => this.#showGuideline(),
    })
    const { queue, revises } = this.dataset
    this.next = new NextTask({ server: this.server, url: revises ? null : `/queues/${queue}/work/claims`, desk: this })
    this.keeping = await openKeeping()
    this.#submits = new Submits(this)
    this.#listen()
    await dropOld(this.keeping.drafts, Date.now())
    await this.#submits.send()
    if (!this.task && this.banner.kind !== "waiting") {
      await this.claim()
    }
  }

  // What a task asks of its desk ---------------------------------------------------------------------------------

  get language() {
    return this.dataset.language
  }

  announce(sentence) {
    announce(sentence)
  }

  async kept(task) {
    const { text } = (await this.keeping.drafts.get(this.#keyOf(task))) ?? {}
    return text === undefined ? null : JSON.parse(text)
  }

  keep(task, record) {
    // As text: it does not change with the work, and of thousands of marks the browser copies nothing more quickly.
    this.keeping.drafts.put({ key: this.#keyOf(task), kept_at: Date.now(), text: JSON.stringify(record) })
  }

  send(method, url, claim, json, { keepalive = false } = {}) {
    return this.server.send(method, url, { json, headers: { "Claim-Token": claim.token }, keepalive })
  }

  canTakeBack() {
    return this.#undo.isOpen
  }

  /** `chosen`: the words of the choice that submits at once, which is then offered to be taken back. */
  async submit(task, { chosen = null } = {}) {
    await storing(task)
    if (task.work.readOnly) return
    const body = task.finished()
    if (body === null) return
    this.#undo.expect()
    const sent = this.#submits.post(task, "label", body)
    if (chosen !== null) this.#undo.show(chosen)
    await sent
  }

  /** `reason`: what the page knows already. Where it does, and nothing is lost, nothing is asked. */
  async putAside(task, outcome, reason = "") {
    const begun = Object.keys(task.work.sendable().answers).length > 0
    const known = reason !== "" && !begun
    const body = known ? { outcome, note: reason } : await askNote(this.querySelector(".note-dialog"), outcome, { reason, begun })
    // While it was asked, the task before this one may have come back in its place.
    if (body !== null && task === this.task) {
      this.#undo.forget()
      await this.#submits.post(task, "outcome", body)
    }
  }

  async takeOver(task) {
    await this.#fetchRegion(`/work/claims/${task.claim.id}/takeover`, () => this.takeOver(task))
  }

  /** The last submit is undone, and its task comes before the one that is shown now. */
  async takeBack() {
    this.#undo.hide()
    await this.#submits.send() // it may still be on its way
    const { label } = this.#undo
    this.#undo.forget()
    if (label === null) {
      toast("There is no submit to take back now: it is not recorded yet, or its time has passed.", "warning")
      return
    }
    const response = await this.server.send("POST", `/api/v1/labels/${label}/withdrawal`, {
      headers: { "Idempotency-Key": crypto.randomUUID() },
    })
    if (!response.ok) {
      toast((await refusalOf(response)).sentence, "warning")
      return
    }
    announce("Your last submit was taken back.")
    const shown = this.task
    await this.claim()
    if (shown && shown !== this.task) {
      shown.suspend()
      this.next.putBack(shown)
    }
  }

  guideline(task, clause) {
    this.#guideline.toggle(task.dataset.guideline, clause).then(() => this.#showGuideline())
  }

  async refused(response, task) {
    const { sentence } = await refusalOf(response)
    if (task !== this.task) {
      return
    }
    if (response.status === 409) {
      this.die(task, sentence)
    } else {
      toast(`${sentence} Your work is kept on this computer.`, "danger")
    }
  }

  // What the submits ask of the page ------------------------------------------------------------------------------

  get person() {
    return this.dataset.person
  }

  /** The task on the page. */
  get task() {
    return this.querySelector("fasit-work")
  }

  submitted(label) {
    this.#undo.remember(label)
    this.task?.showState?.()
  }

  /** Puts a prepared task, or what stands in the place of one, on the page. */
  show(next) {
    this.#lease?.stop()
    this.#lease = null
    const before = this.querySelector("#work")
    before.suspend?.()
    before.replaceWith(next)
    this.banner.hide()
    next.querySelector("[data-act=take-back]")?.toggleAttribute("hidden", !this.canTakeBack())
    if (next.open) {
      next.open()
      if (this.#guideline.isOpen) this.#guideline.show(next.dataset.guideline, null)
    }
    this.#showGuideline()
    // Said as htmx says it, so that whatever wakes on a swap wakes here too.
    document.dispatchEvent(new CustomEvent("htmx:after:swap"))
  }

  /** The server knows that the task on the page has begun: its lease runs, and the one after it can be reserved. */
  begin(task, expiresAt, date) {
    this.#lease?.stop()
    this.#lease = leaseOf(task, this, { expiresAt, date })
    task.begin()
    if (this.#lease) this.next.reserve(task)
  }

  async swap(response) {
    const next = regionIn(await response.text())
    await next.prepare?.(this)
    this.next.forget()
    this.show(next)
    if (next.open) this.begin(next, next.claim.expires_at, response.headers.get("Date"))
  }

  die(task, sentence) {
    this.#lease?.stop()
    task?.freeze(true)
    task?.saving.stop()
    if (task) showSaved(task, "refused")
    this.banner.show("dead", { sentence })
  }

  claim() {
    const { queue, revises } = this.dataset
    const url = revises ? `/labels/${revises}/revise/task` : `/queues/${queue}/work/claims`
    return this.#fetchRegion(url, () => this.claim())
  }

  // Inside -------------------------------------------------------------------------------------------------------

  #listen() {
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act))
    window.addEventListener("online", () => this.#comeBack())
    window.addEventListener("pagehide", () => this.#leave())
    window.addEventListener("pageshow", (event) => event.persisted && this.#lease && this.#return())
  }

  /** The page closes: what is reserved goes back at once, and the task on it unless a page is opened again soon. */
  #leave() {
    this.next.release()
    this.#lease?.leave()
  }

  /** The browser kept the page, and shows it again as it was. */
  #return() {
    this.#lease.now()
    this.next.reserve(this.task)
  }

  #keyOf(task) {
    return `${this.person}/${task}`
  }

  #act(act) {
    if (act === "claim") {
      this.banner.hide()
      this.claim()
    } else if (act === "send") {
      this.#comeBack()
    } else if (act === "take-back") {
      this.takeBack()
    } else if (act === "dismiss") {
      this.banner.hide()
    }
  }

  #comeBack() {
    this.#submits.send()
    this.task?.saving?.flush()
    if (this.banner.kind === "unreachable") {
      this.#retry?.()
      this.claim()
    }
  }

  async #fetchRegion(url, again) {
    let response
    try {
      response = await this.server.send("POST", url, { headers: JSON_OR_PAGE })
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error
      }
      this.banner.show("unreachable")
      this.#retry?.()
      this.#retry = later(again, RETRY_MS)
      return
    }
    if (response.ok) {
      await this.swap(response)
      return
    }
    const { sentence, problems } = await refusalOf(response)
    const details = problems.map(({ path, message }) => `${path} ${message}`).join("; ")
    this.banner.show(this.task ? "refused" : "closed", { sentence, details })
  }

  #showGuideline() {
    this.querySelector("[data-act=guideline]")?.setAttribute("aria-expanded", String(this.#guideline.isOpen))
  }
}

customElements.define("work-shell", WorkShell)

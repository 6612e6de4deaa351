// The labeling page around its tasks: takes claims, swaps the region `work`, keeps the claim alive, sends what could not be
// sent, signs in again in place, and opens the guideline. A task talks to it as its desk.

import { Outbox } from "../annotate/outbox.js"
import { refusalOf, Server, Unreachable } from "../annotate/server.js"
import { dropOld, openKeeping } from "../keeping.js"
import { later } from "../later.js"
import { pageId } from "../page-id.js"
import { announce, toast } from "../toasts.js"
import { Banner } from "./shell/banner.js"
import { leaseOf } from "./shell/claim-lease.js"
import { GuidelinePanel } from "./shell/guideline-panel.js"
import { askNote } from "./shell/note-dialog.js"
import { SignInAgain } from "./shell/sign-in-again.js"
import { showSaved } from "./task/status.js"
import "./work-marks.js"
import "./work-questions.js"
import "./work-task.js"

const RETRY_MS = 3000
const JSON_OR_PAGE = { Accept: "text/html, application/json" }

class WorkShell extends HTMLElement {
  #server = null
  #keeping = null
  #outbox = null
  #lease = null
  #banner = null
  #guideline = null
  #retry = null
  #last = null // the label of the last submit, which may be taken back

  async connectedCallback() {
    const signIn = new SignInAgain(this.querySelector(".sign-in-dialog"), this.dataset.person)
    const token = document.querySelector("meta[name=csrf-token]").content
    this.page = await pageId()
    this.#server = new Server({ fetch: fetch.bind(window), token, holder: this.page, renew: () => signIn.renew() })
    this.#banner = new Banner(this)
    this.#guideline = new GuidelinePanel(this.querySelector(".guideline"), {
      send: (url) => this.#server.send("GET", url),
      reading: (reading) => this.#task?.timing?.setReading(reading),
      closed: () => this.#showGuideline(),
    })
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act))
    window.addEventListener("online", () => this.#comeBack())
    this.#keeping = await openKeeping()
    this.#outbox = this.#makeOutbox()
    await dropOld(this.#keeping.drafts, Date.now())
    await this.#outbox.send()
    if (!this.#task && this.#banner.kind !== "waiting") {
      await this.#claim()
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
    return (await this.#keeping.drafts.get(this.#keyOf(task))) ?? null
  }

  keep(task, record) {
    // A copy as JSON: what is kept must not change with the work.
    const kept = JSON.parse(JSON.stringify(record))
    this.#keeping.drafts.put({ ...kept, key: this.#keyOf(task), kept_at: Date.now() })
  }

  send(method, url, claim, json) {
    return this.#server.send(method, url, { json, headers: { "Claim-Token": claim.token } })
  }

  canTakeBack() {
    return this.#last !== null
  }

  async submit(task) {
    const body = task.finished()
    if (body === null || task.work.readOnly) {
      return
    }
    await this.#post(task, "label", body)
  }

  /** `reason` is what the note says at first. */
  async putAside(task, outcome, reason = "") {
    const untouched = Object.keys(task.work.sendable().answers).length === 0
    const note = outcome === "skip" && untouched ? reason : await askNote(this.querySelector(".note-dialog"), outcome, reason)
    if (note !== null) {
      await this.#post(task, "outcome", note === "" ? { outcome } : { outcome, note })
    }
  }

  async takeOver(task) {
    await this.#fetchRegion(`/work/claims/${task.work.claim.id}/takeover`, () => this.takeOver(task))
  }

  async takeBack() {
    const label = this.#last
    if (label === null) {
      return
    }
    this.#last = null
    const response = await this.#server.send("POST", `/api/v1/labels/${label}/withdrawal`, {
      headers: { "Idempotency-Key": crypto.randomUUID() },
    })
    if (response.ok) {
      announce("Your last submit was taken back.")
      await this.#claim()
    } else {
      toast((await refusalOf(response)).sentence, "warning")
    }
  }

  guideline(task, clause) {
    this.#guideline.toggle(task.dataset.guideline, clause).then(() => this.#showGuideline())
  }

  async refused(response, task) {
    const { sentence } = await refusalOf(response)
    if (task !== this.#task) {
      return
    }
    if (response.status === 409) {
      this.#die(task, sentence)
    } else {
      toast(`${sentence} Your work is kept on this computer.`, "danger")
    }
  }

  // Inside -------------------------------------------------------------------------------------------------------

  get #task() {
    return this.querySelector("fasit-work")
  }

  #keyOf(task) {
    return `${this.dataset.person}/${task}`
  }

  #act(act) {
    if (act === "claim") {
      this.#banner.hide()
      this.#claim()
    } else if (act === "send") {
      this.#comeBack()
    } else if (act === "take-back") {
      this.takeBack()
    } else if (act === "dismiss") {
      this.#banner.hide()
    }
  }

  #comeBack() {
    this.#outbox.send()
    this.#task?.saving?.flush()
    if (this.#banner.kind === "unreachable") {
      this.#retry?.()
      this.#claim()
    }
  }

  #claim() {
    const { queue, revises } = this.dataset
    const url = revises ? `/labels/${revises}/revise/task` : `/queues/${queue}/work/claims`
    return this.#fetchRegion(url, () => this.#claim())
  }

  async #fetchRegion(url, again) {
    let response
    try {
      response = await this.#server.send("POST", url, { headers: JSON_OR_PAGE })
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error
      }
      this.#banner.show("unreachable")
      this.#retry?.()
      this.#retry = later(again, RETRY_MS)
      return
    }
    if (response.ok) {
      await this.#swap(response)
    } else {
      this.#banner.show(this.#task ? "refused" : "closed", await this.#words(response))
    }
  }

  async #post(task, what, body) {
    task.saving.stop()
    task.freeze(true)
    showSaved(task, "sending")
    const known = { key: crypto.randomUUID(), person: this.dataset.person, task: task.keptAs }
    await this.#outbox.add({ ...known, ...addressOf(task.work, what), body })
  }

  #makeOutbox() {
    const mine = {
      ...this.#keeping.outbox,
      all: async () => (await this.#keeping.outbox.all()).filter(({ person }) => person === this.dataset.person),
    }
    const send = ({ key, url, headers, body }) =>
      this.#server.send("POST", url, { json: body, headers: { ...JSON_OR_PAGE, ...headers, "Idempotency-Key": key } })
    const outbox = new Outbox({ store: mine, send, later, waiting: () => this.#wait() })
    outbox.answered = (entry, response) => this.#answered(entry, response)
    return outbox
  }

  #wait() {
    if (this.#task) {
      showSaved(this.#task, "kept")
    }
    this.#banner.show("waiting")
  }

  async #answered(entry, response) {
    this.#banner.hide()
    const task = this.#task?.keptAs === entry.task ? this.#task : null
    if (response.ok) {
      await this.#keeping.drafts.remove(this.#keyOf(entry.task))
      announce(entry.what === "outcome" ? "Put aside." : "Submitted.")
      if (response.headers.has("Location")) {
        location.assign(response.headers.get("Location"))
        return
      }
      this.#last = response.headers.get("X-Fasit-Label")
      await this.#swap(response)
      return
    }
    const words = await this.#words(response)
    if (response.status === 409) {
      this.#die(task, words.sentence)
      return
    }
    task?.freeze(false)
    task?.saving.resume()
    if (task) {
      showSaved(task, "refused")
    }
    const rest = response.status === 422 && task ? task.showProblems(words.problems) : []
    this.#banner.show("refused", { sentence: words.sentence, details: rest.join(" ") || words.details })
  }

  #die(task, sentence) {
    this.#lease?.stop()
    task?.freeze(true)
    task?.saving.stop()
    if (task) {
      showSaved(task, "refused")
    }
    this.#banner.show("dead", { sentence })
  }

  async #words(response) {
    const { sentence, problems } = await refusalOf(response)
    return { sentence, problems, details: problems.map(({ path, message }) => `${path} ${message}`).join("; ") }
  }

  async #swap(response) {
    const parsed = Document.parseHTMLUnsafe(await response.text())
    const next = document.adoptNode(parsed.getElementById("work"))
    customElements.upgrade(next)
    await next.prepare?.(this)
    this.#lease?.stop()
    this.querySelector("#work").close?.()
    this.querySelector("#work").replaceWith(next)
    this.#banner.hide()
    next.querySelector("[data-act=take-back]")?.toggleAttribute("hidden", this.#last === null)
    if (next.open) {
      next.open()
      this.#lease = leaseOf(next, this, response.headers.get("Date"))
    }
    if (this.#guideline.isOpen && next.open) {
      this.#guideline.show(next.dataset.guideline, null)
    }
    this.#showGuideline()
    // Said as htmx says it, so that whatever wakes on a swap wakes here too.
    document.dispatchEvent(new CustomEvent("htmx:after:swap"))
  }

  #showGuideline() {
    this.querySelector("[data-act=guideline]")?.setAttribute("aria-expanded", String(this.#guideline.isOpen))
  }
}

/** Where a submit goes, and what it proves itself with. */
function addressOf({ claim, revises }, what) {
  if (revises) {
    return { what, url: `/labels/${revises.label}/revise`, headers: { "If-Match": `"${revises.revision}"` } }
  }
  return { what, url: `/work/claims/${claim.id}/${what}`, headers: { "Claim-Token": claim.token } }
}

customElements.define("work-shell", WorkShell)

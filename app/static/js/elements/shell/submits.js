// What was submitted or put aside and not answered yet. Where the next task is ready it is shown at once, while the one
// before is on its way; if that one is refused it comes back as it was, and the next one waits again.

import { refusalOf } from "../../annotate/server.js"
import { Outbox } from "../../annotate/outbox.js"
import { later } from "../../later.js"
import { announce } from "../../toasts.js"
import { showSaved } from "../task/status.js"

const JSON_OR_PAGE = { Accept: "text/html, application/json" }

export class Submits {
  #shell
  #outbox
  #left = new Map() // tasks that left the page and are not answered yet, by what they are kept as

  /** `shell`: {server, keeping, person, banner, next, task, show(task), swap(response), begin(task, lease, date), die(task, words), submitted(label), claim()} */
  constructor(shell) {
    this.#shell = shell
    const store = submitsOf(shell.keeping.outbox, shell.person)
    const send = (entry) => sendKept(shell.server, entry)
    this.#outbox = new Outbox({ store, send, later, waiting: () => this.#wait() })
    this.#outbox.answered = (entry, response) => this.#answered(entry, response)
  }

  /** Sends everything that waits. */
  send() {
    return this.#outbox.send()
  }

  async post(task, what, body) {
    task.saving.stop()
    task.freeze(true)
    const { person, next } = this.#shell
    const ready = task.work.revises ? null : next.take()
    const known = { key: crypto.randomUUID(), at: Date.now(), person, task: task.keptAs, ...addressOf(task.work, what), body }
    // Kept before anything else is shown: asking for it is what counts, and that is done when `add` gives back its promise.
    const sent = this.#outbox.add(ready ? { ...known, next: { ...ready.claim, shown_at: Date.now() } } : known)
    if (ready === null) {
      showSaved(task, "sending")
    } else {
      task.suspend()
      this.#left.set(task.keptAs, task)
      ready.begun = false
      this.#shell.show(ready)
      showSaved(ready, "sending")
    }
    await sent
  }

  #wait() {
    const { task, banner } = this.#shell
    if (task) showSaved(task, "kept")
    banner.show(this.#left.size > 0 ? "behind" : "waiting")
  }

  async #answered(entry, response) {
    const { banner, keeping, person } = this.#shell
    banner.hide()
    if (!response.ok) return this.#refused(entry, response)
    this.#left.delete(entry.task)
    await keeping.drafts.remove(`${person}/${entry.task}`)
    announce(entry.what === "outcome" ? "Put aside." : "Submitted.")
    if (response.headers.has("Location")) {
      location.assign(response.headers.get("Location"))
      return
    }
    this.#shell.submitted(response.headers.get("X-Fasit-Label"))
    await this.#goOn(entry, response)
  }

  /** The task that is shown since has begun, or what the server gives in its place is shown. */
  async #goOn(entry, response) {
    const { task } = this.#shell
    const isShown = entry.next !== undefined && task?.claim.id === entry.next.id
    if ((response.headers.get("Content-Type") ?? "").includes("json")) {
      const lease = await response.json()
      if (!isShown) return
      if (lease.guideline !== task.guidelineVersion) return this.#shell.claim()
      this.#shell.begin(task, lease.expires_at, response.headers.get("Date"))
    } else if (isShown || !task || task.keptAs === entry.task) {
      // What was begun on a task that went to somebody else meanwhile stays in this browser, as a draft.
      await this.#shell.swap(response)
    }
  }

  async #refused(entry, response) {
    const { banner } = this.#shell
    const { sentence, problems } = await refusalOf(response)
    const task = this.#bringBack(entry)
    this.#shell.submitted(null)
    if (response.status === 409) {
      this.#shell.die(task, sentence)
      return
    }
    task?.freeze(false)
    task?.saving.resume()
    if (task) showSaved(task, "refused")
    const details = problems.map(({ path, message }) => `${path} ${message}`)
    const rest = response.status === 422 && task ? task.showProblems(problems) : details
    banner.show("refused", { sentence, details: rest.join(" ") })
  }

  /** The task of an entry, on the page again with all that was done on it; null where it is not this page's. */
  #bringBack(entry) {
    const { task: shown, next } = this.#shell
    const left = this.#left.get(entry.task)
    if (left === undefined) return shown?.keptAs === entry.task ? shown : null
    this.#left.delete(entry.task)
    shown?.suspend()
    this.#shell.show(left)
    if (shown && !this.#left.has(shown.keptAs)) next.putBack(shown)
    return left
  }
}

/** The unanswered submits of one person out of all that this browser keeps, oldest first. */
export function submitsOf(outbox, person) {
  const isMine = (entry) => entry.person === person
  return { ...outbox, all: async () => (await outbox.all()).filter(isMine).sort((one, other) => one.at - other.at) }
}

/** Sends one that is kept, under the same key however often. */
export function sendKept(server, { key, url, headers, body, next }) {
  const shown = next && {
    "Next-Claim": next.id,
    "Next-Token": next.token,
    "Next-Shown-Ms": String(Math.max(Date.now() - next.shown_at, 0)),
  }
  return server.send("POST", url, { json: body, headers: { ...JSON_OR_PAGE, ...headers, ...shown, "Idempotency-Key": key } })
}

/** Where a submit goes, and what it proves itself with. */
function addressOf({ claim, revises }, what) {
  if (revises) {
    return { what, url: `/labels/${revises.label}/revise`, headers: { "If-Match": `"${revises.revision}"` } }
  }
  return { what, url: `/work/claims/${claim.id}/${what}`, headers: { "Claim-Token": claim.token } }
}

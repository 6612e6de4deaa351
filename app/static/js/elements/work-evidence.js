// Which marks stand behind which decision: the decision in hand, and a row for each that has marks tied to it, wherever
// in the ad they lie.

import { decisionKey } from "../annotate/evidence.js"

class WorkEvidence extends HTMLElement {
  #quit = null
  #work = null
  #inHand = null // key of the decision that the key ties to

  open(work) {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#work = work
    for (const event of ["change", "select", "readonly"]) work.addEventListener(event, () => this.#show(), { signal })
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")), { signal })
    this.#show()
  }

  close() {
    this.#quit?.abort()
  }

  get #decision() {
    const decisions = this.#work.decisions()
    return decisions.find((one) => decisionKey(one) === this.#inHand) ?? decisions.at(-1) ?? null
  }

  #act(button) {
    const { act, decision, mark } = button?.dataset ?? {}
    if (act === "tie") this.#tie(this.#decision)
    else if (act === "tie-to") this.#tie(this.#work.decisions().find((one) => decisionKey(one) === decision))
    else if (act === "next-decision") this.#next()
    else if (act === "show-evidence") this.#select(mark)
  }

  #tie(decision) {
    const { selection } = this.#work
    if (!decision || this.#work.readOnly) return
    if (selection === null) {
      this.#work.announce("Select a mark first, then tie it to the decision.")
      return
    }
    this.#inHand = decisionKey(decision)
    const on = !this.#work.isTied(decision, selection.id)
    this.#work.tie(decision, selection.id, on)
    this.#work.announce(on ? `Tied to ${decision.title}.` : `No longer tied to ${decision.title}.`)
  }

  #next() {
    const decisions = this.#work.decisions()
    if (decisions.length === 0) return
    const at = decisions.findIndex((one) => decisionKey(one) === decisionKey(this.#decision))
    const next = decisions[(at + 1) % decisions.length]
    this.#inHand = decisionKey(next)
    this.#work.announce(`Marks are tied to ${next.title}.`)
    this.#show()
  }

  #select(id) {
    const found = this.#work.find(id)
    if (found) this.#work.select(found.field, id)
  }

  #show() {
    const work = this.#work
    const decisions = work.decisions()
    const anyMarks = work.asked.some((name) => work.isMarkField(name) && work.marks(name).length > 0)
    this.hidden = decisions.length === 0 || !anyMarks
    if (this.hidden) return
    const inHand = decisionKey(this.#decision)
    this.querySelector("[data-hand]").textContent = this.#decision.title
    const tied = decisions.filter((decision) => work.marksBehind(decision).length > 0)
    const rows = tied.map((decision) => this.#row(decision, decisionKey(decision) === inHand))
    this.querySelector(".evidence-list").replaceChildren(...rows)
    this.querySelector("[data-act=tie]").disabled = work.readOnly || work.selection === null
    this.querySelector("[data-act=next-decision]").disabled = decisions.length < 2
  }

  #row(decision, isInHand) {
    const work = this.#work
    const row = this.#copy("decision")
    row.toggleAttribute("data-in-hand", isInHand)
    row.querySelector(".evidence-title").textContent = decision.title
    const clause = row.querySelector(".evidence-clause")
    clause.hidden = decision.clause === undefined
    clause.textContent = `clause ${decision.clause ?? ""}`
    const button = row.querySelector("[data-act=tie-to]")
    button.dataset.decision = decisionKey(decision)
    const selected = work.selection?.id
    button.disabled = work.readOnly || selected === undefined
    button.setAttribute("aria-pressed", String(selected !== undefined && work.isTied(decision, selected)))
    button.setAttribute("aria-label", `Tie the selected mark to ${decision.title}`)
    row.querySelector(".evidence-marks").replaceChildren(...work.marksBehind(decision).map((found) => this.#chip(found)))
    return row
  }

  #chip({ field, mark }) {
    const work = this.#work
    const chip = this.#copy("evidence")
    const title = work.title(work.choiceOf(field, mark.choice) ?? work.fieldOf(field))
    const part = mark.part ?? work.partsOf(field)[0]
    chip.dataset.mark = mark.id
    chip.style.setProperty("--mark", work.colorOf(field, mark.choice))
    chip.querySelector(".evidence-mark-title").textContent = work.task.asset.parts.length > 1 ? `${title} · ${part.replaceAll("_", " ")}` : title
    chip.setAttribute("aria-pressed", String(work.selection?.id === mark.id))
    return chip
  }

  #copy(name) {
    return this.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
  }
}

customElements.define("fasit-evidence", WorkEvidence)

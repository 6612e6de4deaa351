// The questions of a schema to be tried out beside its text: the same elements as on the labeling page, over a work that is
// kept nowhere. A fresh preview, as after each change of the text, goes on with the answers of the one before.

import { samplePart, sampleShape } from "../annotate/samples.js"
import { Work } from "../annotate/work.js"
import { announce } from "../toasts.js"
import { loadSchema } from "./task/schema-modules.js"
import "./work-marks.js"
import "./work-questions.js"

let answered = {}

class SchemaPreview extends HTMLElement {
  #quit = null
  #work = null
  #schema = null
  #fresh = null // the questions as the server sent them: opening them writes into them

  async connectedCallback() {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#schema = JSON.parse(this.closest("section").querySelector("[name=body]").value)
    await loadSchema(this.#schema)
    if (signal.aborted) return
    this.#fresh ??= this.#questions.cloneNode(true)
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act), { signal })
    this.addEventListener("change", (event) => event.target.matches("[data-part-there]") && this.#open(), { signal })
    this.#open()
  }

  disconnectedCallback() {
    this.#quit.abort()
    this.#close()
  }

  get #questions() {
    return this.querySelector(".work-answers")
  }

  #elements() {
    return [this.querySelector("fasit-questions"), this.querySelector("fasit-marks")]
  }

  #close() {
    for (const element of this.#elements()) element.close?.()
  }

  #open() {
    this.#close()
    this.#questions.replaceWith(this.#fresh.cloneNode(true))
    customElements.upgrade(this)
    const parts = this.#schema.parts.filter(({ name }) => this.#isThere(name)).map(samplePart)
    const task = { schema: this.#schema, asset: { parts }, draft: answered }
    this.#work = new Work({ claim: null, task }, { language: this.dataset.language })
    for (const element of this.#elements()) element.open(this.#work)
    this.#work.addEventListener("change", () => this.#show())
    this.#show()
    this.removeAttribute("aria-busy")
    // Said as htmx says it, so that own keys and colours reach the new buttons.
    document.dispatchEvent(new CustomEvent("htmx:after:swap"))
  }

  #isThere(part) {
    return this.querySelector(`[data-part-there="${part}"]`)?.checked ?? true
  }

  #act(act) {
    if (act === "example-mark") this.#mark()
    else if (act === "start-over") {
      answered = {}
      this.#open()
      announce("All answers of the preview are gone.")
    }
  }

  #mark() {
    const field = this.#markField
    const shape = sampleShape(field, this.#work.snapshot().answers)
    if (shape === null) return announce("Make two other marks first: this kind ties two of them.")
    const choice = this.#work.activeChoice(field.name) ?? field.choices?.[0]?.value
    const part = this.#work.partsOf(field.name)[0]
    this.#work.addMark(field.name, { ...shape, part, ...(choice === undefined ? {} : { choice }) }, { select: true })
  }

  /** The one in focus, else the first that is asked. */
  get #markField() {
    const fields = this.#work.asked.filter((name) => this.#work.isMarkField(name))
    const name = fields.find((one) => one === this.#work.activeField) ?? fields[0]
    return name === undefined ? null : this.#work.fieldOf(name)
  }

  #show() {
    const work = this.#work
    answered = work.snapshot()
    const lacking = [...new Set(work.missing().map(({ field, own }) => this.#titleOf(field, own)))]
    this.querySelector(".schema-preview-lacks").textContent =
      lacking.length === 0 ? "This could be submitted." : `A submit would still ask for: ${lacking.join(", ")}`
    this.querySelector("[data-act=example-mark]").hidden = this.#markField === null
    this.querySelector(".schema-preview-answers code").textContent = JSON.stringify(work.sendable().answers, null, 2)
  }

  #titleOf(name, own = null) {
    const field = this.#work.fieldOf(name)
    return this.#work.title(own === null ? field : field.fields.find((one) => one.name === own))
  }
}

customElements.define("fasit-schema-preview", SchemaPreview)

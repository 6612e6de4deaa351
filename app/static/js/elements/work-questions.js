// The questions beside the media: which are asked, which is in focus, and their answers.

import { isMarkField } from "../annotate/answers.js"
import { fieldsAt, withAnswer } from "../annotate/tracks.js"
import { ChoiceKeys, declaresDigits } from "./questions/choice-keys.js"
import { CONTROLS } from "./questions/controls.js"

class WorkQuestions extends HTMLElement {
  #quit = null
  #work = null
  #items = []
  #digits = false
  #page = 0
  #pressed = null // activates the question that a press has begun on

  open(work) {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#work = work
    this.#digits = !declaresDigits(work.schema.fields)
    this.#items = [...this.querySelectorAll("fieldset[data-field]")].map((fieldset) => this.#connect(fieldset, signal))
    work.addEventListener("change", () => this.#show(), { signal })
    work.addEventListener("select", () => this.#show(), { signal })
    work.addEventListener("active", () => this.#show(), { signal })
    work.addEventListener("readonly", () => this.#show(), { signal })
    work.addEventListener("moment", () => this.#showOverTime(), { signal })
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => this.#letGo(), { signal })
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act), { signal })
    this.#show()
  }

  close() {
    this.#pressed = null
    this.#quit?.abort()
  }

  /** Says at the question what it lacks, and leads there. */
  lead({ field, own = null, mark = null }, sentence) {
    if (mark !== null) {
      this.#work.select(field, mark)
    }
    this.#work.activate(field, own)
    const item = this.#itemOf(field, own)
    if (!item) {
      return
    }
    item.fault.textContent = sentence
    item.fault.hidden = false
    item.fieldset.scrollIntoView({ block: "nearest" })
    firstAnswer(item.fieldset)?.focus({ preventScroll: true })
  }

  forgive() {
    for (const { fault } of this.#items) {
      fault.hidden = true
    }
  }

  step(direction) {
    const steps = this.#items.filter((item) => this.#isAsked(item))
    const now = steps.findIndex((item) => this.#isActive(item))
    const next = steps[now + direction]
    if (!next) {
      return
    }
    this.#work.activate(next.name, next.own)
    const input = next.fieldset.querySelector("[data-input]")
    if (input) {
      input.focus()
    } else if (this.contains(document.activeElement) || document.activeElement?.matches("input, textarea")) {
      document.activeElement.blur()
    }
    next.fieldset.scrollIntoView({ block: "nearest" })
  }

  #connect(fieldset, signal) {
    const owner = fieldset.dataset.owner ?? null
    const name = owner ?? fieldset.dataset.field
    const own = owner === null ? null : fieldset.dataset.field
    const field = own === null ? this.#work.fieldOf(name) : this.#work.fieldOf(name).fields.find((one) => one.name === own)
    const item = { fieldset, name, own, field, fault: this.#faultOf(fieldset) }
    item.keys = new ChoiceKeys(
      [...fieldset.querySelectorAll(".choice")].filter((button) => button.closest("fieldset") === fieldset),
    )
    // After the keys: a control may add choices that have none of the question's.
    const around = { templates: this, titleOf: (thing) => this.#work.title(thing), shown: () => item.show() }
    item.show = CONTROLS[field.kind](fieldset, { ...this.#binding(item), ...around }, signal)
    item.counts = isMarkField(field) ? countsOf(fieldset, this.#work, name) : () => {}
    this.#follow(fieldset, () => this.#work.activate(name, own), signal)
    fieldset.addEventListener("keydown", (event) => this.#leaveInput(event), { signal })
    return item
  }

  // A question is the one in hand when it is pressed or gets the focus. That may move what is on the page, for instance
  // where a mark is let go of with its own questions: so it waits for the click, which else would miss what was pressed.
  #follow(fieldset, activate, signal) {
    const on = (name, act) => {
      fieldset.addEventListener(name, (event) => event.target.closest("fieldset") === fieldset && act(event), { signal, capture: true })
    }
    on("pointerdown", () => (this.#pressed = activate))
    on("focusin", () => this.#pressed ?? activate())
    on("click", ({ target }) => {
      this.#pressed = null
      activate()
      const held = document.activeElement?.closest(".choice")
      if (held?.closest("fieldset") === fieldset) target.closest(".choice")?.focus({ preventScroll: true }) // by a key
    })
  }

  // The press has ended without a click on what it began at.
  #letGo() {
    setTimeout(() => {
      this.#pressed?.()
      this.#pressed = null
    })
  }

  // There already where the task was on the page before.
  #faultOf(fieldset) {
    const fault =
      fieldset.querySelector(":scope > .question-fault") ??
      this.querySelector("[data-fault]").content.firstElementChild.cloneNode()
    fault.hidden = true
    fieldset.append(fault)
    return fault
  }

  #binding(item) {
    const work = this.#work
    const { name, own, field } = item
    const refuse = (sentence) => {
      item.fault.textContent = sentence
      item.fault.hidden = false
    }
    const clear = () => {
      item.fault.hidden = true
      work.activate(name, own)
    }
    if (own === null) {
      const set = (value, { burst = null } = {}) => (clear(), work.setAnswer(name, value, { burst: burst && `${burst} ${name}` }))
      const choose = (value) => {
        clear()
        if (work.selectionIsFresh) work.select(null)
        work.chooseFor(name, value)
      }
      const chosen = () => work.mark(name, work.selection?.id)?.choice ?? work.activeChoice(name)
      return { field, refuse, set, choose, chosen, get: () => work.answer(name) }
    }
    const mark = () => (work.selection?.field === name ? work.mark(name, work.selection.id) : undefined)
    if (field.changes) return { field, refuse, ...this.#overTime(item, mark, { clear, refuse }) }
    const set = (value, { burst = null } = {}) => {
      clear()
      const { [own]: _gone, ...others } = mark()?.fields ?? {}
      const fields = value === undefined || value === "" || value?.length === 0 ? others : { ...others, [own]: value }
      work.changeMark(name, work.selection?.id, { fields }, { burst: burst && `${burst} ${own}` })
    }
    return { field, refuse, set, get: () => mark()?.fields?.[own] }
  }

  /** An answer that holds from the frame on the screen until its next keyframe. */
  #overTime({ name, own }, mark, { clear, refuse }) {
    const work = this.#work
    const now = () => work.momentOn(mark()?.part ?? work.partsOf(name)[0])
    const set = (value) => {
      clear()
      const moment = now()
      if (moment === null) return refuse("Stop on a frame first: the answer holds from there on.")
      const given = value === "" || value?.length === 0 ? undefined : value
      const { id, keyframes } = mark()
      work.changeMark(name, id, { keyframes: withAnswer(keyframes, moment.frame, moment.time, own, given) }, { burst: `${own} ${moment.frame}` })
    }
    const get = () => {
      const shown = mark()
      return shown && fieldsAt(shown.keyframes, now()?.frame ?? shown.keyframes[0].frame)[own]
    }
    return { set, get }
  }

  #showOverTime() {
    for (const item of this.#items) if (item.field.changes && this.#isAsked(item)) item.show()
  }

  #itemOf(name, own) {
    return this.#items.find((item) => item.name === name && item.own === own)
  }

  #isAsked({ name, own }) {
    if (!this.#work.asked.includes(name)) {
      return false
    }
    const selection = this.#work.selection
    return (
      own === null ||
      (selection?.field === name && this.#work.askedOfMark(name, this.#work.mark(name, selection.id)).includes(own))
    )
  }

  #isActive({ name, own }) {
    return this.#work.activeField === name && this.#work.activeOwn === own
  }

  /** Whether the keys of its own choices work: of a mark's question, while such a mark is selected. */
  #isAwake(item) {
    return item.own === null ? this.#isActive(item) : this.#work.activeField === item.name && this.#isAsked(item)
  }

  /** Keys that one question of marks alone has among all that are asked now. */
  #alone() {
    const asked = this.#items.filter((item) => this.#isAsked(item)).flatMap((item) => item.keys.own)
    return new Set(asked.filter((key) => asked.indexOf(key) === asked.lastIndexOf(key)))
  }

  #show() {
    const alone = this.#alone()
    for (const item of this.#items) {
      const active = this.#isActive(item)
      item.fieldset.hidden = !this.#isAsked(item)
      if (active !== item.fieldset.classList.contains("is-active")) {
        item.fieldset.classList.toggle("is-active", active)
        this.#page = active ? 0 : this.#page
      }
      item.keys.show({ awake: this.#isAwake(item), alone, active, digits: this.#digits, page: active ? this.#page : 0 })
      item.fieldset.toggleAttribute("data-read-only", this.#work.readOnly)
      item.show()
      item.counts()
    }
  }

  #act(act) {
    if (act === "previous-question") {
      this.step(-1)
    } else if (act === "next-question") {
      this.step(1)
    } else if (act === "more-choices") {
      const item = this.#items.find((one) => this.#isActive(one))
      this.#page = (this.#page + 1) % Math.max(item?.keys.pages ?? 1, 1)
      this.#show()
    } else if (act === "search") {
      this.#search()
    }
  }

  #search() {
    const found = this.#items.filter((item) => this.#isAsked(item) && item.fieldset.querySelector("[data-search]"))
    ;(found.find((item) => this.#isActive(item)) ?? found[0])?.fieldset.querySelector("[data-search]").focus()
  }

  // Enter in a single line, and Escape anywhere, lead out of an input, so that keys are decisions again.
  #leaveInput(event) {
    if (event.isComposing || !event.target.matches("[data-input]")) {
      return
    }
    if (event.key === "Enter" && event.target.matches("input") && !event.ctrlKey && !event.metaKey) {
      event.target.blur()
      this.step(1)
      event.preventDefault()
    } else if (event.key === "Escape") {
      event.target.blur()
      event.stopPropagation()
    }
  }
}

// Where an answer is given. Not the search of a taxonomy: there a choice's own key would be a letter of what is sought.
function firstAnswer(fieldset) {
  const places = fieldset.querySelectorAll("input:not([data-search]), textarea, .choice")
  return [...places].find((place) => place.checkVisibility())
}

// Beside each choice of marks, how many there are.
function countsOf(fieldset, work, name) {
  const counters = [...fieldset.querySelectorAll(":scope > .choices .choice")].map((button) => {
    const counter = button.querySelector(".choice-count") ?? document.createElement("span")
    counter.className = "choice-count"
    button.querySelector(".choice-title").after(counter)
    button.dataset.keyTitle = button.querySelector(".choice-title").textContent
    button.style.setProperty("--mark", work.colorOf(name, button.dataset.value))
    return { counter, value: button.dataset.value }
  })
  let counted = null
  return () => {
    const marks = work.marks(name)
    if (marks === counted) return // marks are never altered, only replaced
    counted = marks
    const counts = new Map()
    for (const { choice } of marks) counts.set(choice, (counts.get(choice) ?? 0) + 1)
    for (const { counter, value } of counters) counter.textContent = counts.has(value) ? String(counts.get(value)) : ""
  }
}

customElements.define("fasit-questions", WorkQuestions)

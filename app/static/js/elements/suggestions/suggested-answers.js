// Suggested answers at their plain questions: a line that says what is suggested, the suggested choices outlined, and beside
// the title of what was answered from a suggestion, that it was.

import { answerWords, scoreWords } from "../../annotate/answer-words.js"

const SOURCES = { suggestion: "Suggested", suggestion_edited: "Suggested, changed" }

/** Whether a choice's button is part of a suggested answer. */
const HAS = {
  choice: (value, button) => button.dataset.value === value,
  rating: (value, button) => button.dataset.value === String(value),
  choices: (values, button) => values.includes(button.dataset.value),
  taxonomy: (paths, button) => paths.some((path) => JSON.stringify(path) === JSON.stringify(JSON.parse(button.dataset.path))),
}

export class SuggestedAnswers {
  #work
  #copy
  #decide
  #fieldsets = new Map() // field -> {fieldset, lines}

  /** `decide(act, piece)`: "accept" or "refuse" was pressed at a question. */
  constructor(questions, { work, copy, decide, signal }) {
    this.#work = work
    this.#copy = copy
    this.#decide = decide
    for (const fieldset of questions.querySelectorAll("fieldset[data-field]:not([data-owner])")) {
      if (work.isMarkField(fieldset.dataset.field)) continue
      this.#fieldsets.set(fieldset.dataset.field, fieldset)
      fieldset.addEventListener("click", (event) => this.#press(event.target.closest("[data-act]")), { signal })
    }
  }

  #press(button) {
    const acts = { "accept-answer": "accept", "refuse-answer": "refuse" }
    const act = acts[button?.dataset.act]
    const key = button?.closest(".suggested-answer")?.dataset.key
    const piece = this.#work.suggested.open.find((one) => one.key === key)
    if (act && piece) this.#decide(act, piece)
  }

  /** `open`: the pieces to decide on. */
  show(open) {
    for (const [field, fieldset] of this.#fieldsets) {
      const pieces = open.filter((piece) => piece.field === field)
      this.#showLines(fieldset, pieces)
      this.#outline(fieldset, pieces)
      this.#showSource(fieldset, this.#work.sources[field])
    }
  }

  #showLines(fieldset, pieces) {
    const lines = new Map([...fieldset.querySelectorAll(":scope > .suggested-answer")].map((line) => [line.dataset.key, line]))
    for (const piece of pieces) {
      const line = lines.get(piece.key) ?? this.#made(fieldset, piece)
      lines.delete(piece.key)
      line.classList.toggle("is-current", piece === this.#work.suggested.current)
      for (const button of line.querySelectorAll("button")) button.disabled = this.#work.readOnly
    }
    for (const line of lines.values()) line.remove()
  }

  #made(fieldset, piece) {
    const line = this.#copy("suggested-answer")
    const field = this.#work.fieldOf(piece.field)
    const words = answerWords(this.#work, field, piece.value)
    line.dataset.key = piece.key
    line.title = piece.by
    line.querySelector(".suggested-value").textContent = words
    line.querySelector(".suggestion-score").textContent = scoreWords(piece.score)
    for (const [act, verb] of [["accept-answer", "Accept"], ["refuse-answer", "Refuse"]]) {
      line.querySelector(`[data-act=${act}]`).setAttribute("aria-label", `${verb} the suggestion ${words}`)
    }
    fieldset.append(line)
    return line
  }

  #outline(fieldset, pieces) {
    const has = HAS[fieldset.dataset.kind]
    if (!has) return
    for (const button of fieldset.querySelectorAll(".choice")) {
      button.toggleAttribute("data-suggested", pieces.some(({ value }) => has(value, button)))
    }
  }

  #showSource(fieldset, source) {
    const words = SOURCES[source?.source]
    let badge = fieldset.querySelector(":scope > legend > .question-source")
    if (!words) return void badge?.remove()
    if (!badge) {
      badge = this.#copy("answer-source")
      fieldset.querySelector(":scope > legend").append(" ", badge)
    }
    badge.textContent = words
  }
}

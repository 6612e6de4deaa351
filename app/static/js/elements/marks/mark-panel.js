// What is under the list of marks: the selected one with its own questions, its transcript, what can be done with it, where
// it came from, and its place in numbers for those who cannot or will not drag.

import { scoreWords } from "../../annotate/answer-words.js"
import { KINDS } from "../../annotate/summaries.js"
import { drawNumbers } from "./numbers.js"

export class MarkPanel {
  #host
  #panel
  #work
  #extras = new Map() // field -> {own, transcript}
  #shown = null // "field id" of the mark that the panel was arranged for
  #numbers = null
  #isScrolled = false // as told by the browser: to ask, or to set what is so already, costs a layout

  constructor(host, work, signal) {
    this.#host = host
    this.#panel = host.querySelector(".mark-more")
    this.#work = work
    this.#takeExtras(signal)
    this.#panel.addEventListener("scroll", () => (this.#isScrolled = true), { signal, passive: true })
    this.#panel.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act), { signal })
  }

  /** The questions and the transcript of a mark stand here, not among the questions of the ad. */
  #takeExtras(signal) {
    const questions = this.#host.parentElement.closest(":has(fasit-questions)").querySelector("fasit-questions")
    for (const fieldset of questions.querySelectorAll("fieldset[data-field]:not([data-owner])")) {
      const own = fieldset.querySelector("[data-mark-fields]")
      const transcript = fieldset.querySelector("[data-transcript]")
      own?.remove()
      transcript?.remove() // shown here for video; an audio part has a place of its own for the words
      this.#extras.set(fieldset.dataset.field, { own, transcript })
      // The task may come back to the page, and is then opened anew.
      signal.addEventListener("abort", () => fieldset.append(...[own, transcript].filter((extra) => extra)))
      const input = transcript?.querySelector("[data-transcript-input]")
      input?.addEventListener("input", () => this.#write(fieldset.dataset.field, input.value), { signal })
      input?.addEventListener("keydown", (event) => event.key === "Escape" && (input.blur(), event.stopPropagation()), { signal })
    }
  }

  #write(field, words) {
    const id = this.#work.selection?.id
    this.#work.changeMark(field, id, { transcript: words === "" ? undefined : words }, { burst: `transcript ${id}` })
  }

  #act(act) {
    const work = this.#work
    if (!act || !work.selection) return
    const { field, id } = work.selection
    const at = this.#placeOf(field, id)
    const acts = {
      "delete-mark": () => work.removeMark(field, id),
      "next-choice": () => this.#nextChoice(field, id),
      "lock-mark": () => work.lock(id),
      "hide-mark": () => work.hide(id),
      "raise-mark": () => work.orderMark(field, id, at + 1),
      "lower-mark": () => work.orderMark(field, id, at - 1),
    }
    acts[act]?.()
  }

  #nextChoice(field, id) {
    const choices = this.#work.fieldOf(field).choices ?? []
    const at = choices.findIndex((choice) => choice.value === this.#work.mark(field, id).choice)
    this.#work.chooseFor(field, choices[(at + 1) % choices.length]?.value)
  }

  #placeOf(field, id) {
    return this.#work.marks(field).findIndex((mark) => mark.id === id)
  }

  show() {
    const { selection } = this.#work
    this.#panel.hidden = selection === null
    if (selection === null) return void (this.#shown = null)
    const key = `${selection.field} ${selection.id}`
    if (this.#shown !== key) this.#arrange(selection)
    this.#shown = key
    this.#fill(selection)
  }

  #arrange({ field }) {
    const { own, transcript } = this.#extras.get(field) ?? {}
    const numbers = this.#panel.querySelector(".mark-numbers")
    this.#panel.querySelector(".mark-questions").replaceChildren(...[transcript, own].filter((extra) => extra))
    numbers.hidden = KINDS[this.#work.fieldOf(field).kind].numbers.length === 0
    this.#numbers = drawNumbers(numbers, this.#work, () => this.#work.selection)
    if (this.#isScrolled) this.#panel.scrollTop = 0
    this.#isScrolled = false
  }

  #fill({ field, id }) {
    const mark = this.#work.mark(field, id)
    const { own, transcript } = this.#extras.get(field) ?? {}
    if (own) own.hidden = false
    if (transcript) this.#fillTranscript(transcript, field, mark)
    this.#fillTools(field, id)
    this.#fillOrigin(field, mark)
    this.#numbers.show()
  }

  #fillTranscript(transcript, field, mark) {
    const part = this.#work.part(mark.part ?? this.#work.partsOf(field)[0])
    transcript.hidden = part.modality === "audio" || !("transcriptVideo" in transcript.dataset)
    const input = transcript.querySelector("[data-transcript-input]")
    if (input.value !== (mark.transcript ?? "")) input.value = mark.transcript ?? ""
    input.readOnly = this.#work.readOnly
  }

  #fillTools(field, id) {
    const work = this.#work
    const tool = (act) => this.#panel.querySelector(`[data-act=${act}]`)
    const [isLocked, isHidden] = [work.lockedMarks.has(id), work.hiddenMarks.has(id)]
    const at = this.#placeOf(field, id)
    for (const act of ["next-choice", "delete-mark"]) tool(act).disabled = work.readOnly || isLocked
    tool("raise-mark").disabled = work.readOnly || at === work.marks(field).length - 1
    tool("lower-mark").disabled = work.readOnly || at === 0
    tool("lock-mark").setAttribute("aria-pressed", String(isLocked))
    tool("hide-mark").setAttribute("aria-pressed", String(isHidden))
  }

  #fillOrigin(field, mark) {
    const origin = this.#panel.querySelector(".mark-origin")
    const piece = mark.suggestion_id ? this.#work.suggested.pieceBehind(field, mark) : undefined
    origin.hidden = !mark.suggestion_id
    const score = scoreWords(piece?.score)
    const by = `Suggested by ${piece?.by ?? "a model"}${score ? `, ${score} sure` : ""}`
    origin.textContent = `${by}; ${mark.source === "suggestion" ? "accepted as it was" : "changed since"}.`
  }
}

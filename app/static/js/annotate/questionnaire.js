// A schema read for one ad and one person: its fields and choices by name, their titles and colours, and what is asked.
// It holds no answers: Work, which is a questionnaire being answered, does.

import * as asking from "./answers.js"
import { colorOf } from "./colors.js"

export class Questionnaire extends EventTarget {
  #fields
  #context
  #language

  constructor(schema, parts, language) {
    super()
    this.schema = schema
    this.#fields = new Map(schema.fields.map((field) => [field.name, field]))
    this.#context = { schema, present: new Set(parts.map((part) => part.name)) }
    this.#language = language
  }

  get fieldNames() {
    return [...this.#fields.keys()]
  }

  fieldOf(name) {
    return this.#fields.get(name)
  }

  choiceOf(name, value) {
    return this.fieldOf(name)?.choices?.find((choice) => choice.value === value)
  }

  colorOf(name, value) {
    return colorOf(this.fieldOf(name), value)
  }

  /** The title of a field, choice or part in the person's language, else in English, else in any, else its name. */
  title(thing) {
    const title = thing?.title
    if (typeof title === "string") return title
    return title?.[this.#language] ?? title?.en ?? Object.values(title ?? {})[0] ?? thing?.value ?? thing?.name ?? ""
  }

  isMarkField(name) {
    return asking.isMarkField(this.fieldOf(name))
  }

  /** The ad's parts that a field speaks of; none for a question about the whole ad. */
  partsOf(name) {
    const parts = asking.partsOf(this.fieldOf(name), this.schema) ?? []
    return parts.filter((part) => this.#context.present.has(part))
  }

  namesPart(name) {
    return asking.namesPart(this.fieldOf(name), this.schema)
  }

  hasPart(part) {
    return this.#context.present.has(part)
  }

  askedGiven(answers) {
    return asking.asked(this.schema.fields, answers, this.#context)
  }

  /** Names of the questions of one mark that are asked now. */
  askedOfMark(name, mark) {
    return asking.asked(this.fieldOf(name).fields ?? [], asking.ownAnswers(mark), this.#context)
  }

  /** Whether a mark of this field still lacks an answer to one of its own questions. */
  lacks(name, mark) {
    const own = this.fieldOf(name).fields ?? []
    return asking.missing(own, asking.ownAnswers(mark), this.#context).length > 0
  }

  missingGiven(answers) {
    return asking.missing(this.schema.fields, answers, this.#context)
  }

  sendableGiven(answers) {
    return asking.sendable(this.schema.fields, answers, this.#context)
  }
}

// Suggestions that wait for the person's own first answer: asked for once such an answer is saved, given only then.

import { Unreachable } from "../../annotate/server.js"

const isAnswer = (value) => value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0)

export class LateSuggestions {
  #work
  #send
  #isAsking = false

  /** `send(method, url, claim)`: a response. */
  constructor(work, send) {
    this.#work = work
    this.#send = send
  }

  /** After a draft with these answers was saved. */
  async saved(answers) {
    const work = this.#work
    if (!work.awaitsSuggestions || this.#isAsking || !Object.values(answers).some(isAnswer)) return
    this.#isAsking = true
    try {
      const response = await this.#send("POST", `/api/v1/claims/${work.claim.id}/suggestions`, work.claim)
      if (response.ok) this.#take((await response.json()).suggestions)
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error // else with the next answer that is saved
    } finally {
      this.#isAsking = false
    }
  }

  #take(suggestions) {
    const work = this.#work
    work.suggest(suggestions)
    const count = work.suggested.open.length
    work.announce(count === 0 ? "Nothing is suggested for this ad." : `${count} suggested, to be accepted or refused.`)
  }
}

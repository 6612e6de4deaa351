// Submits that have not been answered yet: kept in the browser before they are sent, sent again (under the same
// Idempotency-Key) until an answer comes, and let go only then. One at a time, oldest first.

import { Unreachable } from "./server.js"

const RETRY_MS = [1000, 2000, 4000, 8000]

export class Outbox {
  #store
  #send
  #later
  #running = null
  #failures = 0
  #cancel = null

  /** `store`: {put(entry), remove(key), all()} of promises, `all` oldest first; `send(entry)`: a response; `later(fn, ms)`. */
  constructor({ store, send, later, waiting = () => {} }) {
    this.#store = store
    this.#send = send
    this.#later = later
    this.waiting = waiting // (entry) when it could not be sent
    this.answered = () => {} // (entry, response)
  }

  async add(entry) {
    await this.#store.put(entry)
    return this.send()
  }

  /** Sends everything that waits. */
  send() {
    this.#cancel?.()
    this.#cancel = null
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #run() {
    // Asked anew each time: one may have been added while another was on its way.
    for (let [entry] = await this.#store.all(); entry !== undefined; [entry] = await this.#store.all()) {
      let response
      try {
        response = await this.#send(entry)
      } catch (error) {
        if (!(error instanceof Unreachable)) {
          throw error
        }
        this.#cancel = this.#later(() => this.send(), RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)])
        this.#failures += 1
        this.waiting(entry)
        return
      }
      this.#failures = 0
      await this.#store.remove(entry.key)
      await this.answered(entry, response)
    }
  }
}

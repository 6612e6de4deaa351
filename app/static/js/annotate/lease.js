// Keeps a claim alive while its page is open: renews it each time a third of the lease is over.

import { Unreachable } from "./server.js"

const SHORTEST_MS = 2000
const RETRY_MS = 5000

export class Lease {
  #renew
  #close
  #later
  #tell
  #cancel = null
  #ended = false

  /** `renew()`: a response with {expires_at}; `close(expiresAt)` says that the page closes, and which end it knows;
   * `left(expiresAt)`: milliseconds until then, by the server's clock.
   */
  constructor({ renew, close, left, later, refused }) {
    this.#renew = renew
    this.#close = close
    this.#later = later
    this.#tell = refused
    this.left = left
  }

  start(expiresAt) {
    this.expiresAt = expiresAt
    this.#wait(Math.max(this.left(expiresAt) / 3, SHORTEST_MS))
  }

  stop() {
    this.#ended = true
    this.#cancel?.()
  }

  /** The page closes. Nobody is there to be told how that went. */
  leave() {
    if (!this.#ended) this.#close(this.expiresAt).catch(() => {})
  }

  async now() {
    let response
    try {
      response = await this.#renew()
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error
      }
      this.#wait(RETRY_MS)
      return
    }
    if (this.#ended) {
      return
    }
    if (response.ok) {
      const { expires_at: expiresAt } = await response.json()
      this.start(expiresAt)
    } else {
      this.#tell(response)
    }
  }

  #wait(delay) {
    this.#cancel?.()
    if (!this.#ended) {
      this.#cancel = this.#later(() => this.now(), delay)
    }
  }
}

// Autosave of one claim's draft. Every change is kept in the browser first and sent a moment later; what could not be
// sent is sent again until it is. States: "saved", "saving", "kept" (on this computer only), "refused".

import { Unreachable } from "./server.js"

const WAIT_MS = 500
const RETRIES_MS = [1000, 2000, 4000, 8000]

export class Saving {
  #content
  #keep
  #send
  #tell
  #later
  #cancel = null
  #sending = null
  #sentSeq
  #failures = 0
  #stopped = false

  /**
   * `content()`: {answers, ...} as it is sent; `keep()`: has it kept in the browser; `send(body)`: a response;
   * `tell(state, response?)`; `later(fn, ms)`: a function that cancels.
   */
  constructor({ seq, content, keep, send, tell, later }) {
    this.seq = seq
    this.#sentSeq = seq
    this.#content = content
    this.#keep = keep
    this.#send = send
    this.#tell = tell
    this.#later = later
  }

  get pending() {
    return this.#sentSeq < this.seq
  }

  changed() {
    if (this.#stopped) {
      return
    }
    this.seq += 1
    this.#keep()
    this.#tell(this.#failures > 0 ? "kept" : "saving")
    if (this.#failures === 0) {
      this.#wait(WAIT_MS)
    }
  }

  /** Sends now what was not sent yet; resolves when there is nothing left to send or it cannot be sent. */
  async flush() {
    this.#cancel?.()
    this.#cancel = null
    if (this.#sending) {
      await this.#sending
    }
    if (!this.pending || this.#stopped) {
      return
    }
    this.#sending = this.#sendOnce()
    await this.#sending
    this.#sending = null
  }

  stop() {
    this.#stopped = true
    this.#cancel?.()
  }

  /** After a submit that was refused, the work goes on. */
  resume() {
    this.#stopped = false
    this.changed()
  }

  async #sendOnce() {
    const seq = this.seq
    try {
      const response = await this.#send({ seq, ...this.#content() })
      this.#failures = 0
      if (this.#stopped) {
        return
      }
      if (response.ok) {
        this.#sentSeq = Math.max(this.#sentSeq, seq)
        this.#tell(this.pending ? "saving" : "saved")
      } else {
        this.#tell("refused", response)
      }
      if (response.ok && this.pending) {
        this.#wait(WAIT_MS)
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error
      }
      this.#tell("kept")
      this.#wait(RETRIES_MS[Math.min(this.#failures, RETRIES_MS.length - 1)])
      this.#failures += 1
    }
  }

  #wait(delay) {
    this.#cancel?.()
    if (!this.#stopped) {
      this.#cancel = this.#later(() => this.flush(), delay)
    }
  }
}

/** Of the server's draft and the one kept here, the newer. */
export function newerDraft(server, kept) {
  if (!kept || (server && server.seq >= kept.seq)) {
    return server ?? null
  }
  return kept
}

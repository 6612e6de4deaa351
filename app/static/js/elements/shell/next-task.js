// The task after the one on the page: reserved, fetched, woken and its media loaded while somebody works on the one before,
// so that it is there when that one is sent. What is reserved and not begun is given back when the page closes.

import { Unreachable } from "../../annotate/server.js"
import { later } from "../../later.js"
import { regionIn } from "./region.js"

const WAIT_MS = 30 // the task on the page is drawn first
const AGAIN_MS = 60_000 // when there was nothing to reserve

export class NextTask {
  #server
  #url
  #desk
  #ready = null
  #wanted = 0 // which of several reservations under way is the one that still counts
  #cancel = null

  /** `url`: where tasks are claimed; null where there is no next one. `desk`: what a task is prepared with. */
  constructor({ server, url, desk }) {
    this.#server = server
    this.#url = url
    this.#desk = desk
  }

  /** Reserves the task after `current`, unless it is here already. */
  reserve(current) {
    if (this.#url === null || this.#ready !== null) return
    this.#wanted += 1
    this.#wait(WAIT_MS, current, this.#wanted)
  }

  /** The task to go on with at once, or null. */
  take() {
    const ready = this.#ready
    this.forget()
    return ready
  }

  /** A task that was on the page and is to come after the one there now. */
  putBack(task) {
    this.forget()
    this.#ready = task
    this.#desk.dataset.nextReady = ""
  }

  /** Nothing that is ready or under way counts any more. */
  forget() {
    this.#cancel?.()
    this.#wanted += 1
    this.#ready = null
    delete this.#desk.dataset.nextReady
  }

  /** Gives back what is reserved: the page is about to close. */
  release() {
    const { claim } = this.#ready ?? {}
    this.forget()
    if (!claim?.token) return
    const headers = { "Claim-Token": claim.token }
    this.#server.send("DELETE", `/api/v1/claims/${claim.id}`, { headers, keepalive: true }).catch(() => {})
  }

  /** The reserved task, woken; null where there is none, or it could not be fetched, which says nothing to anybody. */
  async #prepared() {
    try {
      const response = await this.#server.send("POST", this.#url, { json: { ahead: true } })
      if (!response.ok || response.status === 204) return null
      const task = regionIn(await response.text())
      await task.prepare(this.#desk)
      return task
    } catch (error) {
      if (error instanceof Unreachable || error instanceof TypeError) return null // the second: its code was not to be had
      throw error
    }
  }

  #wait(delay, current, wanted) {
    this.#cancel?.()
    this.#cancel = later(() => this.#fetch(current, wanted), delay)
  }

  async #fetch(current, wanted) {
    const task = await this.#prepared()
    if (wanted !== this.#wanted || this.#ready !== null) return
    if (task === null) return this.#wait(AGAIN_MS, current, wanted)
    if (!task.claim.token || task.claim.id === current.claim.id) return
    this.#ready = task
    await task.preload()
    if (this.#ready === task) this.#desk.dataset.nextReady = "" // what measures and tests wait for
  }
}

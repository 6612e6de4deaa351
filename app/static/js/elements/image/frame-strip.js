// The frames of a picture that moves: one is chosen by buttons, keys, a slider or its number, or they are played. Nothing
// plays by itself. Marks are of the frame that is shown; ticks on the slider tell which frames have some.

import { later } from "../../later.js"

const SHORTEST_MS = 20 // files that say less are played as browsers play them

export class FrameStrip {
  #strip
  #table = null
  #target = 0
  #cancel = null
  #isPlaying = false

  /** `part` is the element. */
  constructor(part, strip, { desk, picture, signal }) {
    Object.assign(this, { desk, picture })
    this.#strip = strip
    this.count = desk.part.frame_count
    this.#target = desk.frame
    const on = (target, name, listener) => target.addEventListener(name, listener, { signal })
    for (const button of strip.querySelectorAll("[data-act]")) on(button, "click", () => this.#press(button.dataset.act))
    on(this.#slider, "input", () => this.#goByHand(this.#slider.valueAsNumber))
    on(this.#number, "change", () => this.#goByHand(this.#number.valueAsNumber))
    on(desk.work, "change", () => this.#follow())
    on(desk.work, "select", () => this.#follow())
    on(desk.work, "suggested", ({ detail }) => this.#goToSuggestion(detail.key))
    // The first press on a picture that plays only stops it: nobody marks a frame that has just gone.
    part.querySelector(".image-stage").addEventListener("pointerdown", (event) => this.#stopByPress(event), { signal, capture: true })
    on(document, "visibilitychange", () => document.hidden && this.stop())
    signal.addEventListener("abort", () => this.stop())
    this.#begin(signal)
  }

  async #begin(signal) {
    this.#show()
    try {
      this.#table = await this.picture.stills.table()
    } catch {
      return // the picture itself says that it could not be loaded
    }
    if (!signal.aborted) this.#show()
  }

  get #slider() {
    return this.#strip.querySelector(".frame-slider")
  }

  get #number() {
    return this.#strip.querySelector(".frame-number")
  }

  #press(act) {
    const acts = {
      "frame-first": () => this.#goByHand(0),
      "frame-back": () => this.#goByHand(this.#target - 1),
      "frame-on": () => this.#goByHand(this.#target + 1),
      "frame-last": () => this.#goByHand(this.count - 1),
      "frame-play": () => (this.#isPlaying ? this.stop() : this.#play()),
    }
    this.desk.work.activatePart(this.desk.part.name)
    acts[act]()
  }

  #goByHand(frame) {
    this.stop()
    if (Number.isFinite(frame)) this.go(frame)
    this.#show()
  }

  /** Shows a frame, the first or the last where there is none of that number. */
  async go(frame) {
    const to = Math.min(Math.max(Math.round(frame), 0), this.count - 1)
    this.#target = to
    this.#show()
    try {
      const isShown = await this.picture.show(to, () => (this.desk.frame = to))
      if (!isShown) return false
      for (const next of [to + 1, to - 1]) if (next >= 0 && next < this.count) this.picture.stills.expect(next)
    } catch {
      if (this.#target !== to) return false
      this.stop()
      this.#target = this.desk.frame
      this.desk.say(`Frame ${to} could not be loaded.`)
    }
    this.#show()
    return true
  }

  // Marks of other frames ---------------------------------------------------------------------------------------------

  // To a mark is also to its frame: from the list, from what is missing, after its frame was changed by its number.
  #follow() {
    const { work, part } = this.desk
    const found = work.selection ? work.marksOn(part.name).find(({ mark }) => mark.id === work.selection.id) : null
    if (found && this.#isOther(found.mark.frame)) this.#goByHand(found.mark.frame)
    else this.#show()
  }

  #goToSuggestion(key) {
    const found = key && this.desk.work.suggestedOn(this.desk.part.name).find((one) => one.key === key)
    if (found && this.#isOther(found.mark.frame)) this.#goByHand(found.mark.frame)
  }

  #isOther(frame) {
    return Number.isInteger(frame) && frame !== this.#target
  }

  // Playing -----------------------------------------------------------------------------------------------------------

  #play() {
    this.desk.cancel()
    this.desk.work.select(null)
    this.#isPlaying = true
    this.desk.work.setPlaying(this.desk.part.name, true)
    this.#show()
    this.#next()
  }

  /** Stops on the frame that is shown; false where nothing plays. */
  stop() {
    if (!this.#isPlaying) return false
    this.#isPlaying = false
    this.#cancel?.()
    this.desk.work.setPlaying(this.desk.part.name, false)
    this.#target = this.desk.frame
    this.#show()
    return true
  }

  #stopByPress(event) {
    if (!this.stop()) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  #next() {
    const frame = this.#target
    const lasts = this.#table ? Math.max(this.#table.duration(frame) / 1000, SHORTEST_MS) : SHORTEST_MS
    const due = performance.now() + lasts
    this.picture.stills.expect((frame + 1) % this.count)
    this.#cancel = later(async () => {
      if (!this.#isPlaying) return
      const isShown = await this.go((frame + 1) % this.count)
      if (this.#isPlaying && isShown) this.#next()
    }, due - performance.now())
  }

  // The strip ---------------------------------------------------------------------------------------------------------

  #show() {
    const [frame, last] = [this.#target, this.count - 1]
    const put = (input) => input.valueAsNumber !== frame && (input.value = String(frame))
    put(this.#slider)
    if (this.#number !== document.activeElement || !this.#isPlaying) put(this.#number)
    const time = this.#table ? `${this.#table.seconds(frame).toFixed(2)} s` : ""
    this.#slider.ariaValueText = `Frame ${frame} of 0 to ${last}${time && `, at ${time}`}`
    this.#strip.querySelector(".frame-time").value = time
    for (const [act, is] of [["first", frame === 0], ["back", frame === 0], ["on", frame === last], ["last", frame === last]]) {
      this.#strip.querySelector(`[data-act=frame-${act}]`).disabled = is
    }
    const play = this.#strip.querySelector("[data-act=frame-play]")
    play.ariaPressed = String(this.#isPlaying)
    this.#showMarks()
  }

  #shownMarks = null
  #showMarks() {
    const frames = this.desk.work.marksOn(this.desk.part.name).map(({ mark }) => mark.frame)
    const here = frames.filter((frame) => frame === this.#target).length
    this.#strip.querySelector(".frame-marks").value = frames.length === 0 ? "No marks" : `${here} of ${frames.length} mark${frames.length === 1 ? "" : "s"} here`
    const marked = [...new Set(frames)].sort((one, other) => one - other)
    if (marked.join() === this.#shownMarks) return
    this.#shownMarks = marked.join()
    const data = marked.map((frame) => `M${(1000 * frame) / Math.max(this.count - 1, 1)} 0v10`).join("")
    this.#strip.querySelector(".frame-ticks > path").setAttribute("d", data)
  }
}

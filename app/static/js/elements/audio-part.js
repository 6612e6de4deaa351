// <fasit-audio>: a waveform to listen along, and segments made by ear.

import { gainFor } from "../annotate/levelling.js"
import { clock, sampleGrid } from "../annotate/segments.js"
import { Silences } from "../annotate/silences.js"
import { preference, prefer } from "../preferences.js"
import { SoundLevel } from "./media/sound-level.js"
import { TimedPart } from "./media/timed-part.js"

const STEP = 0.01
const NUDGES = [0.001, 0.01, 0.1] // seconds
const REACH = 0.5 // seconds within which an edge finds a silence
const SWITCHES = ["spectrogram", "apart", "level"]

class AudioPart extends TimedPart {
  #looks = { apart: false, spectrogram: false, level: false, nudge: STEP }
  #silences = null
  #level = null

  start(signal) {
    const { sample_rate: rate, samples, duration } = this.part
    this.assemble(signal, { grid: sampleGrid({ rate, samples, duration }), duration })
    Object.assign(this.actions, {
      ...Object.fromEntries(SWITCHES.map((name) => [name, () => this.#look({ [name]: !this.#looks[name] })])),
      "start-back": () => this.#nudge("start", -1),
      "start-on": () => this.#nudge("start", 1),
      "end-back": () => this.#nudge("end", -1),
      "end-on": () => this.#nudge("end", 1),
      finer: () => this.#step(-1),
      coarser: () => this.#step(1),
      "start-here": () => this.segments.put({ start: this.time }, "start-here"),
      "end-here": () => this.segments.put({ end: this.time }, "end-here"),
      "to-silence": () => this.#toSilence(),
      "two-back": () => this.move(-2),
    })
    this.#level = new SoundLevel(this.media, { gain: gainFor(this.part.loudness, this.part.peak_level), signal })
    this.#showLooks({ ...this.#looks, ...preference("sound_view") })
    if (this.part.urls.silences) this.#loadSilences(signal)
    this.media.addEventListener("seeked", () => this.showTime(), { signal })
    this.media.addEventListener("playing", () => this.#follow(), { signal })
    this.media.addEventListener("error", () => this.say("The sound could not be loaded. Your work is kept; reload the page to try again."), { signal })
    this.show()
    this.takeFocus()
  }

  get time() {
    return this.playback.time
  }

  seek(seconds) {
    this.playback.seek(this.grid.snap(seconds))
    this.showTime()
  }

  move(seconds) {
    this.seek(this.time + seconds)
  }

  step(steps) {
    this.move(steps * STEP)
  }

  atMoment(act) {
    const start = this.grid.snap(this.time)
    act({ start, end: start })
  }

  played() {
    this.showControls()
  }

  rested(end) {
    this.playback.seek(end)
  }

  showTime() {
    if (!this.isOpen) return
    this.querySelector(".media-time").textContent = clock(this.time)
    this.timeline.setTime(this.time)
    this.hear(this.time)
  }

  get landmarks() {
    return [...super.landmarks, ...(this.#silences?.edges ?? [])]
  }

  async #loadSilences(signal) {
    try {
      const answer = await fetch(this.part.urls.silences, { signal })
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      this.#silences = new Silences(await answer.json())
    } catch (error) {
      if (!signal.aborted) console.warn("The silences could not be loaded.", error)
    }
  }

  #nudge(edge, way) {
    this.segments.nudge(edge, (way * this.#looks.nudge) / STEP)
  }

  #step(way) {
    const at = NUDGES.indexOf(this.#looks.nudge) + way
    this.#look({ nudge: NUDGES[Math.min(Math.max(at, 0), NUDGES.length - 1)] })
    this.work.announce(`Edges move by ${this.#looks.nudge * 1000} ms.`)
  }

  #toSilence() {
    const { selected } = this.segments
    if (selected === null) return
    const fitted = this.#silences?.fitted(selected.mark, REACH) ?? selected.mark
    const moved = fitted.start !== selected.mark.start || fitted.end !== selected.mark.end
    if (moved) this.segments.put({ start: fitted.start, end: fitted.end }, "to-silence")
    this.work.announce(moved ? "Fitted to what is heard." : "There is no silence near either edge.")
  }

  /** Kept for the next sounds, on the server. */
  #look(change) {
    this.#showLooks({ ...this.#looks, ...change })
    prefer("sound_view", this.#looks)
  }

  #showLooks(looks) {
    this.#looks = looks
    this.timeline.setLooks(looks)
    this.#level.set(looks.level)
    this.querySelector(".media-nudge").textContent = `${looks.nudge * 1000} ms`
    for (const name of SWITCHES) this.querySelector(`[data-action=${name}]`)?.setAttribute("aria-pressed", String(looks[name]))
  }

  #follow() {
    if (!this.isOpen || this.media.paused) return
    this.playback.tick()
    this.showTime()
    requestAnimationFrame(() => this.#follow())
  }
}

customElements.define("fasit-audio", AudioPart)

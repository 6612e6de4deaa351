// <fasit-audio>: a waveform to listen along, and segments made by ear.

import { clock, sampleGrid } from "../annotate/segments.js"
import { preference, prefer } from "../preferences.js"
import { TimedPart } from "./media/timed-part.js"

const STEP = 0.01

class AudioPart extends TimedPart {
  #looks = { apart: false, spectrogram: false }

  start(signal) {
    const { sample_rate: rate, samples, duration } = this.part
    this.assemble(signal, { grid: sampleGrid({ rate, samples, duration }), duration })
    Object.assign(this.actions, {
      spectrogram: () => this.#look("spectrogram"),
      apart: () => this.#look("apart"),
    })
    const { apart = false, spectrogram = false } = preference("sound_view") ?? {}
    this.#showLooks({ apart, spectrogram })
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
  }

  #look(name) {
    this.#showLooks({ ...this.#looks, [name]: !this.#looks[name] })
    prefer("sound_view", { ...preference("sound_view"), [name]: this.#looks[name] })
  }

  #showLooks(looks) {
    this.#looks = looks
    this.timeline.setLooks(looks)
    for (const name of ["spectrogram", "apart"]) this.querySelector(`[data-action=${name}]`)?.setAttribute("aria-pressed", String(looks[name]))
  }

  #follow() {
    if (!this.isOpen || this.media.paused) return
    this.playback.tick()
    this.showTime()
    requestAnimationFrame(() => this.#follow())
  }
}

customElements.define("fasit-audio", AudioPart)

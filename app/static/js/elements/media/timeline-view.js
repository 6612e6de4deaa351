// The timeline on the page: ruler, waveform, playhead and rows of marks. It draws what it is given and tells what was
// pointed at; what that means is the part's business.

import { clock } from "../../annotate/segments.js"
import * as timeline from "../../annotate/timeline.js"
import { drawRuler, drawSpectrogram, drawWave } from "./timeline-drawing.js"
import { MarkRows } from "./timeline-rows.js"

const ZOOM_STEP = 1.6
const DRAG_FROM = 4 // pixels

export class TimelineView {
  #root
  #view
  #sound = null
  #looks = { apart: false, spectrogram: false }
  #playhead = 0
  #shots = []
  #range = null
  #asks // {seek(time, {final}), range(from, to), select, dragged}
  #frame = null
  rows

  constructor(root, { duration, signal, asks }) {
    this.#root = root
    this.#asks = asks
    this.#view = timeline.makeView(duration, root.clientWidth)
    this.rows = new MarkRows(this.#part("rows"), { asks, signal, toTime: (x) => timeline.xToTime(this.#view, x) })
    this.#listen(signal)
    this.#watchSize(signal)
  }

  get view() {
    return this.#view
  }

  /** SoundPictures whose waveform is there, or null: there is none. */
  setSound(sound) {
    this.#sound = sound
    this.#root.dataset.wave = sound === null ? "none" : "ready"
    this.redraw()
  }

  /** How the sound is shown: {apart, spectrogram}. */
  setLooks(looks) {
    this.#looks = looks
    this.#part("spectrogram").hidden = !looks.spectrogram
    this.redraw()
  }

  /** Where the shots of a video begin, in seconds. */
  setShots(shots) {
    this.#shots = shots
    this.redraw()
  }

  /** The playhead; while playing the page turns with it. */
  setTime(seconds, { follow = true } = {}) {
    this.#playhead = seconds
    const turned = follow ? timeline.revealing(this.#view, seconds) : this.#view
    if (turned !== this.#view) this.#setView(turned)
    else this.#place()
  }

  /** The stretch that is being made: from its in point to now. Null: none. */
  setRange(range) {
    this.#range = range
    this.#place()
  }

  reveal(start, end) {
    const { start: from, span } = this.#view
    if (start >= from && start <= from + span) return
    this.#setView(end - start > span ? timeline.showing(this.#view, start, end) : timeline.revealing(this.#view, start))
  }

  zoomIn() {
    this.#zoom(ZOOM_STEP, this.#anchor())
  }

  zoomOut() {
    this.#zoom(1 / ZOOM_STEP, this.#anchor())
  }

  fit() {
    this.#setView(timeline.fitted(this.#view))
  }

  /** Shows a stretch and a little around it. */
  frame(start, end) {
    this.#setView(timeline.showing(this.#view, start, end))
  }

  redraw() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#draw()
    })
  }

  #part(name) {
    return this.#root.querySelector(`.timeline-${name}`)
  }

  #anchor() {
    const { start, span } = this.#view
    return this.#playhead >= start && this.#playhead <= start + span ? this.#playhead : start + span / 2
  }

  #zoom(factor, anchor) {
    this.#setView(timeline.zoomed(this.#view, factor, anchor))
  }

  #setView(view) {
    this.#view = view
    this.#draw()
    this.#syncScroll()
  }

  #draw() {
    drawRuler(this.#part("ruler"), this.#view, this.#shots)
    drawWave(this.#part("wave"), this.#view, this.#sound, this.#looks)
    if (this.#looks.spectrogram) drawSpectrogram(this.#part("spectrogram"), this.#view, this.#sound)
    this.#sound?.prepare(this.#view, this.#part("wave").width, this.#looks)
    this.rows.place(this.#view)
    this.#place()
  }

  #place() {
    const x = timeline.timeToX(this.#view, this.#playhead)
    const head = this.#part("playhead")
    head.hidden = x < -1 || x > this.#view.width + 1
    head.style.setProperty("translate", `${x}px 0`)
    const range = this.#part("range")
    range.hidden = this.#range === null
    if (this.#range === null) return
    const [from, to] = [this.#range.from, this.#range.to ?? this.#playhead].sort((one, other) => one - other)
    const left = Math.max(timeline.timeToX(this.#view, from), -2)
    const right = Math.min(timeline.timeToX(this.#view, to), this.#view.width + 2)
    range.style.setProperty("translate", `${left}px 0`)
    range.style.setProperty("inline-size", `${Math.max(right - left, 0)}px`)
  }

  #listen(signal) {
    this.#root.addEventListener("wheel", (event) => this.#onWheel(event), { signal, passive: false })
    this.#drag(this.#part("ruler"), signal, {
      move: (_from, to) => this.#asks.seek(to, { final: false }),
      click: (to) => this.#asks.seek(to, { final: true }),
      end: (_from, to) => this.#asks.seek(to, { final: true }),
    })
    for (const picture of ["wave", "spectrogram"]) {
      this.#drag(this.#part(picture), signal, {
        move: (from, to) => this.#asks.mayRange() && this.setRange({ from, to }),
        click: (to) => this.#asks.seek(to, { final: true }),
        end: (from, to) => this.#asks.mayRange() && this.#asks.range(from, to),
      })
    }
    const scroll = this.#part("scroll")
    scroll.addEventListener("scroll", () => this.#onScroll(scroll), { signal })
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw(), { signal })
  }

  #onWheel(event) {
    const bounds = this.#part("ruler").getBoundingClientRect()
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      const anchor = timeline.xToTime(this.#view, event.clientX - bounds.left)
      this.#zoom(Math.exp(-event.deltaY / 300), anchor)
    } else if (!timeline.isWhole(this.#view)) {
      const across = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey
      const distance = across ? event.deltaX || event.deltaY : 0
      if (distance === 0) return
      event.preventDefault()
      this.#setView(timeline.panned(this.#view, (distance / this.#view.width) * this.#view.span))
    }
  }

  #drag(element, signal, { move, click, end }) {
    let from = null
    let dragged = false
    const timeOf = (event) => timeline.xToTime(this.#view, event.clientX - element.getBoundingClientRect().left)
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return
      from = { x: event.clientX, time: timeOf(event) }
      dragged = false
      element.setPointerCapture(event.pointerId)
    }, { signal })
    element.addEventListener("pointermove", (event) => {
      if (from === null) return
      dragged ||= Math.abs(event.clientX - from.x) >= DRAG_FROM
      if (dragged) move(from.time, timeOf(event))
    }, { signal })
    element.addEventListener("pointerup", (event) => {
      if (from === null) return
      const start = from.time
      from = null
      if (dragged) end(start, timeOf(event))
      else click(timeOf(event))
    }, { signal })
    element.addEventListener("pointercancel", () => (from = null), { signal })
  }

  #watchSize(signal) {
    const observer = new ResizeObserver(() => {
      this.#view = timeline.resized(this.#view, this.#part("ruler").clientWidth)
      this.redraw()
      this.#syncScroll()
    })
    observer.observe(this.#root)
    signal.addEventListener("abort", () => observer.disconnect())
  }

  // A native scroll bar stands for the whole length; its range is capped, so long media scroll in coarser pixels.
  #syncScroll() {
    const scroll = this.#part("scroll")
    const { duration, span, start, width } = this.#view
    const whole = Math.min((duration / span) * width, 1_000_000)
    scroll.firstElementChild.style.setProperty("inline-size", `${whole}px`)
    scroll.classList.toggle("is-idle", timeline.isWhole(this.#view))
    const left = (start / duration) * whole
    if (Math.abs(scroll.scrollLeft - left) > 1) scroll.scrollLeft = left
    this.#root.setAttribute("aria-description", `Shows ${clock(start, 1)} to ${clock(start + span, 1)} of ${clock(duration, 1)}`)
  }

  #onScroll(scroll) {
    const { duration, start, span, width } = this.#view
    const whole = scroll.firstElementChild.clientWidth
    const wanted = (scroll.scrollLeft / whole) * duration
    if (Math.abs(wanted - start) < (1.5 / whole) * duration || span >= duration || width < 2) return
    this.#view = timeline.startingAt(this.#view, wanted)
    this.redraw()
  }
}

// <fasit-video>: a video stepped frame by frame, with boxes that move and segments of time.

import { FrameTable } from "../annotate/frames.js"
import { clock, frameGrid } from "../annotate/segments.js"
import { keyframeAt } from "../annotate/tracks.js"
import { ExactFrames } from "./media/exact-frames.js"
import { FrameJumps } from "./media/frame-jumps.js"
import { FrameQueue } from "./media/frame-queue.js"
import { TimedPart } from "./media/timed-part.js"
import { trackActions } from "./media/track-actions.js"
import { TrackEditing } from "./media/track-editing.js"
import { TrackKeys } from "./media/track-keys.js"
import { TrackOverlay } from "./media/track-overlay.js"

const DOUBT = "This frame could not be shown exactly, so nothing was marked. Step to another frame."

class VideoPart extends TimedPart {
  #table
  #frames
  #queue
  #tracks
  #overlay
  #keys
  #wasPlaying = false

  async start(signal) {
    this.setAttribute("aria-busy", "true")
    this.#sign("Loading the video")
    try {
      this.#table = await this.#loadTable(signal)
      this.#frames = new ExactFrames({
        video: this.media,
        canvas: this.querySelector(".video-exact"),
        table: this.#table,
        url: this.part.urls.display,
        signal,
        shown: (seen) => this.#seen(seen),
      })
      await this.#frames.begin()
    } catch (error) {
      if (signal.aborted) return
      console.warn("A video could not be opened.", error)
      this.#sign("The video could not be loaded. Your work is kept; reload the page to try again, or skip the task.")
      return
    }
    if (!signal.aborted) this.#begin(signal)
  }

  #begin(signal) {
    this.assemble(signal, { grid: frameGrid(this.#table), duration: this.#table.end / 1e6, origin: this.#frames.origin })
    this.#queue = new FrameQueue({ part: this, frames: this.#frames, signal, doubt: () => this.work.announce(DOUBT) })
    this.#tracks = new TrackEditing({ work: this.work, part: this.part.name, now: () => this.#now() })
    this.#overlay = new TrackOverlay(this.querySelector(".video-overlay"), { size: this.part, signal, asks: this.#overlayAsks() })
    this.#keys = new TrackKeys({
      size: this.part,
      tracks: this.#tracks,
      overlay: this.#overlay,
      asks: { settled: (act) => this.#queue.mark(act) },
    })
    const jumps = new FrameJumps(this, { table: this.#table, signal, asks: this.#jumpAsks() })
    const acts = trackActions({ part: this, tracks: this.#tracks, queue: this.#queue, table: this.#table, asks: this.#jumpAsks() })
    const remove = () => (this.#tracks.selected === null ? this.segments.remove() : this.#tracks.remove())
    Object.assign(this.actions, acts, jumps.actions, { play: () => this.#toggle(), remove })
    this.timeline.setShots(this.#table.shots.map((frame) => this.#table.seconds(frame)))
    this.querySelector(".video-shots").hidden = this.#table.shots.length < 2
    this.#offer()
    this.#stage.addEventListener("keydown", (event) => this.#onStageKey(event), { signal })
    this.addEventListener("keydown", keepPage, { signal })
    this.removeAttribute("aria-busy")
    this.#sign(null)
    this.show()
    this.#seen(this.#frames.seen)
    this.takeFocus()
  }

  async #loadTable(signal) {
    const answer = await fetch(this.part.urls.frames, { signal })
    if (!answer.ok) throw new Error(`the table of frames was answered with ${answer.status}`)
    return new FrameTable(await answer.json())
  }

  get #stage() {
    return this.querySelector(".video-stage")
  }

  // Tools are shown for what the schema can ask of this part, so that nothing jumps while questions come and go.
  #offer() {
    const kinds = new Set(this.work.schema.fields.filter((field) => this.work.partsOf(field.name).includes(this.part.name)).map((field) => field.kind))
    for (const group of this.querySelectorAll("[data-for]")) group.hidden = !kinds.has(group.dataset.for)
    this.toggleAttribute("data-tracks", kinds.has("tracks"))
  }

  // Time and frames ---------------------------------------------------------------------------------------------

  get time() {
    return this.playback.isPlaying ? this.playback.time : this.#table.seconds(this.#frames.target)
  }

  #jumpAsks() {
    return {
      target: () => this.#frames.target,
      draw: () => this.#startDrawing(),
      segment: (from, to) => this.#takeShot(from, to),
      go: (frame) => this.seek(this.#table.seconds(this.#table.clamp(frame))),
      announce: (sentence) => this.work.announce(sentence),
    }
  }

  #takeShot(from, to) {
    const isThere = this.items.some((item) => item.kind === "segment" && !item.isSuggestion && item.start === from && item.end === to)
    if (isThere) this.work.announce("This shot is a segment already.")
    else if (this.segments.add(from, to) !== null) this.work.announce("The shot is a segment now.")
  }

  get landmarks() {
    return [...super.landmarks, ...this.#table.shots.map((frame) => this.#table.seconds(frame))]
  }

  #now() {
    const { frame } = this.#frames
    return { frame, time: this.#table.seconds(frame) }
  }

  seek(seconds) {
    const frame = this.#table.at(seconds)
    if (this.playback.isPlaying) this.playback.seek(this.#table.midpoint(frame))
    else this.#frames.show(frame)
  }

  move(seconds) {
    this.seek(this.time + seconds)
  }

  step(steps) {
    if (this.playback.isPlaying) this.playback.pause()
    this.#frames.show(this.#frames.target + steps)
  }

  /** The frame on the screen, once it is proven, from its first moment to its last. */
  atMoment(act) {
    this.#queue.mark((frame) => act({ start: this.#table.seconds(frame), end: this.#table.start(frame + 1) / 1e6 }))
  }

  align() {
    this.#frames.align()
  }

  #toggle() {
    if (!this.playback.isPlaying && this.#frames.target === this.#table.last) this.playback.seek(this.#table.midpoint(0))
    this.playback.toggle()
  }

  played() {
    const { isPlaying } = this.playback
    if (isPlaying && !this.#wasPlaying) this.#frames.play()
    if (!isPlaying && this.#wasPlaying) this.#frames.rest()
    this.#wasPlaying = isPlaying
    this.showControls()
  }

  rested(end) {
    this.#frames.show(this.#table.at(end - 1e-6))
  }

  #seen({ frame, proven, pending }) {
    if (!proven && !pending && !this.playback?.isPlaying) this.#sign("This frame cannot be shown exactly here.")
    else if (this.playback !== null) this.#sign(null)
    const shown = this.querySelector(".media-frame")
    shown.toggleAttribute("data-pending", pending)
    const isResting = proven && !pending && !(this.playback?.isPlaying ?? false)
    this.work.setMoment(this.part.name, isResting ? { frame, time: this.#table.seconds(frame) } : null)
    if (pending || this.timeline === null) return
    shown.textContent = proven ? `frame ${frame} of ${this.#table.count}` : this.playback.isPlaying ? "playing" : "frame unknown"
    this.showTime()
    this.#overlay?.draw()
    if (!this.playback.isPlaying) this.showControls()
  }

  showTime() {
    if (!this.isOpen || this.timeline === null) return
    const { time } = this.#now()
    this.querySelector(".media-time").textContent = clock(time)
    this.timeline.setTime(time)
    if (this.playback.isPlaying) this.playback.tick()
  }

  // Boxes -------------------------------------------------------------------------------------------------------

  #overlayAsks() {
    const tracks = this.#tracks
    return {
      shown: () => tracks.shown(),
      box: () => tracks.box,
      mayMake: () => tracks.mayMake,
      select: (field, id) => this.work.select(field, id),
      suggestion: (key) => this.work.suggested.focus(key),
      unselect: () => this.work.select(null),
      add: (box) => {
        this.#keys.stopDrawing()
        this.#queue.mark(() => tracks.add(box))
      },
      put: (box) => this.#queue.mark(() => tracks.put(box)),
      colorOf: (field, mark) => this.work.colorOf(field, mark.choice),
      title: (field, mark) => this.#tracks.titleOf(field, mark),
      hold: () => this.#hold(),
    }
  }

  // The first press on a playing picture only stops it: nobody marks a frame that has just gone.
  #hold() {
    if (!this.playback.isPlaying) return true
    this.playback.pause()
    return false
  }

  #startDrawing() {
    this.playback.pause()
    this.work.activate(this.#tracks.field.name)
    this.#stage.focus({ preventScroll: true })
    if (this.#keys.isDrawing) this.#keys.stopDrawing()
    else this.#keys.startDrawing()
    this.showControls()
  }

  #onStageKey(event) {
    if (event.defaultPrevented || event.isComposing) return
    if (this.#keys.take(event)) {
      event.preventDefault()
      event.stopPropagation()
      this.showControls()
    } else if (event.key === "Escape" && this.segments.inPoint === null) {
      this.take(event, () => this.focus())
    } else {
      this.onTimelineKey(event)
    }
  }

  openSelected() {
    if (this.#tracks.selected !== null) this.#stage.focus({ preventScroll: true })
    else if (this.takesTranscript) super.openSelected()
    else this.actions.again()
  }

  // What is shown -----------------------------------------------------------------------------------------------

  show() {
    super.show()
    this.#overlay.draw()
  }

  get tools() {
    const segmentsAsked = this.querySelector('[data-tools="segment"]').hidden === false
    return this.#tracks.selected !== null || !segmentsAsked ? "track" : "segment"
  }

  may(need) {
    const { selected, mayMake, box } = this.#tracks
    const free = !this.work.readOnly
    if (need === "track-field") return mayMake
    if (need === "track-selection") return selected !== null
    if (need === "track") return selected !== null && free && box !== null
    if (need === "keyframe") return selected !== null && free && keyframeAt(selected.mark.keyframes, this.#frames.frame) !== null
    if (need === "mark") return (selected !== null || this.segments.selected !== null) && free
    return super.may(need)
  }

  showControls() {
    if (!this.isOpen || this.#tracks === undefined) return
    super.showControls()
    const press = (action, on) => this.querySelector(`[data-action=${action}]`).setAttribute("aria-pressed", String(on))
    press("draw", this.#keys.isDrawing)
    press("outside", this.#tracks.box?.outside ?? false)
    press("occluded", this.#tracks.box?.occluded ?? false)
  }

  hint() {
    if (this.#keys.isDrawing) return this.#keys.hasCorner ? "Arrows to the other corner, Enter makes the box" : "Arrows move the crosshair, Enter sets a corner, Esc leaves"
    const { selected, box } = this.#tracks
    if (selected === null) return super.hint() || (this.#tracks.field === null ? "" : "Drag on the picture or press n to draw a box")
    if (box.beyond) return "The track is not here. Move its box or press Shift+K to bring it here"
    if (box.outside) return "Out of the picture here. Shift+O brings it back"
    return box.keyframe ? "Keyframe. Drag, or Enter and arrows, to move the box" : "Between keyframes. Moving the box makes a keyframe here"
  }

  #sign(sentence) {
    const sign = this.querySelector(".video-sign")
    sign.textContent = sentence ?? ""
    sign.hidden = sentence === null
  }
}

// Alt and an arrow would leave the page where no tool takes it.
function keepPage(event) {
  if (event.altKey && event.key.startsWith("Arrow")) {
    const free = !event.target.closest("[data-part]").querySelector('[data-action="start-back"]:not(:disabled)')
    if (free) event.preventDefault()
  }
}

customElements.define("fasit-video", VideoPart)

// What sound and picture have in common: a player under keys, a timeline, segments. The two parts say what a moment is,
// how one goes there, and what else they have.

import { clock } from "../../annotate/segments.js"
import { neighbour, timelineItems } from "./part-marks.js"
import { Playback } from "./playback.js"
import { showPlayed } from "./played-share.js"
import { SegmentEditing } from "./segment-editing.js"
import { SoundPictures } from "./sound-pictures.js"
import { timedActions } from "./timed-actions.js"
import { TimelineView } from "./timeline-view.js"
import { TranscriptRow } from "./transcript-row.js"

const ALL = ["change", "select", "active", "readonly", "view", "suggested"]

export class TimedPart extends HTMLElement {
  #quit = null
  work = null
  part = null
  grid = null
  playback = null
  segments = null
  timeline = null
  #transcript = null
  items = []
  #inHand = null // key of the suggestion chosen last

  open(work) {
    this.close()
    this.#quit = new AbortController()
    this.work = work
    this.part = work.part(this.dataset.part)
    this.playback = this.timeline = this.#transcript = null
    this.start(this.#quit.signal)
  }

  close() {
    this.#quit?.abort()
    this.#quit = null
  }

  disconnectedCallback() {
    this.close()
  }

  get isOpen() {
    return this.#quit !== null
  }

  get surface() {
    return this.querySelector(".timeline")
  }

  get media() {
    return this.querySelector("audio, video")
  }

  focus() {
    this.surface.focus({ preventScroll: true })
  }

  /** Takes the focus where nothing else has it, so that Tab, Enter and Esc mean the timeline from the start. */
  takeFocus() {
    if (document.activeElement === document.body && this.work.activePart === this.part.name) this.focus()
  }

  /** Once the grid is known: everything that works on it. */
  assemble(signal, { grid, duration, origin = 0 }) {
    const { work, media, part } = this
    this.grid = grid
    this.playback = new Playback(media, { part: part.name, work, signal, origin, onChange: () => this.played(), rest: (end) => this.rested(end), stretch: () => this.selectedStretch, align: () => this.align() })
    this.segments = new SegmentEditing({ work, part: part.name, grid, changed: () => this.show() })
    this.timeline = new TimelineView(this.surface, { duration, signal, asks: this.#asks() })
    this.#transcript = this.#makeTranscript(signal)
    this.addEventListener("click", (event) => this.#onClick(event), { signal })
    this.surface.addEventListener("keydown", (event) => this.onTimelineKey(event), { signal })
    this.addEventListener("focusin", () => work.activatePart(part.name), { signal })
    for (const name of ALL) work.addEventListener(name, () => this.show(), { signal })
    work.addEventListener("suggested", ({ detail }) => this.#toSuggestion(detail.key), { signal })
    if (part.urls.peaks) this.#loadSound(signal)
    else this.timeline.setSound(null)
  }

  #makeTranscript(signal) {
    const row = this.querySelector(".media-transcript")
    row.hidden = !this.work.schema.fields.some((field) => this.#transcribes(field))
    return new TranscriptRow(row, {
      segments: this.segments,
      signal,
      asks: { next: () => this.#nextTranscript(), leave: () => this.focus(), play: (start, end) => this.playback.playStretch(start, end) },
    })
  }

  // The words of a sound are asked for unless the question says no, those of a video where it says yes.
  #transcribes(field) {
    const wanted = field.kind === "segments" && (field.transcript ?? this.part.modality === "audio")
    return wanted && this.work.partsOf(field.name).includes(this.part.name)
  }

  /** Does the selected segment take a transcript? */
  get takesTranscript() {
    const { selected } = this.segments
    return selected !== null && this.#transcribes(this.work.fieldOf(selected.field))
  }

  openSelected() {
    this.#transcript.focus()
  }

  #nextTranscript() {
    const next = neighbour(this.items, 1)
    if (next === null || next.kind !== "segment") {
      this.focus()
      return
    }
    this.choose(next)
    this.#transcript.focus()
    this.playback.playStretch(next.start, next.end)
  }

  async #loadSound(signal) {
    const sound = new SoundPictures({ urls: this.part.urls, signal, changed: () => this.timeline.redraw() })
    try {
      await sound.begin({ close: this.part.modality === "audio" })
      this.timeline.setSound(sound)
    } catch (error) {
      if (signal.aborted) return
      console.warn("The waveform could not be loaded.", error)
      this.timeline.setSound(null)
    }
  }

  #asks() {
    return {
      seek: (time) => this.seek(time),
      mayRange: () => this.segments.mayMake,
      range: (from, to) => {
        this.segments.add(from, to)
        this.show()
      },
      select: (item) => this.choose(item),
      dragged: (item, drag) => item.isSuggestion || this.segments.drag(item, { ...drag, points: this.landmarks }),
      keyframe: (item, keyframe) => {
        this.pick(item)
        this.seek(keyframe.time)
      },
    }
  }

  actions = timedActions(this, () => this.#playAgain())

  #onClick(event) {
    const button = event.target.closest("[data-action]")
    if (button === null) return
    this.actions[button.dataset.action]?.()
    this.takeFocus()
  }

  onTimelineKey(event) {
    const { key, shiftKey } = event
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return
    if (key === "Tab") this.onTab(event, shiftKey ? -1 : 1)
    else if (key === "Enter") this.take(event, () => this.enter())
    else if (key === "Escape") this.take(event, () => this.leave())
    else if (key === " " && this.timeline.rows.holds(event.target)) this.take(event, () => this.playback.toggle())
  }

  take(event, act) {
    event.preventDefault()
    event.stopPropagation()
    if (!event.repeat) act()
  }

  /** The next or previous mark; past the last one Tab goes where it goes everywhere. */
  onTab(event, way) {
    const next = neighbour(this.items, way, this.#inHand)
    if (next === null) return
    event.preventDefault()
    this.choose(next)
    if (this.surface.contains(event.target) || next.kind === "segment") this.timeline.rows.focus(next.id)
  }

  enter() {
    this.atMoment((moment) => this.enterAt(moment))
  }

  enterAt(moment) {
    if (this.segments.inPoint !== null) this.segments.markOut(moment)
    else if (this.work.selection !== null) this.openSelected()
    else this.work.announce("Set an in point (i), then Enter or o makes the segment.")
  }

  leave() {
    if (this.segments.inPoint !== null) this.segments.cancel()
    else if (this.work.selection !== null) {
      this.work.select(null)
      this.focus()
    } else document.activeElement.blur()
  }

  /** Selects a mark; a suggestion becomes the one to decide on. */
  pick(item) {
    this.work.select(item.isSuggestion ? null : item.field, item.id)
    this.#inHand = item.isSuggestion ? item.key : null
    if (item.isSuggestion) this.work.suggested.focus(item.key)
  }

  choose(item) {
    this.pick(item)
    this.timeline.reveal(item.start, item.end)
    if (!this.playback.isPlaying) this.seek(item.start)
  }

  /** Goes to the suggestion to decide on. */
  #toSuggestion(key) {
    const item = this.items.find((one) => one.isSuggestion && one.key === key)
    if (item) this.timeline.reveal(item.start, item.end)
    if (item && !this.playback.isPlaying && this.#inHand !== key) this.seek(item.start)
  }

  #playAgain() {
    const { selected } = this.segments
    if (selected !== null) this.playback.playStretch(selected.mark.start, selected.mark.end)
  }

  /** The word that is heard now is marked in the transcript. */
  hear(seconds) {
    this.#transcript.setTime(seconds)
  }

  /** Before it plays on: the player is to be where the person is. */
  align() {}

  /** Moments in seconds that a dragged edge snaps to. */
  get landmarks() {
    return [this.time]
  }

  /** The stretch that a loop repeats: the selected mark's, or null for all of it. */
  get selectedStretch() {
    const item = this.items.find(({ selected }) => selected)
    return item && item.end > item.start ? { start: item.start, end: item.end } : null
  }

  show() {
    this.items = timelineItems(this.work, this.part.name)
    this.timeline.rows.show(this.items)
    this.#transcript.show({ readOnly: this.work.readOnly, free: this.takesTranscript })
    const { inPoint } = this.segments
    this.timeline.setRange(inPoint === null ? null : { from: inPoint.start })
    this.showControls()
    this.showTime()
  }

  showControls() {
    if (!this.isOpen) return
    const { isPlaying, speed, muted } = this.playback
    this.toggleAttribute("data-playing", isPlaying)
    this.querySelector("[data-action=play]").setAttribute("aria-pressed", String(isPlaying))
    this.querySelector("[data-action=mute]").setAttribute("aria-pressed", String(muted))
    this.querySelector("[data-action=loop]").setAttribute("aria-pressed", String(this.playback.loops))
    showPlayed(this)
    this.querySelector(".media-speed").textContent = `${speed}×`
    for (const group of this.querySelectorAll("[data-tools]")) group.classList.toggle("is-shown", group.dataset.tools === this.tools)
    for (const button of this.querySelectorAll("[data-needs]")) button.disabled = !this.may(button.dataset.needs)
    this.say(this.hint())
  }

  /** Which tools of a selected mark are shown. */
  get tools() {
    return "segment"
  }

  /** Whether what a button needs is there. */
  may(need) {
    const { selected, mayMake } = this.segments
    if (need === "field") return mayMake
    if (need === "segment" || need === "mark") return selected !== null && !this.work.readOnly
    return selected !== null
  }

  hint() {
    const { field, inPoint, selected } = this.segments
    if (inPoint !== null) return `${this.choiceTitle(field)} from ${clock(inPoint.start)}. o or Enter ends it here, Esc drops it.`
    if (selected !== null) {
      const times = `${clock(selected.mark.start)} to ${clock(selected.mark.end)}`
      return this.takesTranscript ? `${times}. Enter: write its transcript` : times
    }
    return field === null ? "" : `i begins a segment: ${this.choiceTitle(field)}`
  }

  choiceTitle(field) {
    return this.work.title(this.work.choiceOf(field.name, this.work.activeChoice(field.name)) ?? field)
  }

  say(sentence) {
    this.querySelector(".media-status").textContent = sentence
  }
}

// Which frame is on the screen, proven. The player is sent to the middle of a frame and believed only when it says which
// picture it put up; where it does not tell, or tells of another one, the frame is decoded and drawn over it, or fetched
// from the server where this browser cannot decode.

import { FrameDecoder } from "./frame-decoder.js"
import { FrameStills } from "./frame-stills.js"

const PATIENCE = 250 // milliseconds after `seeked` in which the player may still put up the picture
const HAIR = 2e-6 // seconds
const SLOW = 80 // milliseconds: a player that takes longer for a step is left alone while one steps
const STEP = 8 // frames; what is further away is a seek
const ALIGNS = 400 // milliseconds after the last step until the player is sent along

export class ExactFrames {
  #video
  #canvas
  #table
  #url
  #shown // called with {frame, proven, pending}
  #origin = 0 // where frame 0 lies on the player's own clock, in seconds
  #frame = 0
  #target = 0
  #turn = 0
  #settled = Promise.resolve(true)
  #wake = null // hears of every picture that the player puts up while a frame is looked for
  #painters = null // a promise of what draws frames one by one, the quicker first
  #tells = "requestVideoFrameCallback" in HTMLVideoElement.prototype // which picture it put up
  #trusted = this.#tells
  #playing = false
  #pace = 0 // milliseconds that the player took for a frame lately
  #aligning = null
  #seen = { frame: 0, proven: false, pending: true }

  constructor({ video, canvas, table, url, signal, shown }) {
    this.#video = video
    this.#canvas = canvas
    this.#table = table
    this.#url = url
    this.#shown = shown
    signal.addEventListener("abort", () => this.#leave())
    this.#watch(signal)
  }

  /** The frame that was last seen on the screen. */
  get frame() {
    return this.#frame
  }

  /** The frame that was asked for last: steps count from it. */
  get target() {
    return this.#playing ? this.#frame : this.#target
  }

  /** What was told last: {frame, proven, pending}. */
  get seen() {
    return this.#seen
  }

  get origin() {
    return this.#origin
  }

  /** Finds out where the first frame lies, and shows it. */
  async begin() {
    const plays = await ready(this.#video)
    if (!plays) this.#trusted = false // its frames may still be decoded one by one
    const first = !this.#trusted ? null : await this.#pictureAfter(() => this.#send(0), 2000)
    if (first !== null) this.#origin = first
    return this.show(0)
  }

  /** Shows a frame; true when it is proven to be on the screen, false when it could not be, null when another was asked for meanwhile. */
  show(frame) {
    this.#target = this.#table.clamp(frame)
    this.#turn += 1
    this.#settled = this.#find(this.#target, this.#turn)
    return this.#settled
  }

  /** Waits for what was asked for last: the frame on the screen, or null where it cannot be proven. */
  async settle() {
    if (this.#playing) return this.#seen.proven ? this.#frame : null
    let known
    do {
      known = this.#settled
      await known
    } while (known !== this.#settled)
    return (await known) ? this.#frame : null
  }

  /** Sends the player where the picture is, before it plays on from there. */
  align() {
    if (this.#aligning === null) return
    this.#stay()
    this.#seek(this.#frame)
  }

  #stay() {
    clearTimeout(this.#aligning)
    this.#aligning = null
  }

  play() {
    this.#stay()
    this.#playing = true
    this.#turn += 1
  }

  /** After playing: the frame that was seen last is looked up and stays. */
  rest() {
    if (!this.#playing) return
    this.#playing = false
    this.show(this.#frame)
  }

  async #find(frame, turn) {
    this.#tell({ pending: true })
    const stepped = this.#trusted && this.#pace > SLOW && Math.abs(frame - this.#frame) <= STEP ? await this.#byStep(frame, turn) : false
    if (stepped !== false) return stepped
    if (this.#trusted) {
      const found = await this.#byPlayer(frame, turn)
      if (turn !== this.#turn) return null
      if (found) {
        this.#canvas.hidden = true
        return this.#prove(frame)
      }
      this.#trusted = false
    }
    return this.#byPainter(frame, turn)
  }

  /** True when the player put up this very frame, false when it did not in good time. */
  async #byPlayer(frame, turn) {
    const wanted = (picture) => turn !== this.#turn || this.#identify(picture) === frame
    this.#stay()
    const begun = performance.now()
    const picture = await this.#pictureAfter(() => this.#seek(frame), PATIENCE, wanted)
    if (picture !== null) this.#pace += (performance.now() - begun - this.#pace) / 3
    return picture !== null && this.#identify(picture) === frame
  }

  /** By the decoder alone, where the player is too slow to step: true, null (another was asked for), or false (not so). */
  async #byStep(frame, turn) {
    this.#painters ??= openPainters(this.#url)
    const [decoder] = await this.#painters
    if (turn !== this.#turn) return null
    if (!(decoder instanceof FrameDecoder)) return false
    const painted = await this.#paint(decoder, frame, turn)
    if (turn !== this.#turn) return null
    if (!painted) return false
    this.#stay()
    this.#aligning = setTimeout(() => this.align(), ALIGNS)
    return this.#prove(frame)
  }

  async #byPainter(frame, turn) {
    this.#painters ??= openPainters(this.#url)
    const painters = await this.#painters
    if (turn !== this.#turn) return null
    this.#seek(frame) // so that playing goes on from here
    for (const painter of painters) {
      const painted = await this.#paint(painter, frame, turn)
      if (turn !== this.#turn) return null
      if (painted) return this.#prove(frame)
    }
    return this.#doubt()
  }

  /** True when the painter drew this very frame. */
  async #paint(painter, frame, turn) {
    const from = frame < this.#frame ? this.#table.midpoint(frame - STEP) : null
    const decoded = await painter.frameAt(this.#table.midpoint(frame), { from }).catch(() => null)
    const isIt = decoded !== null && turn === this.#turn && this.#table.identify(decoded.seconds) === frame
    if (isIt) {
      decoded.draw(this.#canvas)
      this.#canvas.hidden = false
    }
    decoded?.close()
    return isIt
  }

  #prove(frame) {
    this.#frame = frame
    this.#tell()
    return true
  }

  // Neither way could show that the wanted frame is on the screen: it is said, and nothing is marked there.
  #doubt() {
    this.#say({ frame: this.#target, proven: false, pending: false })
    return false
  }

  #tell({ pending = false } = {}) {
    this.#say({ frame: this.#frame, proven: true, pending })
  }

  #say(seen) {
    this.#seen = seen
    this.#shown(seen)
  }

  #seek(frame) {
    this.#send(this.#origin + this.#table.midpoint(frame))
  }

  // A player that is sent where it already is puts up no new picture and so proves nothing: it is sent a hair further.
  #send(seconds) {
    if (this.#video.readyState === HTMLMediaElement.HAVE_NOTHING) return
    const isThere = Math.abs(this.#video.currentTime - seconds) < HAIR / 2
    this.#video.currentTime = isThere ? seconds + HAIR : seconds
  }

  #identify(mediaTime) {
    return this.#table.identify(mediaTime - this.#origin)
  }

  /** The time of the first picture that the player puts up after `act` and that is `wanted`, or null. */
  #pictureAfter(act, patience, wanted = () => true) {
    return new Promise((resolve) => {
      let timer = setTimeout(() => finish(null), patience + 5000)
      const finish = (picture) => {
        clearTimeout(timer)
        if (this.#wake === heard) this.#wake = null
        this.#video.removeEventListener("seeked", arrived)
        resolve(picture)
      }
      const heard = (picture) => wanted(picture) && finish(picture)
      const arrived = () => {
        clearTimeout(timer)
        timer = setTimeout(() => finish(null), patience)
      }
      this.#wake?.(NaN)
      this.#wake = heard
      this.#video.addEventListener("seeked", arrived)
      act()
    })
  }

  #watch(signal) {
    const onPicture = (_now, { mediaTime }) => {
      if (signal.aborted) return
      this.#video.requestVideoFrameCallback(onPicture)
      this.#wake?.(mediaTime)
      if (this.#playing) this.#passed(mediaTime - this.#origin)
    }
    if (this.#tells) this.#video.requestVideoFrameCallback(onPicture)
    else this.#video.addEventListener("timeupdate", () => this.#playing && this.#passed(this.#video.currentTime - this.#origin), { signal })
  }

  #passed(seconds) {
    this.#canvas.hidden = true
    const known = this.#tells ? this.#table.identify(seconds) : null
    this.#frame = this.#target = known ?? this.#table.at(seconds)
    this.#say({ frame: this.#frame, proven: known !== null, pending: false })
  }

  #leave() {
    this.#turn += 1
    this.#stay()
    this.#painters?.then((painters) => painters.forEach((painter) => painter.close()))
  }
}

/** Whether the player can play it, once that is known. */
function ready(video) {
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return Promise.resolve(true)
  if (video.error !== null) return Promise.resolve(false)
  return new Promise((resolve) => {
    video.addEventListener("loadeddata", () => resolve(true), { once: true })
    video.addEventListener("error", () => resolve(false), { once: true })
  })
}

async function openPainters(url) {
  const decoder = await FrameDecoder.open(url).catch(() => null)
  const stills = new FrameStills(url)
  return decoder === null ? [stills] : [decoder, stills]
}

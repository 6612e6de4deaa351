// Which frame is on the screen, proven. The player is sent to the middle of a frame and believed only when it says which
// picture it put up; where it does not tell, or tells of another one, the frame is decoded and drawn over it.

import { FrameDecoder } from "./frame-decoder.js"

const PATIENCE = 250 // milliseconds after `seeked` in which the player may still put up the picture
const HAIR = 2e-6 // seconds

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
  #decoder = null
  #trusted = true
  #playing = false
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
    await ready(this.#video)
    const first = await this.#pictureAfter(() => this.#send(0), 2000)
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
    if (this.#playing) return this.#frame
    let known
    do {
      known = this.#settled
      await known
    } while (known !== this.#settled)
    return (await known) ? this.#frame : null
  }

  play() {
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
    if (this.#trusted) {
      const found = await this.#byPlayer(frame, turn)
      if (turn !== this.#turn) return null
      if (found) {
        this.#canvas.hidden = true
        return this.#prove(frame)
      }
      this.#trusted = false
    }
    return this.#byDecoder(frame, turn)
  }

  /** True when the player put up this very frame, false when it did not in good time. */
  async #byPlayer(frame, turn) {
    const wanted = (picture) => turn !== this.#turn || this.#identify(picture) === frame
    const picture = await this.#pictureAfter(() => this.#seek(frame), PATIENCE, wanted)
    return picture !== null && this.#identify(picture) === frame
  }

  async #byDecoder(frame, turn) {
    this.#decoder ??= FrameDecoder.open(this.#url)
    const decoder = await this.#decoder
    if (turn !== this.#turn) return null
    if (decoder === null) return (await this.#byPlayer(frame, turn)) ? this.#prove(frame) : turn === this.#turn ? this.#doubt() : null
    this.#seek(frame) // so that playing goes on from here
    const decoded = await decoder.frameAt(this.#table.midpoint(frame)).catch(() => null)
    if (turn !== this.#turn || !decoded) {
      decoded?.close()
      return turn === this.#turn ? this.#doubt() : null
    }
    const proven = this.#table.identify(decoded.seconds) === frame
    if (proven) {
      decoded.draw(this.#canvas)
      this.#canvas.hidden = false
    }
    decoded.close()
    return proven ? this.#prove(frame) : this.#doubt()
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
    this.#video.requestVideoFrameCallback(onPicture)
  }

  #passed(seconds) {
    this.#canvas.hidden = true
    this.#frame = this.#table.identify(seconds) ?? this.#table.at(seconds)
    this.#target = this.#frame
    this.#tell()
  }

  #leave() {
    this.#turn += 1
    this.#decoder?.then((decoder) => decoder?.close())
  }
}

function ready(video) {
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return Promise.resolve()
  return new Promise((resolve, reject) => {
    video.addEventListener("loadeddata", resolve, { once: true })
    video.addEventListener("error", () => reject(new Error("The video could not be loaded.")), { once: true })
  })
}

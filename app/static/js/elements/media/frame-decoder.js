// Decodes frames of a video by itself (mediabunny over WebCodecs), for files in which the browser's player does not land
// where it was sent. The library is large and is fetched only when a video needs it.

const LIBRARY = "../../../vendor/mediabunny/mediabunny.min.mjs"
const NEAR = 1 // seconds: so far ahead it is quicker to go on decoding than to begin anew at a keyframe
const KEPT = 10 // pictures

export class FrameDecoder {
  #input
  #sink
  #first
  #samples = null // decodes on from the frame that was asked for last
  #until = null // where that frame ends
  #kept = [] // {from, until, picture}: the frames before one that was gone back to

  constructor(input, sink, first) {
    this.#input = input
    this.#sink = sink
    this.#first = first
  }

  /** Opens the file, or answers null where this browser cannot decode it. */
  static async open(url) {
    if (!("VideoDecoder" in globalThis)) return null
    const { ALL_FORMATS, Input, UrlSource, VideoSampleSink } = await import(LIBRARY)
    const input = new Input({ source: new UrlSource(url), formats: ALL_FORMATS })
    try {
      const track = await input.getPrimaryVideoTrack()
      if (track !== null && (await track.canDecode())) {
        return new FrameDecoder(input, new VideoSampleSink(track), await track.getFirstTimestamp())
      }
    } catch (error) {
      console.warn("A video could not be decoded frame by frame.", error)
    }
    input.dispose()
    return null
  }

  /**
   * The frame shown at `seconds` after the first one: {seconds, draw(canvas), close()}, or null. Going back, `from` is a
   * moment some frames before: those in between are kept, for they are asked for next.
   */
  async frameAt(seconds, { from = null } = {}) {
    const moment = this.#first + seconds
    const kept = this.#kept.find((one) => one.from <= moment && moment < one.until)
    if (kept) return { seconds: kept.from - this.#first, draw: (canvas) => copy(kept.picture, canvas), close: () => {} }
    const isAhead = from === null && this.#until !== null && moment >= this.#until && moment < this.#until + NEAR
    if (!isAhead) this.#begin(from === null ? moment : this.#first + from)
    const samples = this.#samples
    const sample = await this.#reach(samples, moment, { keep: from !== null })
    if (samples !== this.#samples) {
      sample?.close()
      return null // another frame was asked for meanwhile
    }
    this.#until = sample === null ? null : sample.timestamp + Math.max(sample.duration, 1e-6)
    if (sample === null) return null
    return { seconds: sample.timestamp - this.#first, draw: (canvas) => paint(sample, canvas), close: () => sample.close() }
  }

  async #reach(samples, moment, { keep }) {
    for (;;) {
      const sample = (await samples.next()).value ?? null
      const isIt = sample === null || samples !== this.#samples || moment < sample.timestamp + sample.duration
      if (keep && sample !== null) this.#keep(sample)
      if (isIt) return sample
      sample.close()
    }
  }

  #keep(sample) {
    const picture = new OffscreenCanvas(sample.displayWidth, sample.displayHeight)
    sample.draw(picture.getContext("2d"), 0, 0, picture.width, picture.height)
    this.#kept.push({ from: sample.timestamp, until: sample.timestamp + sample.duration, picture })
    if (this.#kept.length > KEPT) this.#kept.shift()
  }

  #begin(moment) {
    this.#samples?.return()
    this.#until = null
    this.#samples = this.#sink.samples(moment)
  }

  close() {
    this.#samples?.return()
    this.#input.dispose()
  }
}

function copy(picture, canvas) {
  canvas.width = picture.width
  canvas.height = picture.height
  canvas.getContext("2d").drawImage(picture, 0, 0)
}

function paint(sample, canvas) {
  canvas.width = sample.displayWidth
  canvas.height = sample.displayHeight
  sample.draw(canvas.getContext("2d"), 0, 0, canvas.width, canvas.height)
}

// Decodes frames of a video by itself (mediabunny over WebCodecs), for files in which the browser's player does not land
// where it was sent. The library is large and is fetched only when a video needs it.

const LIBRARY = "../../../vendor/mediabunny/mediabunny.min.mjs"
const NEAR = 1 // seconds: so far ahead it is quicker to go on decoding than to begin anew at a keyframe

export class FrameDecoder {
  #input
  #sink
  #first
  #samples = null // decodes on from the frame that was asked for last
  #at = null // {from, until}: when that frame is shown

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

  /** The frame shown at `seconds` after the first one: {seconds, draw(canvas), close()}, or null. */
  async frameAt(seconds) {
    const moment = this.#first + seconds
    const isAhead = this.#at !== null && moment >= this.#at.until && moment < this.#at.until + NEAR
    if (!isAhead) this.#begin(moment)
    const samples = this.#samples
    let sample = (await samples.next()).value ?? null
    while (sample !== null && samples === this.#samples && sample.timestamp + sample.duration <= moment) {
      sample.close()
      sample = (await samples.next()).value ?? null
    }
    if (samples !== this.#samples) {
      sample?.close()
      return null // another frame was asked for meanwhile
    }
    if (sample === null) {
      this.#at = null
      return null
    }
    this.#at = { from: sample.timestamp, until: sample.timestamp + Math.max(sample.duration, 1e-6) }
    return { seconds: sample.timestamp - this.#first, draw: (canvas) => paint(sample, canvas), close: () => sample.close() }
  }

  #begin(moment) {
    this.#samples?.return()
    this.#at = null
    this.#samples = this.#sink.samples(moment)
  }

  close() {
    this.#samples?.return()
    this.#input.dispose()
  }
}

function paint(sample, canvas) {
  canvas.width = sample.displayWidth
  canvas.height = sample.displayHeight
  sample.draw(canvas.getContext("2d"), 0, 0, canvas.width, canvas.height)
}

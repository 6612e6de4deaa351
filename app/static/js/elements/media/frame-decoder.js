// Decodes one frame of a video by itself (mediabunny over WebCodecs), for files in which the browser's player does not
// land where it was sent. The library is large and is fetched only when a video needs it.

const LIBRARY = "../../../vendor/mediabunny/mediabunny.min.mjs"

export class FrameDecoder {
  #input = null
  #sink = null
  #first = 0

  constructor(input, sink, first) {
    this.#input = input
    this.#sink = sink
    this.#first = first
  }

  /** Opens the file, or answers null where this browser cannot decode it. */
  static async open(url) {
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
    const sample = await this.#sink.getSample(this.#first + seconds)
    if (sample === null) return null
    return {
      seconds: sample.timestamp - this.#first,
      draw: (canvas) => {
        canvas.width = sample.displayWidth
        canvas.height = sample.displayHeight
        sample.draw(canvas.getContext("2d"), 0, 0, canvas.width, canvas.height)
      },
      close: () => sample.close(),
    }
  }

  close() {
    this.#input.dispose()
  }
}

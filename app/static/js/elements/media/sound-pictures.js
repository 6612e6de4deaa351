// What a timeline draws of a sound, brought in stretches as it is looked at: peaks, single samples, frequencies. The browser
// never decodes the sound for it.

import { HEAD_BYTES, Waveform } from "../../annotate/peaks.js"
import { Samples } from "../../annotate/pcm.js"
import { SpectrogramTiles } from "../../annotate/spectrogram.js"

const PATIENCE = 40 // milliseconds: a gesture of zooming passes many views that nobody looks at
const KEPT = 64 // tiles

export class SoundPictures {
  waveform = null
  samples = null // null where the server has no samples of their own to give (a video's sound)
  spectrogram = null
  #urls
  #signal
  #changed
  #timer = null
  #tiles = new Map() // key -> ImageBitmap, or null while it is on its way

  constructor({ urls, signal, changed }) {
    this.#urls = urls
    this.#signal = signal
    this.#changed = changed
    signal.addEventListener("abort", () => clearTimeout(this.#timer))
  }

  /** Brings the beginning of the waveform; throws where there is none. `close`: single samples can be asked for. */
  async begin({ close }) {
    this.waveform = new Waveform(await this.#bytes(this.#urls.peaks, 0, HEAD_BYTES))
    const { rate, channels, samples: total } = this.waveform
    if (close) this.samples = new Samples({ rate, channels, total })
  }

  get hasSpectrogram() {
    return Boolean(this.#urls.spectrogram)
  }

  /** Brings what a view of so many pixels lacks; `changed` tells when it is there. */
  prepare(view, width, { spectrogram }) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.isClose(view, width)) this.#bringSamples(view)
      else this.#bringPeaks(view, width)
      if (spectrogram) this.#bringTiles(view, width)
    }, PATIENCE)
  }

  /** Are single samples drawn for this view, and are they there? */
  isClose(view, width) {
    return this.samples !== null && this.samples.isClose(view.span, width)
  }

  /** Tiles for a view that are there: [{bitmap, start, end}] in seconds. */
  tilesIn(view, width) {
    if (this.spectrogram === null) return []
    const { rate } = this.spectrogram
    return this.spectrogram.inView(view.start, view.span, width).flatMap(({ key, hop, start }) => {
      const bitmap = this.#tiles.get(key)
      return bitmap ? [{ bitmap, start, end: start + (bitmap.width * hop) / rate }] : []
    })
  }

  #bringPeaks(view, width) {
    for (const [from, to] of this.waveform.wanted(view.start, view.span, width)) {
      this.#bring(
        this.#bytes(this.#urls.peaks, from, to),
        (buffer) => this.waveform.add(from, buffer),
        () => this.waveform.missed(from, to),
      )
    }
  }

  #bringSamples(view) {
    for (const { block, start, count } of this.samples.wanted(view.start, view.span)) {
      this.#bring(
        this.#answer(`${this.#urls.display}/samples/${start}/${count}`).then((answer) => answer.arrayBuffer()),
        (buffer) => this.samples.add(block, new Int16Array(buffer)),
        () => this.samples.missed(block),
      )
    }
  }

  async #bringTiles(view, width) {
    try {
      this.spectrogram ??= new SpectrogramTiles(await this.#bytes(this.#urls.spectrogram, 0, HEAD_BYTES))
    } catch (error) {
      if (!this.#signal.aborted) console.warn("The spectrogram could not be loaded.", error)
      return
    }
    for (const { key, hop, column, bytes } of this.spectrogram.inView(view.start, view.span, width)) {
      if (this.#tiles.has(key)) continue
      this.#tiles.set(key, null)
      const content = bytes === null ? this.#answer(`${this.#urls.display}/spectrogram/${hop}/${column}`).then((answer) => answer.arrayBuffer()) : this.#bytes(this.#urls.spectrogram, ...bytes)
      this.#bring(
        content.then((buffer) => createImageBitmap(new Blob([buffer], { type: "image/webp" }))),
        (bitmap) => this.#keepTile(key, bitmap),
        () => this.#tiles.delete(key),
      )
    }
  }

  #keepTile(key, bitmap) {
    this.#tiles.set(key, bitmap)
    for (const [old, held] of this.#tiles) {
      if (this.#tiles.size <= KEPT) break
      held?.close()
      this.#tiles.delete(old)
    }
  }

  async #bring(content, take, fail) {
    try {
      take(await content)
      if (!this.#signal.aborted) this.#changed()
    } catch (error) {
      fail()
      if (!this.#signal.aborted) console.warn("A stretch of the sound could not be drawn.", error)
    }
  }

  async #answer(url, headers = {}) {
    const answer = await fetch(url, { signal: this.#signal, headers })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
    return answer
  }

  async #bytes(url, from, to) {
    const answer = await this.#answer(url, { range: `bytes=${from}-${to - 1}` })
    const buffer = await answer.arrayBuffer()
    return answer.status === 206 ? buffer : buffer.slice(from, to)
  }
}

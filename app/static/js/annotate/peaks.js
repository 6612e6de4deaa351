// Waveform peaks as the server computes them from the very samples that play ("FPK2", little-endian): u32 sample rate,
// u32 channels, u32 levels, u64 samples; of each level, the coarsest first, u32 samples a peak, u32 peaks, u64 offset; then
// the levels: peak after peak, channel after channel, int8 lowest and int8 highest. It is read in stretches, as it is needed.

export const HEAD_BYTES = 65_536 // holds the head and, of an hour of sound, the levels for the whole of it
const HEAD = 24
const LEVEL = 16
const CHUNK = 32_768 // bytes asked for at once
const MAGIC = 0x324b5046 // "FPK2" read as a little-endian number
const FINER = 1.5 // a level may have this many samples a peak for one a column: no finer one has to be brought

export class Waveform {
  rate
  channels
  samples
  levels // [{samples, count, offset, pairs}], the coarsest first
  #held // which chunks of the file are there
  #asked = new Set()

  /** From the beginning of the file, or all of it. */
  constructor(buffer) {
    if (buffer.byteLength < HEAD) throw new Error("The waveform's file is too short.")
    const head = new DataView(buffer)
    if (head.getUint32(0, true) !== MAGIC) throw new Error("This is not a waveform file.")
    const [rate, channels, levels] = [4, 8, 12].map((at) => head.getUint32(at, true))
    if (rate === 0 || channels === 0 || buffer.byteLength < HEAD + levels * LEVEL) throw new Error("The waveform's file is cut short.")
    this.rate = rate
    this.channels = channels
    this.samples = Number(head.getBigUint64(16, true))
    this.levels = Array.from({ length: levels }, (_, n) => {
      const at = HEAD + n * LEVEL
      const count = head.getUint32(at + 4, true)
      return { samples: head.getUint32(at, true), count, offset: Number(head.getBigUint64(at + 8, true)), pairs: new Int8Array(2 * count * channels) }
    })
    this.#held = new Uint8Array(Math.ceil(this.size / CHUNK))
    this.add(0, buffer)
  }

  /** Bytes of the whole file. */
  get size() {
    const last = this.levels.at(-1)
    return last.offset + last.pairs.length
  }

  /** Takes bytes of the file in; only whole chunks count as there. */
  add(offset, buffer) {
    const bytes = new Int8Array(buffer)
    for (const level of this.levels) {
      const from = Math.max(level.offset, offset)
      const to = Math.min(level.offset + level.pairs.length, offset + bytes.length)
      if (to > from) level.pairs.set(bytes.subarray(from - offset, to - offset), from - level.offset)
    }
    const end = offset + bytes.length
    const last = end >= this.size ? this.#held.length : Math.floor(end / CHUNK)
    this.#held.fill(1, Math.ceil(offset / CHUNK), last)
  }

  /** Stretches of the file as [from, to) that a view needs and nobody has asked for: the caller brings them. */
  wanted(start, span, width) {
    const level = this.#fitting(span, width)
    const [from, to] = this.#bytes(level, start, start + span)
    const found = []
    for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < to; chunk += 1) {
      if (this.#held[chunk] || this.#asked.has(chunk)) continue
      this.#asked.add(chunk)
      const reach = Math.min((chunk + 1) * CHUNK, this.size)
      if (found.at(-1)?.[1] === chunk * CHUNK) found.at(-1)[1] = reach
      else found.push([chunk * CHUNK, reach])
    }
    return found
  }

  /** What could not be brought may be asked for again. */
  missed(from, to) {
    for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < to; chunk += 1) this.#asked.delete(chunk)
  }

  /** The extremes of `width` equal columns of [start, start + span) seconds: pairs of int8; silence outside the sound.
   *  Of one channel, or of all together (null). Where the best level is not there yet, a coarser one is shown. */
  columns(start, span, width, channel = null) {
    const best = this.levels.indexOf(this.#fitting(span, width))
    const level = this.levels.slice(0, best + 1).findLast((one) => this.#holds(one, start, start + span)) ?? this.levels[0]
    const step = (span * this.rate) / level.samples / width
    const first = (start * this.rate) / level.samples
    const made = new Int8Array(2 * width)
    for (let column = 0; column < width; column += 1) {
      const from = Math.floor(first + column * step)
      const to = Math.min(Math.max(Math.ceil(first + (column + 1) * step), from + 1), level.count)
      if (from < 0 || from >= level.count) continue
      const [low, high] = this.#extremes(level, from, to, channel)
      made[2 * column] = low
      made[2 * column + 1] = high
    }
    return made
  }

  /** The loudest peak of all, 0 to 128: a quiet recording is drawn larger. */
  get loudest() {
    const level = this.levels[0]
    if (!level?.count) return 0
    const [low, high] = this.#extremes(level, 0, level.count, null)
    return Math.max(-low, high)
  }

  // The coarsest level with about a peak a column.
  #fitting(span, width) {
    const perColumn = ((span * this.rate) / width) * FINER
    return this.levels.find(({ samples }) => samples <= perColumn) ?? this.levels.at(-1)
  }

  #bytes({ samples, count, offset }, start, end) {
    const peak = 2 * this.channels
    const at = (seconds) => Math.min(Math.max((seconds * this.rate) / samples, 0), count)
    return [offset + Math.floor(at(start)) * peak, offset + Math.ceil(at(end)) * peak]
  }

  #holds(level, start, end) {
    const [from, to] = this.#bytes(level, start, end)
    for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < to; chunk += 1) if (!this.#held[chunk]) return false
    return true
  }

  #extremes({ pairs }, from, to, channel) {
    const { channels } = this
    const [first, last] = channel === null ? [0, channels - 1] : [channel, channel]
    let low = 127
    let high = -128
    for (let n = from; n < to; n += 1) {
      for (let c = first; c <= last; c += 1) {
        const at = 2 * (n * channels + c)
        if (pairs[at] < low) low = pairs[at]
        if (pairs[at + 1] > high) high = pairs[at + 1]
      }
    }
    return [low, high]
  }
}

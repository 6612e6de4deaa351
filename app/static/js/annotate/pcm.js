// Samples of a sound as the server decodes them, brought in blocks where somebody looks so close that peaks will not do.

const BLOCK = 16_384 // samples
const KEPT = 24 // blocks
const CLOSE = 48 // samples a column; from here on peaks of 64 samples are too coarse
const MOST_COLUMNS = 8192

export class Samples {
  rate
  channels
  total
  #blocks = new Map() // number -> Int16Array, channel beside channel; null while it is on its way

  constructor({ rate, channels, total }) {
    Object.assign(this, { rate, channels, total })
  }

  /** Does a view show so few samples a column that they are drawn themselves? */
  isClose(span, width) {
    return (span * this.rate) / width < CLOSE && width <= MOST_COLUMNS
  }

  /** Blocks that a view needs and nobody has asked for, as [{block, start, count}] in samples. */
  wanted(start, span) {
    const found = []
    for (const block of this.#touched(start, span)) {
      if (this.#blocks.has(block)) continue
      this.#blocks.set(block, null)
      found.push({ block, start: block * BLOCK, count: Math.min(BLOCK, this.total - block * BLOCK) })
    }
    return found
  }

  add(block, samples) {
    this.#blocks.delete(block)
    this.#blocks.set(block, samples)
    for (const [number, held] of this.#blocks) {
      if (this.#blocks.size <= KEPT) break
      if (held !== null) this.#blocks.delete(number)
    }
  }

  missed(block) {
    this.#blocks.delete(block)
  }

  holds(start, span) {
    return this.#touched(start, span).every((block) => this.#blocks.get(block))
  }

  /** Sample `n` of a channel from -1 to 1, or null where it is not there. */
  at(n, channel) {
    const block = this.#blocks.get(Math.floor(n / BLOCK))
    return block && n >= 0 && n < this.total ? block[(n % BLOCK) * this.channels + channel] / 32768 : null
  }

  /** The samples in sight of [start, start + span) seconds with one more on either side, as {first, last}. */
  range(start, span) {
    const first = Math.max(Math.floor(start * this.rate) - 1, 0)
    return { first, last: Math.min(Math.ceil((start + span) * this.rate) + 1, this.total - 1) }
  }

  #touched(start, span) {
    const { first, last } = this.range(start, span)
    const found = []
    for (let block = Math.floor(first / BLOCK); block * BLOCK <= last; block += 1) found.push(block)
    return found
  }
}

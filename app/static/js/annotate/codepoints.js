// JavaScript counts text in UTF-16 units, marks count Unicode code points. Conversion happens here and nowhere else.

const HIGH = 0xd800
const LOW = 0xdc00
const END = 0xe000

const isHigh = (unit) => unit >= HIGH && unit < LOW
const isLow = (unit) => unit >= LOW && unit < END

export class CodePoints {
  #pairs // where in the text (in units) each pair of surrogates begins, in order

  constructor(text) {
    this.text = text
    const pairs = []
    for (let at = 0; at < text.length - 1; at += 1) {
      if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) pairs.push(at++)
    }
    this.#pairs = Uint32Array.from(pairs)
    this.length = text.length - pairs.length
  }

  /** From an index into the JavaScript string to a count of code points; inside a pair counts as before it. */
  toPoints(unit) {
    return unit - this.#below((pair) => this.#pairs[pair] + 1 < unit) - (this.#splits(unit) ? 1 : 0)
  }

  /** From a count of code points to an index into the JavaScript string. */
  toUnits(point) {
    return point + this.#below((pair) => this.#pairs[pair] - pair < point)
  }

  slice(start, end) {
    return this.text.slice(this.toUnits(start), this.toUnits(end))
  }

  #splits(unit) {
    return unit > 0 && isLow(this.text.charCodeAt(unit)) && isHigh(this.text.charCodeAt(unit - 1))
  }

  /** How many pairs, from the first on, fulfil a condition that holds up to some pair and not beyond. */
  #below(holds) {
    let low = 0
    let high = this.#pairs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (holds(middle)) low = middle + 1
      else high = middle
    }
    return low
  }
}

// Where a caret may stand in a text: rows, graphemes, words and sentences. Positions are UTF-16 indices.
// Segments are found row by row, when first asked for, so that a long text opens at once.

import { rowsOf } from "./rows.js"

export class Boundaries {
  #known = new Map()
  #segmenters

  constructor(text, language) {
    this.text = text
    this.rows = rowsOf(text)
    const of = (granularity) => new Intl.Segmenter(language, { granularity })
    this.#segmenters = { grapheme: of("grapheme"), word: of("word"), sentence: of("sentence") }
  }

  /** The number of the row that a position stands on; behind a line break it is the next row. */
  rowAt(at) {
    let low = 0
    let high = this.rows.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.rows[middle].start <= at) low = middle
      else high = middle - 1
    }
    return low
  }

  /** [start, end) of the whole line that a position stands on, without what ends it. */
  lineOf(at) {
    let [first, last] = [this.rowAt(at), this.rowAt(at)]
    while (this.rows[first].isContinued) first -= 1
    while (this.rows[last + 1]?.isContinued) last += 1
    return { start: this.rows[first].start, end: this.rows[last].end }
  }

  /** The nearest place for a caret at or before (`way` -1) or at or behind (`way` 1) a position. */
  snap(at, way) {
    const { start, end, next } = this.rows[this.rowAt(at)]
    if (at > end) return at >= next ? next : way < 0 ? end : next
    if (at === start || at === end) return at
    const inside = this.#segments("grapheme", this.rowAt(at)).find((one) => one.start < at && at < one.end)
    if (!inside) return at
    return way < 0 ? inside.start : inside.end
  }

  /** A range that no grapheme sticks out of. */
  snapRange(start, end) {
    return { start: this.snap(start, -1), end: this.snap(end, 1) }
  }

  /** One character on, or back; a line break is one character. */
  character(at, way) {
    return this.#step("grapheme", at, way)
  }

  /** Forward to the end of this or the next word, back to the start of this or the one before. */
  word(at, way) {
    return this.#step("word", at, way)
  }

  sentence(at, way) {
    return this.#step("sentence", at, way)
  }

  /** The word that a position stands in or touches; else, null. */
  wordAt(at) {
    return this.#touching("word", at)
  }

  /** The sentence that a position stands in or touches, within its line; else, null. */
  sentenceAt(at) {
    return this.#touching("sentence", at)
  }

  #touching(kind, at) {
    const found = this.#segments(kind, this.rowAt(at)).filter((one) => one.start <= at && at <= one.end)
    return found.find((one) => at < one.end) ?? found[0] ?? null
  }

  /** A range widened to the whole of the words that it cuts through. */
  wholeWords(start, end) {
    const cut = (at) => this.#segments("word", this.rowAt(at)).find((one) => one.start < at && at < one.end)
    return { start: cut(start)?.start ?? start, end: cut(end)?.end ?? end }
  }

  #step(kind, at, way) {
    const number = this.rowAt(at)
    const row = this.rows[number]
    const segments = this.#segments(kind, number)
    const isLast = number === this.rows.length - 1
    if (way > 0) {
      const next = segments.find((one) => one.end > at)
      if (next) return next.end
      if (at < row.end && !this.rows[number + 1]?.isContinued) return row.end
      return isLast ? at : row.next === row.end ? this.#step(kind, row.next, way) : row.next
    }
    const before = segments.findLast((one) => one.start < at)
    if (before) return before.start
    if (at > row.start && !row.isContinued) return row.start
    if (number === 0) return at
    const above = this.rows[number - 1]
    return row.isContinued ? this.#back(kind, above, at) : above.end
  }

  // Over the place where a long line was cut.
  #back(kind, above, at) {
    const before = this.#segments(kind, this.rows.indexOf(above)).findLast((one) => one.start < at)
    return before ? before.start : above.start
  }

  /** [{start, end}] of one row; of words only those that are words, not the spaces and points between them. */
  #segments(kind, number) {
    const key = `${kind} ${number}`
    const known = this.#known.get(key)
    if (known) return known
    const { start, end } = this.rows[number]
    const found = []
    for (const { index, segment, isWordLike } of this.#segmenters[kind].segment(this.text.slice(start, end))) {
      if (kind === "word" && !isWordLike) continue
      const length = kind === "sentence" ? segment.trimEnd().length : segment.length
      if (length > 0) found.push({ start: start + index, end: start + index + length })
    }
    this.#known.set(key, found)
    return found
  }
}

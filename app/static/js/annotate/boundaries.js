// Where a caret may stand in a text: lines, graphemes, words and sentences. Positions are UTF-16 indices.
// Segments are found line by line, when first asked for, so that a long text opens at once.

const BREAK = /\r\n|\n|\r/g

/** [{start, end, next}]: a line's characters are [start, end), its line break is [end, next). */
export function linesOf(text) {
  const lines = []
  let start = 0
  for (const found of text.matchAll(BREAK)) {
    lines.push({ start, end: found.index, next: found.index + found[0].length })
    start = found.index + found[0].length
  }
  lines.push({ start, end: text.length, next: text.length })
  return lines
}

export class Boundaries {
  #known = new Map()
  #segmenters

  constructor(text, language) {
    this.text = text
    this.lines = linesOf(text)
    const of = (granularity) => new Intl.Segmenter(language, { granularity })
    this.#segmenters = { grapheme: of("grapheme"), word: of("word"), sentence: of("sentence") }
  }

  /** The number of the line that a position stands on; behind a line break it is the next line. */
  lineAt(at) {
    let low = 0
    let high = this.lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.lines[middle].start <= at) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The nearest place for a caret at or before (`way` -1) or at or behind (`way` 1) a position. */
  snap(at, way) {
    const { start, end, next } = this.lines[this.lineAt(at)]
    if (at > end) return at >= next ? next : way < 0 ? end : next
    if (at === start || at === end) return at
    const inside = this.#segments("grapheme", this.lineAt(at)).find((one) => one.start < at && at < one.end)
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
    const words = this.#segments("word", this.lineAt(at)).filter((one) => one.start <= at && at <= one.end)
    return words.find((one) => at < one.end) ?? words[0] ?? null
  }

  /** A range widened to whole words at both ends. */
  wholeWords(start, end) {
    const first = this.wordAt(start)
    const last = this.wordAt(Math.max(end - 1, start))
    return {
      start: first && first.start < start ? first.start : start,
      end: last && last.end > end ? last.end : end,
    }
  }

  #step(kind, at, way) {
    const number = this.lineAt(at)
    const line = this.lines[number]
    const segments = this.#segments(kind, number)
    if (way > 0) {
      const next = segments.find((one) => one.end > at)
      if (next) return next.end
      if (at < line.end) return line.end
      return line.next > line.end || number < this.lines.length - 1 ? line.next : at
    }
    const before = segments.findLast((one) => one.start < at)
    if (before) return before.start
    if (at > line.start) return line.start
    return number === 0 ? at : this.lines[number - 1].end
  }

  /** [{start, end}] of one line; of words only those that are words, not the spaces and points between them. */
  #segments(kind, number) {
    const key = `${kind} ${number}`
    const known = this.#known.get(key)
    if (known) return known
    const { start, end } = this.lines[number]
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

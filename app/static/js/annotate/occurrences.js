// Where words stand in a text: every place, in order, as [start, end) in UTF-16 indices of the text as it is.

const NOT_SPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const PART_OF_WORD = "[\\p{Letter}\\p{Number}\\p{Mark}_]"
const GOES_ON = "[\\p{Mark}\\u200d\\ufe0e\\ufe0f\\u{1f3fb}-\\u{1f3ff}]" // belongs to the character before it
export const MOST = 20_000

/**
 * Every place where `wanted` stands; white space in it stands for any white space. `matchCase`: capitals and small letters
 * differ; `wholeWords`: not within longer words. A place never cuts a character that people see as one. At most MOST.
 */
export function occurrencesOf(text, wanted, { matchCase = false, wholeWords = false } = {}) {
  const pattern = patternOf(wanted, { matchCase, wholeWords })
  const found = []
  if (!pattern) return found
  for (const match of text.matchAll(pattern)) {
    found.push({ start: match.index, end: match.index + match[0].length })
    if (found.length === MOST) break
  }
  return found
}

/** Whether these words are such that whole words can be told in the text: not in scripts without spaces. */
export const hasWords = (wanted) => /[\p{Letter}\p{Number}]/u.test(wanted) && !NOT_SPACED.test(wanted)

function patternOf(wanted, { matchCase, wholeWords }) {
  const words = wanted.split(/\s+/u)
  if (words.join("") === "") return null
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&")).join("\\s+")
  const [first, last] = [Array.from(wanted)[0], Array.from(wanted).at(-1)]
  const bounded = wholeWords && hasWords(wanted)
  const before = bounded && new RegExp(PART_OF_WORD, "u").test(first) ? `(?<!${PART_OF_WORD})` : ""
  const after = bounded && new RegExp(PART_OF_WORD, "u").test(last) ? `(?!${PART_OF_WORD})` : ""
  return new RegExp(`(?<!\\u200d)${before}${escaped}${after}(?!${GOES_ON})`, matchCase ? "gu" : "giu")
}

/** The number of the place at or behind (`way` 1), or before (`way` -1), a position; around the ends. -1 where there is none. */
export function nearestPlace(places, at, way) {
  if (places.length === 0) return -1
  if (way > 0) {
    const next = places.findIndex(({ start }) => start >= at)
    return next < 0 ? 0 : next
  }
  const before = places.findLastIndex(({ start }) => start < at)
  return before < 0 ? places.length - 1 : before
}

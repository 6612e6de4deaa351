// A text in rows: its lines, of which very long ones are cut into several, so that no piece of the page is too large to be
// drawn at once. A cut is between sentences where there are any, else between words, and never inside a grapheme.

const BREAK = /\r\n|\n|\r/g
const SENTENCE = /[.!?\u2026\u3002\uff01\uff1f]["'\u201d\u2019)\]]*\s+(?=[^\s\p{Mark}\u200d])/gu
const SPACE = /\s+(?=[^\s\p{Mark}\u200d])/gu
const LONGEST = 2000
const LOOK_BACK = 800 // where a cut may be, before the longest that a row may become
const AROUND = 64 // no grapheme is longer than that on both sides

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" })

/**
 * [{start, end, next, line, isContinued}]: a row's characters are [start, end); the line break behind it is [end, next), of no
 * length where the line goes on in the next row, which is then continued. `line` counts from 0. Positions are UTF-16 indices.
 */
export function rowsOf(text) {
  const rows = []
  let start = 0
  let line = 0
  for (const found of text.matchAll(BREAK)) {
    addLine(rows, text, { start, end: found.index, next: found.index + found[0].length, line })
    start = found.index + found[0].length
    line += 1
  }
  addLine(rows, text, { start, end: text.length, next: text.length, line })
  return rows
}

function addLine(rows, text, { start, end, next, line }) {
  let at = start
  while (end - at > LONGEST) {
    const cut = cutOf(text, at + LONGEST)
    rows.push({ start: at, end: cut, next: cut, line, isContinued: at > start })
    at = cut
  }
  rows.push({ start: at, end, next, line, isContinued: at > start })
}

function cutOf(text, most) {
  const from = most - LOOK_BACK
  const near = text.slice(from, most + 1)
  for (const kind of [SENTENCE, SPACE]) {
    const last = [...near.matchAll(kind)].at(-1)
    if (last) return from + last.index + last[0].length
  }
  const around = text.slice(most - AROUND, most + AROUND)
  return most - AROUND + graphemes.segment(around).containing(AROUND).index
}

const LETTER = /\p{Letter}/u
const TO_THE_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u

/** "rtl" or "ltr", by its first letter: of a cut row the line tells, not the row. */
export function directionOf(text) {
  const first = text.match(LETTER)?.[0] ?? ""
  return TO_THE_LEFT.test(first) ? "rtl" : "ltr"
}

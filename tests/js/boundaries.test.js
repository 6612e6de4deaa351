import assert from "node:assert/strict"
import { test } from "node:test"
import { Boundaries } from "../../app/static/js/annotate/boundaries.js"

const FAMILY = "👨‍👩‍👧"

const walk = (text, step, way) => {
  const boundaries = new Boundaries(text, "en")
  const places = [way > 0 ? 0 : text.length]
  for (;;) {
    const next = boundaries[step](places.at(-1), way)
    if (next === places.at(-1)) return places
    places.push(next)
  }
}

test("a caret goes over whole graphemes and line breaks, there and back", () => {
  const text = `e\u0301${FAMILY}\r\n🇳🇴x`
  const stops = [0, 2, 2 + FAMILY.length, 4 + FAMILY.length, 8 + FAMILY.length, 9 + FAMILY.length]
  assert.deepEqual(walk(text, "character", 1), stops)
  assert.deepEqual(walk(text, "character", -1), stops.toReversed())
})

test("by words: forward to ends, back to starts", () => {
  assert.deepEqual(walk("Buy two, now\nok", "word", 1), [0, 3, 7, 12, 13, 15])
  assert.deepEqual(walk("Buy two, now\nok", "word", -1), [15, 13, 12, 9, 4, 0])
})

test("a text that ends with a line break has a last empty line", () => {
  assert.deepEqual(walk("a\n", "character", 1), [0, 1, 2])
  assert.deepEqual(walk("a\n", "character", -1), [2, 1, 0])
})

test("by sentences", () => {
  assert.deepEqual(walk("One here. Two there.", "sentence", 1), [0, 9, 20])
})

test("a range is widened to whole graphemes", () => {
  const text = `a${FAMILY}b`
  assert.deepEqual(new Boundaries(text).snapRange(3, 4), { start: 1, end: 1 + FAMILY.length })
  assert.deepEqual(new Boundaries("x\r\ny").snapRange(0, 2), { start: 0, end: 3 })
})

test("the word at a place", () => {
  const boundaries = new Boundaries("Buy two, now", "en")
  assert.deepEqual(boundaries.wordAt(1), { start: 0, end: 3 })
  assert.deepEqual(boundaries.wordAt(3), { start: 0, end: 3 })
  assert.deepEqual(boundaries.wordAt(7), { start: 4, end: 7 })
  assert.equal(boundaries.wordAt(8), null)
})

test("Norwegian and right-to-left words", () => {
  assert.deepEqual(new Boundaries("Blåbærøl nå", "nb").wordAt(3), { start: 0, end: 8 })
  assert.deepEqual(new Boundaries("مرحبا بالعالم", "ar").wordAt(7), { start: 6, end: 13 })
})

test("a double click that was dragged takes whole words", () => {
  assert.deepEqual(new Boundaries("Buy two, now", "en").wholeWords(1, 6), { start: 0, end: 7 })
})

test("what is selected beside words takes none of them", () => {
  const boundaries = new Boundaries("Buy 🍷, now", "en")
  assert.deepEqual(boundaries.wholeWords(3, 6), { start: 3, end: 6 })
  assert.deepEqual(boundaries.wholeWords(4, 6), { start: 4, end: 6 })
  assert.deepEqual(boundaries.wholeWords(6, 8), { start: 6, end: 8 })
})

test("a line too long for a row is stepped through as one line", () => {
  const text = "One two three. ".repeat(400)
  const boundaries = new Boundaries(text, "en")
  assert.ok(boundaries.rows.length > 2)
  const cut = boundaries.rows[1].start
  assert.deepEqual(boundaries.lineOf(cut), { start: 0, end: text.length })
  assert.equal(boundaries.character(cut - 1, 1), cut)
  assert.equal(boundaries.character(cut, -1), cut - 1)
  assert.equal(boundaries.character(cut, 1), cut + 1)
  assert.equal(boundaries.word(cut, -1), cut - "three. ".length)
  assert.equal(boundaries.word(cut - 2, 1), cut + "One".length)
  assert.equal(boundaries.sentence(cut, -1), cut - "One two three. ".length)
})

test("the sentence at a place", () => {
  assert.deepEqual(new Boundaries("One here. Two there.\nNext", "en").sentenceAt(12), { start: 10, end: 20 })
  assert.deepEqual(new Boundaries("One here. Two there.\nNext", "en").sentenceAt(22), { start: 21, end: 25 })
})

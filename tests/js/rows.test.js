import assert from "node:assert/strict"
import { test } from "node:test"
import { directionOf, rowsOf } from "../../app/static/js/annotate/rows.js"

const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"
const whole = (text, rows) => rows.map(({ start, next }) => text.slice(start, next)).join("")

test("rows are lines, with what ends them", () => {
  const row = (start, end, next, line) => ({ start, end, next, line, isContinued: false })
  assert.deepEqual(rowsOf("a\r\nb\n\rc"), [row(0, 1, 3, 0), row(3, 4, 5, 1), row(5, 5, 6, 2), row(6, 7, 7, 3)])
  assert.deepEqual(rowsOf(""), [row(0, 0, 0, 0)])
})

for (const [name, text] of Object.entries({
  sentences: "It cures aches. Nothing else does! ".repeat(300),
  words: "word ".repeat(2000),
  "no place to cut": "x".repeat(9000),
  "graphemes side by side": `${FAMILY}e\u0301`.repeat(1200),
  "a space under a combining mark": `a${" \u0301".repeat(4000)}`,
  "several lines": `${"long ".repeat(1000)}\r\nshort\n${"long ".repeat(1000)}`,
})) {
  test(`cut rows are the text, and no longer than a row may be: ${name}`, () => {
    const rows = rowsOf(text)
    assert.equal(whole(text, rows), text)
    assert.ok(rows.every(({ start, end }) => end - start <= 2000))
    const stops = new Set([...new Intl.Segmenter("und").segment(text)].map(({ index }) => index))
    for (const { start } of rows) assert.ok(start === text.length || stops.has(start), `a grapheme was cut at ${start}`)
  })
}

test("a cut is behind a sentence where there is one", () => {
  const text = "It cures aches. Nothing else does! ".repeat(300)
  for (const { start } of rowsOf(text).slice(1)) assert.match(text.slice(0, start), /[.!] $/)
})

test("rows of one line count as that line", () => {
  const rows = rowsOf(`${"long ".repeat(1000)}\nshort`)
  assert.deepEqual(rows.map(({ line }) => line), [0, 0, 0, 1])
  assert.deepEqual(rows.map(({ isContinued }) => isContinued), [false, true, true, false])
})

test("which way a line runs, by its first letter", () => {
  assert.equal(directionOf("12 \u0645\u0631\u062d\u0628\u0627 abc"), "rtl")
  assert.equal(directionOf("12 abc \u05e9\u05dc\u05d5\u05dd"), "ltr")
  assert.equal(directionOf("123"), "ltr")
})

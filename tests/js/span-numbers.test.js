import assert from "node:assert/strict"
import { test } from "node:test"
import { changeOf, KINDS } from "../../app/static/js/annotate/summaries.js"

const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"
const part = { name: "caption", text: `a ${FAMILY} e\u0301 שלום\r\nend` }
const points = Array.from(part.text)
const mark = { id: "m", start: 2, end: 4, text: points.slice(2, 4).join("") }
const change = (name, value, more = {}) => changeOf("spans", mark, name, value, { part, ...more })

test("an end typed as a number is a code point of the text, with the words between", () => {
  for (let end = 3; end <= points.length; end += 1) {
    assert.deepEqual(change("end", end), { start: 2, end, text: points.slice(2, end).join("") })
  }
})

test("what is outside the text, empty, or no number is refused", () => {
  assert.equal(change("start", -1), null)
  assert.equal(change("end", points.length + 1), null)
  assert.equal(change("end", 2), null)
  assert.equal(change("end", NaN), null)
})

test("where spans may not overlap, a number that takes another's place is refused; in another part it is not", () => {
  const others = [mark, { id: "n", start: 6, end: 8 }]
  assert.equal(change("end", 7, { field: { overlapping: false }, others }), null)
  assert.equal(change("end", 6, { field: { overlapping: false }, others }).end, 6)
  assert.equal(change("end", 7, { field: {}, others }).end, 7)
  assert.equal(change("end", 7, { field: { overlapping: false }, others: [mark, { id: "n", part: "body", start: 6, end: 8 }] }).end, 7)
})

test("a relation says what its two ends say", () => {
  const find = (id) => ({ a: { mark: { text: "cures" } }, b: { mark: { choice: "logo" } } })[id] ?? null
  assert.equal(KINDS.relations.summary({ from: "a", to: "b" }, find), "“cures” → logo")
  assert.equal(KINDS.relations.summary({ from: "a", to: "gone" }, find), "“cures” → gone")
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { CodePoints } from "../../app/static/js/annotate/codepoints.js"

const FAMILY = "👨‍👩‍👧"
const TEXTS = {
  plain: "Buy now",
  emoji: `😀 now ${FAMILY}!`,
  "emoji side by side": "😀😀😀",
  "combining marks": "e\u0301 A\u030a n\u0303",
  "right to left": "مرحبا 😀 שלום",
  "line breaks": "a\r\n😀\rb\n",
  empty: "",
  "a lone surrogate": "a\ud83d b\ude00",
}

for (const [name, text] of Object.entries(TEXTS)) {
  test(`each code point is found both ways: ${name}`, () => {
    const points = [...text]
    const table = new CodePoints(text)
    assert.equal(table.length, points.length)
    for (let at = 0; at <= points.length; at += 1) {
      const unit = points.slice(0, at).join("").length
      assert.equal(table.toUnits(at), unit)
      assert.equal(table.toPoints(unit), at)
    }
  })

  test(`a slice is the slice of the code points: ${name}`, () => {
    const points = [...text]
    const table = new CodePoints(text)
    for (let start = 0; start <= points.length; start += 1) {
      for (let end = start; end <= points.length; end += 1) {
        assert.equal(table.slice(start, end), points.slice(start, end).join(""))
      }
    }
  })
}

test("a place inside a pair counts as before it", () => {
  assert.equal(new CodePoints("a😀b").toPoints(2), 1)
})

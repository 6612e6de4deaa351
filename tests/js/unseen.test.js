import assert from "node:assert/strict"
import { test } from "node:test"
import { endSign, signOf, unseenIn } from "../../app/static/js/annotate/unseen.js"

const cut = (text) => unseenIn(text, { start: 0, end: text.length, spans: [] }).map(({ start, end, sign = null, isWide = null }) => [text.slice(start, end), sign, isWide])

test("what is not seen is cut out with a sign, the text stays whole", () => {
  assert.deepEqual(cut("a b\tc"), [["a", null, null], [" ", "·", false], ["b", null, null], ["\t", "→", false], ["c", null, null]])
  assert.deepEqual(cut("\u202eab\u200d\u00ad"), [["\u202e", "rlo", true], ["ab", null, null], ["\u200d", "zwj", true], ["\u00ad", "shy", true]])
  const text = "e\u0301 \u{1f468}\u200d\u{1f469}\ufeff\u{e0041}\u0001x"
  assert.equal(cut(text).map(([piece]) => piece).join(""), text)
})

test("what has no name is called by its code point", () => {
  assert.deepEqual(["\u0001", "\u{e0041}", "\u3000"].map(signOf), ["U+0001", "U+E0041", "U+3000"])
})

test("line ends say which they are", () => {
  const text = "a\r\nb\nc\rd"
  assert.deepEqual([[1, 3], [4, 5], [6, 7], [8, 8]].map(([end, next]) => endSign(text, { end, next })), ["CR LF", "↵", "CR", ""])
})

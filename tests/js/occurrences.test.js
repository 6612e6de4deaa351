import assert from "node:assert/strict"
import { test } from "node:test"
import { hasWords, nearestPlace, occurrencesOf } from "../../app/static/js/annotate/occurrences.js"

const found = (text, wanted, options) => occurrencesOf(text, wanted, options).map(({ start, end }) => [start, text.slice(start, end)])
const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"

const TABLE = [
  ["whatever the case", "Cure, cure, CURE", "cure", {}, [[0, "Cure"], [6, "cure"], [12, "CURE"]]],
  ["with case", "Cure, cure", "cure", { matchCase: true }, [[6, "cure"]]],
  ["whole words", "cure cured procure cure", "cure", { wholeWords: true }, [[0, "cure"], [19, "cure"]]],
  ["parts of words", "cure cured", "cure", {}, [[0, "cure"], [5, "cure"]]],
  ["whole words of any language", "blåbær blåbærøl", "blåbær", { wholeWords: true }, [[0, "blåbær"]]],
  ["whole words right to left", "سلام سلامة", "سلام", { wholeWords: true }, [[0, "سلام"]]],
  ["scripts without spaces have no whole words", "酒が好き、酒屋", "酒", { wholeWords: true }, [[0, "酒"], [5, "酒"]]],
  ["signs are no pattern", "1.5 x (1.5)? 105", "1.5", {}, [[0, "1.5"], [7, "1.5"]]],
  ["any white space", "all\u00a0aches, all\r\naches", "all aches", {}, [[0, "all\u00a0aches"], [11, "all\r\naches"]]],
  ["behind emoji", `${FAMILY} now ${FAMILY}`, "now", {}, [[FAMILY.length + 1, "now"]]],
  ["never a part of an emoji", `${FAMILY}!\u{1f468}`, "\u{1f468}", {}, [[FAMILY.length + 1, "\u{1f468}"]]],
  ["never a letter without its accent", "e\u0301 e", "e", {}, [[3, "e"]]],
  ["signs at the ends need no word border", "#ad#ad", "#ad", { wholeWords: true }, [[0, "#ad"], [3, "#ad"]]],
  ["nothing", "a b", " ", {}, []],
]

for (const [name, text, wanted, options, places] of TABLE) {
  test(`places: ${name}`, () => assert.deepEqual(found(text, wanted, options), places))
}

test("whether whole words can be told", () => {
  assert.deepEqual(["ad", "酒", "…", "سلام"].map(hasWords), [true, false, false, true])
})

test("from place to place, around the ends", () => {
  const places = [{ start: 2, end: 3 }, { start: 8, end: 9 }]
  assert.deepEqual([0, 2, 3, 9].map((at) => nearestPlace(places, at, 1)), [0, 0, 1, 0])
  assert.deepEqual([0, 3, 8, 99].map((at) => nearestPlace(places, at, -1)), [1, 0, 0, 1])
  assert.equal(nearestPlace([], 4, 1), -1)
})

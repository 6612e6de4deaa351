// Keyboards of the world, as Chromium reports their presses.

import assert from "node:assert/strict"
import { test } from "node:test"

import {
  ariaShortcut,
  bestMatch,
  BY_KEY,
  BY_PLACE,
  isSingleCharacter,
  keyCaps,
  matchKey,
  NO_MATCH,
  parseKey,
} from "../../app/static/js/annotate/key-match.js"

function press(key, code, { ctrl = false, alt = false, shift = false, meta = false, graph = false } = {}) {
  return {
    key,
    code,
    ctrlKey: ctrl,
    altKey: alt,
    shiftKey: shift,
    metaKey: meta,
    getModifierState: (name) => name === "AltGraph" && graph,
  }
}

const FITS = [
  ["Norwegian ? is Shift and +", "?", press("?", "Minus", { shift: true }), BY_KEY],
  ["Norwegian / is Shift and 7", "/", press("/", "Digit7", { shift: true }), BY_KEY],
  ["Norwegian [ is AltGr and 8, on Windows", "[", press("[", "Digit8", { ctrl: true, alt: true, graph: true }), BY_KEY],
  ["Norwegian [ is AltGr and 8, on Linux", "[", press("[", "Digit8", { graph: true }), BY_KEY],
  ["Norwegian < has a key of its own", "<", press("<", "IntlBackslash"), BY_KEY],
  ["Norwegian > is Shift on that key", ">", press(">", "IntlBackslash", { shift: true }), BY_KEY],
  ["German Z is where the American Y is", "Ctrl+z", press("z", "KeyY", { ctrl: true }), BY_KEY],
  ["German ? is Shift and ß", "?", press("?", "Minus", { shift: true }), BY_KEY],
  ["French digits need no Shift by their place", "1", press("&", "Digit1"), BY_PLACE],
  ["French digits with Shift are typed digits", "1", press("1", "Digit1", { shift: true }), BY_KEY],
  ["French A is where the American Q is", "a", press("a", "KeyQ"), BY_KEY],
  ["Russian letters count by their place", "b", press("и", "KeyB"), BY_PLACE],
  ["Shift and a digit, whatever that types", "Shift+2", press("@", "Digit2", { shift: true }), BY_PLACE],
  ["Russian letters with Shift too", "Shift+z", press("Я", "KeyZ", { shift: true }), BY_PLACE],
  ["Russian commas count by their place", ",", press("б", "Comma"), BY_PLACE],
  ["Arabic letters count by their place, two in one press too", "b", press("لا", "KeyB"), BY_PLACE],
  ["Arabic digits count by their place", "3", press("٣", "Digit3"), BY_PLACE],
  ["the number pad types digits", "4", press("4", "Numpad4"), BY_KEY],
  ["the number pad's Enter is Enter", "Ctrl+Enter", press("Enter", "NumpadEnter", { ctrl: true }), BY_KEY],
  ["the Command key of a Mac is Ctrl", "Ctrl+Enter", press("Enter", "Enter", { meta: true }), BY_KEY],
  ["CapsLock does not matter", "b", press("B", "KeyB"), BY_KEY],
  ["Space has a name", "Space", press(" ", "Space"), BY_KEY],
  ["plus can be declared", "Ctrl++", press("+", "Equal", { ctrl: true, shift: true }), BY_KEY],
]

for (const [name, key, event, fit] of FITS) {
  test(`fits: ${name}`, () => assert.equal(matchKey(parseKey(key), event), fit))
}

const MISSES = [
  ["an American ! is not 1", "1", press("!", "Digit1", { shift: true })],
  ["the number pad without NumLock types no digit", "1", press("End", "Numpad1")],
  ["a letter with Ctrl is another key", "b", press("b", "KeyB", { ctrl: true })],
  ["a letter with Ctrl and Alt is another key", "b", press("b", "KeyB", { ctrl: true, alt: true })],
  ["a letter with Shift is another key", "b", press("B", "KeyB", { shift: true })],
  ["Shift+L needs Shift", "Shift+l", press("l", "KeyL")],
  ["the Norwegian ø is not the ; at its place", ";", press("ø", "Semicolon")],
  ["the Polish AltGr A is not A", "a", press("ą", "KeyA", { ctrl: true, alt: true, graph: true })],
  ["the German Z is not the Y at its place", "Ctrl+y", press("z", "KeyY", { ctrl: true })],
  ["Shift and an arrow is not the arrow", "ArrowLeft", press("ArrowLeft", "ArrowLeft", { shift: true })],
]

for (const [name, key, event] of MISSES) {
  test(`does not fit: ${name}`, () => assert.equal(matchKey(parseKey(key), event), NO_MATCH))
}

test("what was typed wins over where it was typed", () => {
  const six = { name: "six", keys: [parseKey("6")] }
  const minus = { name: "minus", keys: [parseKey("-")] }
  assert.equal(bestMatch([minus, six], press("-", "Digit6")).name, "minus")
  assert.equal(bestMatch([six], press("-", "Digit6")).name, "six")
  assert.equal(bestMatch([six, minus], press("x", "KeyX")), null)
})

test("a capital letter in a declaration means Shift", () => {
  assert.equal(matchKey(parseKey("A"), press("A", "KeyA", { shift: true })), BY_KEY)
  assert.equal(matchKey(parseKey("A"), press("a", "KeyA")), NO_MATCH)
})

test("only keys that type one character can be switched off", () => {
  const switched = ["b", "Shift+b", "?", "1"].map((key) => isSingleCharacter(parseKey(key)))
  const kept = ["Ctrl+b", "Enter", "Space", "Alt+1"].map((key) => isSingleCharacter(parseKey(key)))
  assert.deepEqual([...switched, ...kept], [true, true, true, true, false, false, false, false])
})

test("keys are shown as caps and named for screen readers", () => {
  assert.deepEqual(keyCaps(parseKey("Ctrl+Shift+z")), ["Ctrl", "Shift", "Z"])
  assert.deepEqual(keyCaps(parseKey("ArrowLeft")), ["←"])
  assert.equal(ariaShortcut(parseKey("Ctrl+Enter")), "Control+Enter")
})

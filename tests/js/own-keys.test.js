// What a person presses for a key of their own, written down; and what speaks against it.

import assert from "node:assert/strict"
import { test } from "node:test"

import { matchKey, NO_MATCH, parseKey } from "../../app/static/js/annotate/key-match.js"
import { collide, faultOf, writtenKey } from "../../app/static/js/annotate/own-keys.js"

function press(key, code, { ctrl = false, alt = false, shift = false, meta = false, graph = false } = {}) {
  const getModifierState = (name) => name === "AltGraph" && graph
  return { key, code, ctrlKey: ctrl, altKey: alt, shiftKey: shift, metaKey: meta, getModifierState }
}

const WRITTEN = [
  ["a letter", press("u", "KeyU"), "u"],
  ["a capital is Shift and the letter", press("U", "KeyU", { shift: true }), "Shift+u"],
  ["Ctrl and Shift", press("M", "KeyM", { ctrl: true, shift: true }), "Ctrl+Shift+m"],
  ["the Command key is Ctrl", press("m", "KeyM", { meta: true }), "Ctrl+m"],
  ["a Norwegian letter", press("ø", "Semicolon"), "ø"],
  ["a symbol without the Shift it needs", press("?", "Minus", { shift: true }), "?"],
  ["a symbol without the AltGr it needs, on Windows", press("[", "Digit8", { ctrl: true, alt: true, graph: true }), "["],
  ["a symbol with Ctrl", press("-", "Minus", { ctrl: true }), "Ctrl+-"],
  ["a Russian letter is its place", press("и", "KeyB"), "b"],
  ["two Arabic letters of one press are their place", press("لا", "KeyB"), "b"],
  ["a named key", press("F2", "F2", { shift: true }), "Shift+F2"],
  ["Space", press(" ", "Space"), "Space"],
]

for (const [name, event, written] of WRITTEN) {
  test(`written: ${name}`, () => {
    assert.equal(writtenKey(event), written)
    assert.notEqual(matchKey(parseKey(written), event), NO_MATCH, "the same press sets it off afterwards")
  })
}

for (const key of ["Shift", "Control", "Alt", "AltGraph", "Meta", "Dead"]) {
  test(`${key} alone is no key yet`, () => assert.equal(writtenKey(press(key, "")), null))
}

test("keys collide as presses do, not as they are spelled", () => {
  assert.ok(collide(["Shift+U"], ["Shift+u"]))
  assert.ok(collide(["U"], ["Shift+u"]))
  assert.ok(collide(["m", "k"], ["k"]))
  assert.ok(!collide(["Ctrl+u"], ["u", "Shift+u"]))
})

test("a key is refused with who has it", () => {
  const others = [{ title: "Draw a box", keys: ["b"] }]
  assert.match(faultOf("b", others), /taken by “Draw a box”/)
  assert.match(faultOf("Tab", others), /moves around/)
  assert.match(faultOf("Ctrl+w", others), /browser/)
  assert.match(faultOf("4", others), /choices/)
  assert.equal(faultOf("Shift+b", others), null)
})

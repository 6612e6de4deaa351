import assert from "node:assert/strict"
import { test } from "node:test"

import { known, moved, pressed } from "../../app/static/js/annotate/ranking.js"

const ALL = ["a", "b", "c", "d"]

const PRESSED = [
  ["the first", [], "b", ALL, ["b"]],
  ["the next", ["b"], "a", ALL, ["b", "a"]],
  ["the last but one brings the last along", ["b", "a"], "d", ALL, ["b", "a", "d", "c"]],
  ["one that has its place leaves", ["b", "a", "d", "c"], "a", ALL, ["b", "d", "c"]],
  ["and comes back last", ["b", "d", "c"], "a", ALL, ["b", "d", "c", "a"]],
  ["of two, one decides", [], "b", ["a", "b"], ["b", "a"]],
  ["of two, the other decides otherwise", ["b", "a"], "a", ["a", "b"], ["a", "b"]],
  ["of two, the same again takes it back", ["b", "a"], "b", ["a", "b"], []],
]
for (const [name, order, value, all, wanted] of PRESSED) {
  test(`pressed: ${name}`, () => assert.deepEqual(pressed(order, value, all), wanted))
}

test("of two, the same again stays where an answer is required", () => {
  assert.deepEqual(pressed(["b", "a"], "b", ["a", "b"], { required: true }), ["b", "a"])
})

const MOVED = [
  [["a", "b", "c"], "c", -1, ["a", "c", "b"]],
  [["a", "b", "c"], "a", 1, ["b", "a", "c"]],
  [["a", "b", "c"], "a", -1, ["a", "b", "c"]],
  [["a", "b", "c"], "c", 5, ["a", "b", "c"]],
  [["a"], "d", -1, ["a", "d"]],
]
for (const [order, value, by, wanted] of MOVED) {
  test(`${value} of ${order} moved by ${by}`, () => assert.deepEqual(moved(order, value, by), wanted))
}

test("what is not offered any more has no place", () => {
  assert.deepEqual(known(["x", "b"], ALL), ["b"])
  assert.deepEqual(known(undefined, ALL), [])
})

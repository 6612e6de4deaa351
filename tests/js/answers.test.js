import assert from "node:assert/strict"
import { test } from "node:test"

import { asked, missing, sendable } from "../../app/static/js/annotate/answers.js"
import { changeOf, numbersOf } from "../../app/static/js/annotate/summaries.js"

const context = { schema: { parts: [{ name: "creative", modality: "image" }, { name: "voice", modality: "audio" }] }, present: new Set(["creative"]) }
const when = (name, ...values) => ({ name: "then", kind: "text", when: { [name]: values } })

const HOLDS = [
  ["choice", "reject", "reject", true],
  ["choice", "allow", "reject", false],
  ["choices", ["a", "b"], "b", true],
  ["choices", [], "b", false],
  ["taxonomy", [["health", "weight_loss"]], "weight_loss", true],
  ["rating", 4, 4, true],
  ["number", 4, "4", false],
  ["boxes", [{ id: "m", choice: "bottle" }], "bottle", true],
  ["ranking", ["b", "a"], "b", true],
  ["ranking", ["a", "b"], "b", false],
  ["polygons", [{ id: "m", choice: "bottle" }], "bottle", true],
  ["choice", undefined, "reject", false],
]
for (const [kind, answer, wanted, holds] of HOLDS) {
  test(`when ${kind} is ${JSON.stringify(answer)}, a question for ${wanted} is ${holds ? "asked" : "not asked"}`, () => {
    const fields = [{ name: "first", kind, part: ["boxes", "polygons"].includes(kind) ? "creative" : undefined }, when("first", wanted)]
    assert.equal(asked(fields, { first: answer }, context).includes("then"), holds)
  })
}

test("a condition on a question that is not asked itself does not hold", () => {
  const fields = [{ name: "a", kind: "choice" }, { name: "b", kind: "choice", when: { a: ["x"] } }, when("b", "y")]
  assert.deepEqual(asked(fields, { a: "z", b: "y" }, context), ["a"])
})

test("questions that wait for each other are not asked", () => {
  const fields = [{ name: "a", kind: "choice", when: { b: ["x"] } }, { name: "b", kind: "choice", when: { a: ["x"] } }]
  assert.deepEqual(asked(fields, { a: "x", b: "x" }, context), [])
})

test("a question of a part that is not there is not asked", () => {
  assert.deepEqual(asked([{ name: "a", kind: "rating", part: "voice" }, { name: "b", kind: "segments" }], {}, context), [])
})

test("too few of several is missing; an optional question without answer is not", () => {
  const fields = [{ name: "a", kind: "choices", min: 2 }, { name: "b", kind: "choices", min: 2 }]
  assert.deepEqual(missing(fields, { a: ["x"] }, context), [{ field: "a" }])
})

test("a ranking is missing until all is in order: its choices, or those of its parts that the ad has", () => {
  const choices = [{ value: "x" }, { value: "y" }]
  const fields = [{ name: "a", kind: "ranking", choices }, { name: "b", kind: "ranking", parts: ["creative", "voice", "film"] }]
  const two = { ...context, present: new Set(["creative", "voice"]) }
  assert.deepEqual(missing(fields, { a: ["x"], b: ["voice"] }, two), [{ field: "a" }, { field: "b" }])
  assert.deepEqual(missing(fields, { a: ["x", "y"], b: ["voice", "creative"] }, two), [])
})

test("frames and samples that the server added are not sent back", () => {
  const fields = [{ name: "a", kind: "segments", part: "creative" }]
  const marks = [{ id: "m", choice: "x", start: 1, end: 2, start_sample: 8000, end_sample: 16000 }]
  assert.deepEqual(sendable(fields, { a: marks }, context), { a: [{ id: "m", choice: "x", start: 1, end: 2 }] })
})

const IMAGE = { width: 100, height: 80 }
const BOX = { x: 10, y: 10, width: 20, height: 20, rotation: 0 }

test("a number of a box changes it only within the picture", () => {
  assert.deepEqual(changeOf("boxes", BOX, "x", 80, { part: IMAGE }), { x: 80 })
  assert.equal(changeOf("boxes", BOX, "x", 81, { part: IMAGE }), null)
  assert.equal(changeOf("boxes", BOX, "width", 0, { part: IMAGE }), null)
  assert.equal(changeOf("boxes", BOX, "y", Number.NaN, { part: IMAGE }), null)
})

test("a span's text follows its code points", () => {
  const mark = { start: 0, end: 1, text: "a" }
  assert.deepEqual(changeOf("spans", mark, "end", 2, { part: { text: "a🍷b" } }), { start: 0, end: 2, text: "a🍷" })
  assert.equal(changeOf("spans", mark, "end", 4, { part: { text: "a🍷b" } }), null)
})

test("of a track, one keyframe changes", () => {
  const track = { keyframes: [{ ...BOX, frame: 0, time: 0 }, { ...BOX, frame: 9, time: 0.3 }] }
  const { keyframes } = changeOf("tracks", track, "x", 50, { part: IMAGE, piece: "9" })
  assert.deepEqual([keyframes[0].x, keyframes[1].x, keyframes[1].frame], [10, 50, 9])
  assert.equal(numbersOf("tracks", track, "9")[0].value, 10)
})

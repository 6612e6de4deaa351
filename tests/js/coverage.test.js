import assert from "node:assert/strict"
import { test } from "node:test"

import { coverage, unplayed } from "../../app/static/js/annotate/coverage.js"

test("every moment counts once, whatever its order and speed, and only within the sound", () => {
  assert.deepEqual(coverage(100, [[20, 60, 2], [0, 30, 1], [50, 55, 1]]), { share: 0.6, gap: 60 })
  assert.deepEqual(coverage(100, [[-5, 50, 1], [50.2, 130, 1]]), { share: 0.998, gap: null })
  assert.deepEqual(coverage(100, []), { share: 0, gap: 0 })
  assert.deepEqual(coverage(100, [[30, 100, 1], [0, 10, 1]]).gap, 10)
})

test("what the schema asks for and does not get is named with its first gap", () => {
  const schema = { parts: [{ name: "voice", require_played: 0.9 }, { name: "clip", require_played: 0.5 }, { name: "song" }] }
  const parts = [{ name: "voice", duration: 10 }, { name: "clip", duration: 10 }, { name: "song", duration: 10 }]
  const found = unplayed(schema, parts, { voice: [[0, 4, 1]], clip: [[0, 4.97, 1]] })
  assert.deepEqual(found, [{ part: "voice", share: 0.4, wanted: 0.9, gap: 4 }])
})

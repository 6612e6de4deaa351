import assert from "node:assert/strict"
import { test } from "node:test"

import { changeOf, numberFields, numbersOf } from "../../app/static/js/annotate/summaries.js"
import { loadShapes } from "../../app/static/js/annotate/shapes/registry.js"

await loadShapes(new Set(["boxes", "polygons", "polylines", "keypoints", "masks"]))

const STILL = { width: 100, height: 80 }
const MOVING = { ...STILL, frame_count: 6 }
const BOX = { x: 1, y: 2, width: 3, height: 4, rotation: 0 }

test("on a picture that moves a mark's frame is one of its numbers", () => {
  const names = (part) => numberFields("boxes", part).map(({ name }) => name)
  assert.deepEqual(names(STILL), ["x", "y", "width", "height", "rotation"])
  assert.deepEqual(names(MOVING), ["frame", "x", "y", "width", "height", "rotation"])
  assert.deepEqual(numberFields("tracks", MOVING).map(({ name }) => name), names(STILL)) // whose keyframes have frames
  const values = numbersOf("boxes", { ...BOX, frame: 4 })
  assert.deepEqual(values.map(({ name, value }) => [name, value])[0], ["frame", 4])
})

test("a frame that the picture does not have cannot be entered", () => {
  const change = (value) => changeOf("boxes", { ...BOX, frame: 4 }, "frame", value, { part: MOVING })
  assert.deepEqual(change(5), { frame: 5 })
  for (const value of [6, -1, 1.5, Number.NaN]) assert.equal(change(value), null)
})

test("an upright box is kept within its picture by its numbers, of a turned one the middle", () => {
  const change = (rotation, name, value) => changeOf("boxes", { ...BOX, rotation }, name, value, { part: STILL })
  assert.deepEqual([change(0, "x", 97), change(0, "x", 97.5), change(0, "x", -1)], [{ x: 97 }, null, null])
  assert.deepEqual([change(30, "x", 98.5), change(30, "x", 99), change(30, "x", -1.5), change(30, "y", -2.5)], [{ x: 98.5 }, null, { x: -1.5 }, null])
})

import assert from "node:assert/strict"
import { test } from "node:test"
import * as boxes from "../../app/static/js/annotate/boxes.js"

const SIZE = { width: 400, height: 300 }
const box = (x, y, width, height, rotation = 0) => ({ x, y, width, height, rotation })

test("a box between two points, whichever comes first, on whole pixels", () => {
  assert.deepEqual(boxes.boxBetween({ x: 50.4, y: 80.6 }, { x: 10.2, y: 20 }, SIZE), box(10, 20, 40, 61))
})

test("a box drawn over the edge ends at the edge", () => {
  assert.deepEqual(boxes.boxBetween({ x: -30, y: 290 }, { x: 20, y: 900 }, SIZE), box(0, 290, 20, 10))
})

test("nothing comes of two points on one line or outside", () => {
  assert.equal(boxes.boxBetween({ x: 10, y: 10 }, { x: 10.3, y: 90 }, SIZE), null)
  assert.equal(boxes.boxBetween({ x: -10, y: 10 }, { x: -90, y: 90 }, SIZE), null)
})

test("moving stops at the edges and keeps the size", () => {
  assert.deepEqual(boxes.moveBox(box(10, 10, 40, 30), -50, 1000, SIZE), box(0, 270, 40, 30))
})

test("moving keeps the fraction that a suggestion came with", () => {
  assert.deepEqual(boxes.moveBox(box(10.25, 10.5, 40.1, 30), 1, 1, SIZE), box(11.25, 11.5, 40.1, 30))
})

for (const [handle, expected] of [
  ["nw", box(105, 107, 35, 23)],
  ["n", box(100, 107, 40, 23)],
  ["ne", box(100, 107, 45, 23)],
  ["e", box(100, 100, 45, 30)],
  ["se", box(100, 100, 45, 37)],
  ["s", box(100, 100, 40, 37)],
  ["sw", box(105, 100, 35, 37)],
  ["w", box(105, 100, 35, 30)],
]) {
  test(`the handle ${handle} moves its own sides`, () => {
    assert.deepEqual(boxes.resizeBox(box(100, 100, 40, 30), handle, 5, 7, SIZE), expected)
  })
}

test("a side dragged past the other turns the box over", () => {
  assert.deepEqual(boxes.resizeBox(box(100, 100, 40, 30), "e", -60, 0, SIZE), box(80, 100, 20, 30))
})

test("a side dragged over the edge stays on it", () => {
  assert.deepEqual(boxes.resizeBox(box(100, 100, 40, 30), "se", 1000, 1000, SIZE), box(100, 100, 300, 200))
  assert.deepEqual(boxes.resizeBox(box(100, 100, 40, 30), "nw", -1000, -1000, SIZE), box(0, 0, 140, 130))
})

test("resizing a turned box keeps the opposite corner", () => {
  const turned = box(100, 100, 60, 40, 30)
  const fixed = boxes.handlePoint(turned, "nw")
  const after = boxes.handlePoint(boxes.resizeBox(turned, "se", 12, 9, SIZE), "nw")
  assert.ok(Math.hypot(fixed.x - after.x, fixed.y - after.y) < 0.02)
})

test("a turned box may stick out, its centre may not", () => {
  const moved = boxes.moveBox(box(10, 10, 40, 20, 45), -500, 0, SIZE)
  assert.deepEqual(boxes.centreOf(moved), { x: 0, y: 20 })
})

test("rotation stays between -180 and 180", () => {
  assert.equal(boxes.rotateBox(box(10, 10, 40, 20, 170), 20, SIZE).rotation, -170)
  assert.equal(boxes.rotateBox(box(10, 10, 40, 20, 0), -15, SIZE).rotation, -15)
})

test("hits knows about rotation", () => {
  const turned = box(100, 100, 100, 20, 90)
  assert.ok(boxes.hits(turned, { x: 150, y: 65 }))
  assert.ok(!boxes.hits(turned, { x: 105, y: 110 }))
})

test("pick takes the smallest", () => {
  const inner = box(20, 20, 10, 10)
  assert.equal(boxes.pick([inner, box(0, 0, 100, 100)], { x: 25, y: 25 }), inner)
  assert.equal(boxes.pick([inner], { x: 5, y: 5 }), null)
})

test("handleAt finds the nearest within reach", () => {
  assert.equal(boxes.handleAt(box(100, 100, 40, 30), { x: 138, y: 131 }, 6), "se")
  assert.equal(boxes.handleAt(box(100, 100, 40, 30), { x: 120, y: 115 }, 6), null)
})

test("bounds of a turned box", () => {
  const { x, y, width, height } = boxes.boundsOf(box(100, 100, 100, 20, 90))
  assert.deepEqual([x, y, width, height].map(Math.round), [140, 60, 20, 100])
})

test("arrows nudge by 1, 10 and 100, with Alt they resize", () => {
  const start = box(100, 100, 40, 30)
  assert.deepEqual(boxes.nudge(start, { key: "ArrowRight" }, SIZE), box(101, 100, 40, 30))
  assert.deepEqual(boxes.nudge(start, { key: "ArrowUp", shiftKey: true }, SIZE), box(100, 90, 40, 30))
  assert.deepEqual(boxes.nudge(start, { key: "ArrowLeft", ctrlKey: true }, SIZE), box(0, 100, 40, 30))
  assert.deepEqual(boxes.nudge(start, { key: "ArrowRight", altKey: true }, SIZE), box(100, 100, 41, 30))
  assert.deepEqual(boxes.nudge(start, { key: "ArrowUp", altKey: true, ctrlKey: true }, SIZE), box(100, 100, 40, 1))
  assert.equal(boxes.nudge(start, { key: "a" }, SIZE), null)
})

test("clamping brings a foreign mark into the picture", () => {
  assert.deepEqual(boxes.clampBox(box(-10, 290, 900, 50), SIZE), box(0, 250, 400, 50))
})

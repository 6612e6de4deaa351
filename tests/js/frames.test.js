import assert from "node:assert/strict"
import { test } from "node:test"

import { FrameTable } from "../../app/static/js/annotate/frames.js"

// 30 frames a second, then a pause of one second, then two short frames: a variable rate.
const table = new FrameTable({ times: [0, 33333, 66667, 1066667, 1083333], end: 1100000 })

test("a frame is shown from its own time until just before the next", () => {
  const cases = [[0, 0], [0.033332, 0], [0.033333, 1], [0.066666, 1], [0.066667, 2], [1.066666, 2], [1.066667, 3], [1.083333, 4]]
  for (const [seconds, frame] of cases) assert.equal(table.at(seconds), frame, `${seconds} s`)
})

test("before the first and after the last frame those are shown", () => {
  assert.equal(table.at(-1), 0)
  assert.equal(table.at(99), 4)
})

test("the midpoint of every frame lies inside that frame", () => {
  for (let n = 0; n < table.count; n += 1) assert.equal(table.at(table.midpoint(n)), n)
  assert.equal(table.midpoint(2), 0.566667)
  assert.equal(table.midpoint(99), table.midpoint(4))
})

test("a time is a frame's own within half of that frame's duration, else nobody's", () => {
  assert.equal(table.identify(0.0333329), 1)
  assert.equal(table.identify(0.04), 1)
  assert.equal(table.identify(0.5), 2)
  assert.equal(table.identify(0.7), null)
  assert.equal(table.identify(1.0666), 3)
})

test("boundaries are the starts of frames and the end of the video", () => {
  assert.equal(table.nearestBoundary(0.01), 0)
  assert.equal(table.nearestBoundary(0.02), 1)
  assert.equal(table.nearestBoundary(1.099), 5)
  assert.equal(table.start(5), 1100000)
  assert.equal(table.seconds(3), 1.066667)
})

test("an even table is told from a variable one", () => {
  const even = Array.from({ length: 100 }, (_, n) => Math.round((n * 1e6) / 29.97))
  assert.equal(new FrameTable({ times: even, end: 3336670 }).isEven, true)
  assert.equal(table.isEven, false)
})

test("no frames are an error, not an empty video", () => {
  assert.throws(() => new FrameTable({ times: [], end: 0 }))
})

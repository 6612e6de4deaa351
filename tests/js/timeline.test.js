import assert from "node:assert/strict"
import { test } from "node:test"

import * as timeline from "../../app/static/js/annotate/timeline.js"

const view = timeline.makeView(60, 600)

test("times and pixels are each other's inverse at every zoom", () => {
  const near = timeline.zoomed(view, 8, 30)
  for (const seconds of [27, 30, 33.3]) assert.ok(Math.abs(timeline.xToTime(near, timeline.timeToX(near, seconds)) - seconds) < 1e-9)
})

test("zooming keeps the moment under the pointer where it is", () => {
  const near = timeline.zoomed(view, 4, 45)
  assert.equal(timeline.timeToX(near, 45), timeline.timeToX(view, 45))
  assert.equal(near.span, 15)
})

test("no zoom or pan leaves the media", () => {
  assert.equal(timeline.panned(timeline.zoomed(view, 4, 30), 999).start, 45)
  assert.equal(timeline.panned(timeline.zoomed(view, 4, 30), -999).start, 0)
  assert.equal(timeline.zoomed(view, 0.1, 10).span, 60)
  assert.equal(timeline.zoomed(view, 1e9, 10).span, 0.0005)
  assert.equal(timeline.isWhole(timeline.fitted(timeline.zoomed(view, 4, 30))), true)
})

test("a moment out of sight turns the page, one in sight does not", () => {
  const near = timeline.zoomed(view, 4, 7.5)
  assert.equal(timeline.revealing(near, near.start + 1), near)
  assert.ok(timeline.revealing(near, 40).start <= 40)
  assert.ok(timeline.revealing(near, 60).start + near.span >= 60)
})

test("ticks are round moments with labels far enough apart", () => {
  const { step, found, digits } = timeline.ticks(view)
  assert.equal(step, 10)
  assert.equal(digits, 0)
  assert.deepEqual(found.filter((tick) => tick.major).map((tick) => tick.time), [0, 10, 20, 30, 40, 50, 60])
  const close = timeline.ticks(timeline.zoomed(view, 1e9, 10))
  assert.ok(close.step <= 0.01 && close.digits >= 2)
})

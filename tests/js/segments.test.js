import assert from "node:assert/strict"
import { test } from "node:test"

import { FrameTable } from "../../app/static/js/annotate/frames.js"
import * as segments from "../../app/static/js/annotate/segments.js"

const sound = segments.sampleGrid({ rate: 44100, samples: 441001, duration: 441001 / 44100 })
const video = segments.frameGrid(new FrameTable({ times: [0, 40000, 80000, 200000], end: 240000 }))

test("moments of a sound are the times of its samples, in microseconds", () => {
  for (const seconds of [0.1234567, 1.0000101, 3.3333333, 9.99]) {
    const snapped = sound.snap(seconds)
    assert.equal(snapped, Math.round(snapped * 1e6) / 1e6)
    assert.ok(Math.abs(snapped * 44100 - Math.round(snapped * 44100)) < 0.05)
    assert.ok(Math.abs(snapped - seconds) <= 0.5 / 44100 + 1e-6)
  }
})

test("no moment lies before the start or after the end of its part", () => {
  assert.equal(sound.snap(-1), 0)
  assert.ok(sound.snap(99) <= 441001 / 44100)
  assert.equal(sound.snap(99), 10.000022)
  assert.equal(video.snap(99), 0.24)
})

test("a sound of unknown rate has a grid of microseconds", () => {
  const grid = segments.sampleGrid({ duration: 2.5 })
  assert.equal(grid.end, 2.5)
  assert.equal(grid.snap(1.23456789), 1.234568)
})

test("a segment lies between two moments in either order; nothing between them is no segment", () => {
  assert.deepEqual(segments.between(2, 1, sound), { start: 1, end: 2 })
  assert.equal(segments.between(1, 1.000001, sound), null)
})

test("segments of a video begin and end at frames", () => {
  assert.deepEqual(segments.between(0.05, 0.21, video), { start: 0.04, end: 0.2 })
  assert.equal(video.step(0.08, 1), 0.2)
  assert.equal(video.step(0.2, 1), 0.24)
  assert.equal(video.step(0.24, 1), 0.24)
})

test("an edge stops one step of the grid before the other", () => {
  const segment = { start: 1, end: 2 }
  assert.deepEqual(segments.withEdge(segment, "start", 5, sound), { start: sound.before(2), end: 2 })
  assert.deepEqual(segments.withEdge(segment, "end", 0, sound), { start: 1, end: sound.after(1) })
  assert.deepEqual(segments.withEdge({ start: 0.04, end: 0.2 }, "end", 0, video), { start: 0.04, end: 0.08 })
})

test("the keys move an edge by 10 ms of a sound and by one frame of a video", () => {
  assert.equal(segments.nudgeEdge({ start: 1, end: 2 }, "end", 1, sound).end, 2.01)
  assert.equal(segments.nudgeEdge({ start: 1, end: 2 }, "start", -1, sound).start, 0.99)
  assert.equal(segments.nudgeEdge({ start: 0, end: 0.08 }, "end", 1, video).end, 0.2)
})

test("a moved segment keeps its length and stays inside", () => {
  assert.deepEqual(segments.moveBy({ start: 1, end: 2 }, 0.5, sound), { start: 1.5, end: 2.5 })
  assert.deepEqual(segments.moveBy({ start: 1, end: 2 }, -5, sound), { start: 0, end: 1 })
  assert.deepEqual(segments.moveBy({ start: 1, end: 2 }, 50, sound).end, sound.end)
})

test("segments that overlap lie in lanes of their own, those that touch share one", () => {
  const { lane, count } = segments.lanes([
    { id: "a", start: 0, end: 2 },
    { id: "b", start: 1, end: 3 },
    { id: "c", start: 2, end: 4 },
    { id: "d", start: 0, end: 1 },
  ])
  assert.equal(count, 2)
  assert.deepEqual(Object.fromEntries(lane), { a: 0, d: 1, b: 1, c: 0 })
})

test("the clock reads minutes, seconds and a fraction, hours only where there are any", () => {
  assert.equal(segments.clock(65.25), "1:05.250")
  assert.equal(segments.clock(0.9996), "0:01.000")
  assert.equal(segments.clock(3661, 0), "1:01:01")
})

test("lanes lie group by group, overlaps of one group below each other", () => {
  const segment = (id, start, end, kind) => ({ id, start, end, kind })
  const all = [segment("a", 0, 2, "x"), segment("b", 1, 3, "x"), segment("c", 0, 9, "y"), segment("d", 2, 3, "x")]
  const { lane, count, groups } = segments.lanesByGroup(all, ({ kind }) => kind)
  assert.deepEqual(Object.fromEntries(lane), { a: 0, b: 1, d: 0, c: 2 })
  assert.equal(count, 3)
  assert.deepEqual(groups, [
    { key: "x", first: 0, count: 2 },
    { key: "y", first: 2, count: 1 },
  ])
})

test("an edge snaps to the nearest point within reach and else stays", () => {
  assert.equal(segments.snapped(1.04, [0, 1, 1.1], 0.05), 1)
  assert.equal(segments.snapped(1.06, [0, 1, 1.1], 0.05), 1.1)
  assert.equal(segments.snapped(1.06, [0, 1], 0.05), 1.06)
  assert.equal(segments.snapped(1.06, [], 0), 1.06)
})

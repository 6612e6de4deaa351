import assert from "node:assert/strict"
import { test } from "node:test"

import * as tracks from "../../app/static/js/annotate/tracks.js"

const key = (frame, time, x, more = {}) => ({ frame, time, x, y: 10, width: 20, height: 30, rotation: 0, outside: false, occluded: false, ...more })

test("between keyframes a box moves by presentation time, not by the count of frames", () => {
  const track = [key(0, 0, 0), key(10, 1, 100)]
  // Frame 1 of a variable rate may come late: at 0.9 s most of the way is gone.
  assert.equal(tracks.boxAt(track, 1, 0.9).x, 90)
  assert.equal(tracks.boxAt(track, 9, 0.25).x, 25)
})

test("a keyframe's own frame shows exactly its own box", () => {
  const box = tracks.boxAt([key(0, 0, 0), key(3, 0.1, 7.25, { occluded: true })], 3, 0.1)
  assert.deepEqual(box, { x: 7.25, y: 10, width: 20, height: 30, rotation: 0, outside: false, occluded: true, keyframe: true })
})

test("a track is nowhere before its first and after its last keyframe", () => {
  const track = [key(5, 0.5, 0), key(9, 0.9, 10)]
  assert.equal(tracks.boxAt(track, 4, 0.4), null)
  assert.equal(tracks.boxAt(track, 10, 1.0), null)
  assert.equal(tracks.boxAt(track, 9, 0.9).x, 10)
})

test("outside begins a gap that lasts until the next keyframe", () => {
  const track = [key(0, 0, 0), key(4, 0.4, 40, { outside: true }), key(8, 0.8, 80), key(12, 1.2, 120)]
  assert.equal(tracks.boxAt(track, 2, 0.2).outside, false)
  assert.equal(tracks.boxAt(track, 4, 0.4).outside, true)
  assert.equal(tracks.boxAt(track, 6, 0.6).outside, true)
  assert.equal(tracks.boxAt(track, 8, 0.8).outside, false)
  assert.deepEqual(tracks.stretches(track), [{ from: 0, to: 0.4 }, { from: 0.8, to: 1.2 }])
})

test("rotation goes the shorter way round", () => {
  assert.equal(tracks.shorterArc(350, 10), 20)
  assert.equal(tracks.shorterArc(10, 350), -20)
  assert.equal(tracks.shorterArc(0, 180), 180)
  const track = [key(0, 0, 0, { rotation: 350 }), key(10, 1, 0, { rotation: 10 })]
  assert.equal(tracks.boxAt(track, 5, 0.5).rotation, 0)
  assert.equal(tracks.boxAt(track, 2, 0.25).rotation, 355)
})

test("an edit beyond either end starts from the nearest keyframe, and never from a gap", () => {
  const track = [key(5, 0.5, 1), key(9, 0.9, 2, { outside: true })]
  assert.equal(tracks.draftAt(track, 0, 0).x, 1)
  const after = tracks.draftAt(track, 20, 2)
  assert.deepEqual([after.x, after.beyond, after.outside], [2, true, false])
})

test("keyframes stay in order, one a frame", () => {
  let track = [key(5, 0.5, 1)]
  track = tracks.withKeyframe(track, 2, 0.2, key(0, 0, 3.14159))
  track = tracks.withKeyframe(track, 5, 0.5, key(0, 0, 9))
  assert.deepEqual(track.map(({ frame, time, x }) => [frame, time, x]), [[2, 0.2, 3.14], [5, 0.5, 9]])
  assert.deepEqual(Object.keys(track[0]).sort(), ["frame", "height", "occluded", "outside", "rotation", "time", "width", "x", "y"])
})

test("the last keyframe of a track stays", () => {
  const track = [key(5, 0.5, 1), key(9, 0.9, 2)]
  assert.equal(tracks.withoutKeyframe(track, 5).length, 1)
  assert.equal(tracks.withoutKeyframe([track[0]], 5).length, 1)
})

test("the neighbouring keyframes of a frame are found from either side", () => {
  const track = [key(5, 0.5, 1), key(9, 0.9, 2)]
  assert.equal(tracks.nextKeyframe(track, 5).frame, 9)
  assert.equal(tracks.nextKeyframe(track, 9), null)
  assert.equal(tracks.previousKeyframe(track, 7).frame, 5)
  assert.equal(tracks.previousKeyframe(track, 5), null)
})

test("an answer holds from its keyframe until the next one, and before the first as there", () => {
  const track = [key(2, 0.2, 0, { fields: { lid: "shut" } }), key(6, 0.6, 40), key(10, 1, 80, { fields: { lid: "open" } })]
  assert.deepEqual([0, 2, 9, 10, 50].map((frame) => tracks.fieldsAt(track, frame).lid), ["shut", "shut", "shut", "open", "open"])
})

test("an answer given between keyframes makes one where the box is, and moving that box keeps it", () => {
  const track = tracks.withAnswer([key(0, 0, 0), key(10, 1, 100)], 5, 0.5, "lid", "open")
  assert.deepEqual(track[1], { ...key(5, 0.5, 50), fields: { lid: "open" } })
  assert.deepEqual(tracks.withKeyframe(track, 5, 0.5, { ...track[1], x: 7 })[1].fields, { lid: "open" })
  assert.equal("fields" in tracks.withAnswer(track, 5, 0.5, "lid", undefined)[1], false)
})

test("a track is split at a frame, each half with a keyframe at the cut and the answers that held there", () => {
  const track = [key(0, 0, 0, { fields: { lid: "shut" } }), key(10, 1, 100)]
  const [first, second] = tracks.split(track, { frame: 5, time: 0.5 }, { frame: 4, time: 0.4 })
  assert.deepEqual(first.map(({ frame, x }) => [frame, x]), [[0, 0], [4, 40]])
  assert.deepEqual(second.map(({ frame, x }) => [frame, x]), [[5, 50], [10, 100]])
  assert.deepEqual(second[0].fields, { lid: "shut" })
  assert.equal(tracks.split(track, { frame: 0, time: 0 }, { frame: -1, time: 0 }), null)
  assert.equal(tracks.split(track, { frame: 11, time: 1.1 }, { frame: 10, time: 1 }), null)
})

test("tracks are merged in the order of time, out of the picture between them; overlapping ones are not", () => {
  const [one, other] = [[key(0, 0, 0), key(4, 0.4, 40)], [key(9, 0.9, 90), key(12, 1.2, 120)]]
  const made = tracks.merged(other, one)
  assert.deepEqual(made.map(({ frame, outside }) => [frame, outside]), [[0, false], [4, true], [9, false], [12, false]])
  assert.deepEqual(tracks.merged(one, [key(5, 0.5, 50)]).map(({ outside }) => outside), [false, false, false])
  assert.equal(tracks.merged(one, [key(4, 0.4, 50)]), null)
})

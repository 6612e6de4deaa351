import assert from "node:assert/strict"
import { test } from "node:test"
import * as spans from "../../app/static/js/annotate/spans.js"

const span = (id, start, end) => ({ id, start, end })
const ids = (pieces) => pieces.map(({ start, end, spans: over }) => [start, end, over.map(({ id }) => id).join("")])

test("overlapping spans are cut at every border", () => {
  assert.deepEqual(ids(spans.piecesOf(0, 10, [span("b", 4, 8), span("a", 2, 6)])), [
    [0, 2, ""], [2, 4, "a"], [4, 6, "ab"], [6, 8, "b"], [8, 10, ""],
  ])
})

test("a span over several lines is cut at theirs", () => {
  const all = [span("a", 2, 16)]
  assert.deepEqual(ids(spans.piecesOf(0, 5, all)), [[0, 2, ""], [2, 5, "a"]])
  assert.deepEqual(ids(spans.piecesOf(7, 12, all)), [[7, 12, "a"]])
})

test("the pieces put together are the text, for any spans", () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const all = [1, 2, 3, 4].map((n) => span(`${n}`, (seed * n * 7) % 20, ((seed * n * 7) % 20) + 1 + ((seed * n) % 9)))
    const pieces = spans.piecesOf(3, 25, all)
    assert.equal(pieces[0].start, 3)
    assert.equal(pieces.at(-1).end, 25)
    pieces.slice(1).forEach((piece, at) => assert.equal(piece.start, pieces[at].end))
  }
})

test("lanes: overlapping spans never share one, the others use the lowest", () => {
  const lanes = spans.lanesOf([span("a", 0, 10), span("b", 5, 15), span("c", 10, 12), span("d", 20, 22)])
  assert.deepEqual([...lanes].sort(), [["a", 0], ["b", 1], ["c", 0], ["d", 0]])
})

test("overlap shares a character; touching is not overlap", () => {
  const all = [span("a", 2, 6)]
  assert.equal(spans.overlapOf(all, { start: 6, end: 8 }), null)
  assert.equal(spans.overlapOf(all, { start: 5, end: 8 }).id, "a")
  assert.equal(spans.overlapOf(all, { id: "a", start: 1, end: 8 }), null)
})

test("the shortest span under a place", () => {
  const all = [span("a", 0, 10), span("b", 3, 5)]
  assert.equal(spans.spanAt(all, 4).id, "b")
  assert.equal(spans.spanAt(all, 5).id, "a")
  assert.equal(spans.spanAt(all, 10), null)
})

test("line breaks at the ends are left out", () => {
  assert.deepEqual(spans.trimBreaks("\r\nab\n", 0, 5), { start: 2, end: 4 })
  assert.equal(spans.trimBreaks("a\n\n", 1, 3), null)
})

test("a selection by words loses the spaces at its ends, but not all of itself", () => {
  assert.deepEqual(spans.trimSpaces("a bc d", 1, 5), { start: 2, end: 4 })
  assert.deepEqual(spans.trimSpaces("a  b", 1, 3), { start: 1, end: 3 })
})

test("a span is stretched and never emptied", () => {
  const step = (at, way) => at + way
  assert.deepEqual(spans.stretched({ start: 2, end: 4 }, "end", 1, step), { start: 2, end: 5 })
  assert.deepEqual(spans.stretched({ start: 2, end: 4 }, "start", -1, step), { start: 1, end: 4 })
  assert.equal(spans.stretched({ start: 2, end: 3 }, "end", -1, step), null)
})

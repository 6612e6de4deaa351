import assert from "node:assert/strict"
import { test } from "node:test"
import { boxOfThree } from "../../app/static/js/annotate/boxes.js"
import * as points from "../../app/static/js/annotate/shapes/points.js"
import { ellipseIn, polygons } from "../../app/static/js/annotate/shapes/polygons.js"
import { polylines } from "../../app/static/js/annotate/shapes/polylines.js"
import { boundsOf, itemAt, loadShapes, SHAPES } from "../../app/static/js/annotate/shapes/registry.js"
import { snapped } from "../../app/static/js/annotate/shapes/snapping.js"

await loadShapes(new Set(["boxes", "polygons", "polylines", "keypoints", "masks"]))

const SIZE = { width: 400, height: 300 }
const p = (x, y) => ({ x, y })
const line = (...list) => ({ points: list })
const square = (x, y, side = 100) => line([x, y], [x + side, y], [x + side, y + side], [x, y + side])

// Points ----------------------------------------------------------------------------------------------------------------

test("a point outside is brought to the edge, on hundredths", () => {
  assert.deepEqual(points.inside(p(-3, 12.3456), SIZE), p(0, 12.35))
  assert.deepEqual(points.inside(p(401, 300.01), SIZE), p(400, 300))
})

test("the area of no points is empty, of one point has no size", () => {
  assert.deepEqual(points.boundsOfPoints([]), { x: 0, y: 0, width: 0, height: 0 })
  assert.deepEqual(points.boundsOfPoints([p(7, 9)]), { x: 7, y: 9, width: 0, height: 0 })
  assert.deepEqual(points.boundsOfPoints([p(7, 9), p(3, 20), p(10, 1)]), { x: 3, y: 1, width: 7, height: 19 })
})

test("points moved together keep their shape and stop where the first of them meets the edge", () => {
  assert.deepEqual(points.movedPoints([p(10, 10), p(50, 30)], 1000, -1000, SIZE), [p(360, 0), p(400, 20)])
})

test("stretching moves the right and lower side and never turns the shape over", () => {
  assert.deepEqual(points.stretchedPoints([p(10, 10), p(60, 60), p(110, 110)], 100, -50, SIZE), [p(10, 10), p(110, 35), p(210, 60)])
  assert.deepEqual(points.stretchedPoints([p(10, 10), p(110, 110)], -500, 500, SIZE), [p(10, 10), p(11, 300)])
  assert.deepEqual(points.stretchedPoints([p(10, 10), p(10, 50)], 30, 0, SIZE), [p(10, 10), p(10, 50)])
})

for (const [at, nearest] of [
  [p(50, 40), p(50, 0)],
  [p(-20, 5), p(0, 0)],
  [p(130, -8), p(100, 0)],
]) {
  test(`nearest to ${at.x}, ${at.y} on a line`, () => assert.deepEqual(points.nearestOnLine(at, p(0, 0), p(100, 0)), nearest))
}

test("a line without length is nearest where it is", () => {
  assert.deepEqual(points.nearestOnLine(p(5, 5), p(2, 2), p(2, 2)), p(2, 2))
})

test("a closed line has one more edge than an open one, two points never close", () => {
  const three = [p(0, 0), p(1, 0), p(1, 1)]
  assert.equal(points.edgesOf(three, true).length, 3)
  assert.equal(points.edgesOf(three, false).length, 2)
  assert.equal(points.edgesOf(three.slice(0, 2), true).length, 1)
  assert.deepEqual(points.edgesOf([p(0, 0)], true), [])
})

test("inside a star, the middle that it goes round twice is outside", () => {
  const star = Array.from({ length: 5 }, (_, at) => p(Math.cos(at * 2.5133) * 100, Math.sin(at * 2.5133) * 100))
  assert.equal(points.isWithin(p(0, 0), star), false)
  assert.equal(points.isWithin(p(70, 0), star), true)
})

test("the covered area does not depend on the way round", () => {
  const list = [p(0, 0), p(10, 0), p(10, 10), p(0, 10)]
  assert.equal(points.coveredBy(list), 100)
  assert.equal(points.coveredBy(list.toReversed()), 100)
})

test("paths close only where three points or more are", () => {
  assert.equal(points.pathThrough([p(1, 2), p(3, 4)], true), "M1 2L3 4")
  assert.equal(points.pathThrough([p(1, 2), p(3, 4), p(5, 0)], true), "M1 2L3 4L5 0z")
  assert.equal(points.pathThrough([], true), "")
})

test("points lie apart by where they are, not by how many there are", () => {
  assert.equal(points.isApart([p(1, 1), p(2, 2), p(1, 1)], 3), false)
  assert.equal(points.isApart([p(1, 1), p(2, 2), p(1, 2)], 3), true)
})

// Polygons and lines ----------------------------------------------------------------------------------------------------

test("a polygon holds its inside and a strip about its edge, a line only the strip", () => {
  const mark = square(100, 100)
  assert.equal(polygons.contains(mark, p(150, 150), 5), true)
  assert.equal(polygons.contains(mark, p(203, 150), 5), true)
  assert.equal(polygons.contains(mark, p(206, 150), 5), false)
  assert.equal(polylines.contains(mark, p(150, 150), 5), false)
  assert.equal(polylines.contains(mark, p(150, 103), 5), true)
  assert.equal(polylines.contains(mark, p(100, 150), 5), false, "an open line has no last edge")
})

test("a vertex is dragged alone, to the edge at most", () => {
  const mark = square(100, 100)
  const [handle] = polygons.handles(mark, 1).filter(({ name }) => name === "2")
  assert.deepEqual(polygons.dragged(mark, handle, { dx: 900, dy: 13 }, SIZE), line([100, 100], [200, 100], [400, 213], [100, 200]))
})

test("a handle between two points makes a new one there", () => {
  const mark = square(100, 100)
  const middle = polygons.handles(mark, 1).find(({ name }) => name === "m3")
  assert.deepEqual([middle.x, middle.y], [100, 150])
  assert.deepEqual(polygons.dragged(mark, middle, { dx: -20, dy: 0 }, SIZE).points.at(-1), [80, 150])
  assert.equal(polylines.handles(mark, 1).some(({ name }) => name === "m3"), false)
})

test("a shape that has as many points as its field allows offers no new ones", () => {
  const field = { max_points: 4 }
  assert.equal(polygons.handles(square(0, 0), 1, field).every(({ type }) => type === "vertex"), true)
  assert.equal(polygons.vertices.split(square(0, 0), "0", field), null)
})

test("an edge is split in its middle, the new point in hand", () => {
  assert.deepEqual(polygons.vertices.split(square(0, 0), "3", {}), {
    geometry: line([0, 0], [100, 0], [100, 100], [0, 100], [0, 50]), vertex: "4",
  })
  assert.equal(polylines.vertices.split(line([0, 0], [10, 0]), "1", {}), null, "after the last point of a line is no edge")
})

test("points are taken away down to what the shape, or its field, needs", () => {
  assert.deepEqual(polygons.vertices.without(square(0, 0), "0", {}), line([100, 0], [100, 100], [0, 100]))
  assert.equal(polygons.vertices.without(line([0, 0], [9, 0], [9, 9]), "0", {}), null)
  assert.equal(polygons.vertices.without(square(0, 0), "0", { min_points: 4 }), null)
  assert.deepEqual(polylines.vertices.without(line([0, 0], [9, 0], [9, 9]), "1", {}), line([0, 0], [9, 9]))
})

test("no change leaves fewer points that lie apart than the shape needs", () => {
  const triangle = line([0, 0], [50, 0], [50, 50])
  assert.equal(polygons.vertices.placed(triangle, "2", p(0, 0), SIZE), null)
  assert.equal(polygons.vertices.without(line([0, 0], [50, 0], [50, 50], [0, 0]), "1", {}), null)
  assert.equal(polylines.vertices.placed(line([0, 0], [9, 9]), "1", p(0, 0), SIZE), null)
})

test("what a suggestion put outside is brought in by clamping", () => {
  assert.deepEqual(polygons.clamped(line([-5, 10], [50, 301.5], [500, 20]), SIZE), line([0, 10], [50, 300], [400, 20]))
})

test("a shape says how many points it has and where", () => {
  assert.equal(polygons.describe(square(10, 20)), "4 points, left 10, top 20, 100 by 100 pixels")
  assert.equal(polylines.brief(line([1, 2], [3.25, 4])), "2 points, 1, 2, 2.3 × 2")
})

// Ellipses --------------------------------------------------------------------------------------------------------------

for (const [box, corners] of [
  [{ x: 10, y: 20, width: 4, height: 2 }, 16],
  [{ x: 10, y: 20, width: 100, height: 60 }, 32],
  [{ x: 0, y: 0, width: 400, height: 300 }, 64],
]) {
  test(`an ellipse ${box.width} by ${box.height} fills its box and is never a quarter of a pixel off`, () => {
    const { points: list } = ellipseIn(box, SIZE)
    assert.equal(list.length, corners)
    const [across, down] = [box.width / 2, box.height / 2]
    const area = points.boundsOfPoints(list.map(([x, y]) => p(x, y)))
    assert.deepEqual(area, box)
    for (const [at, [x, y]] of list.entries()) {
      const [nextX, nextY] = list[(at + 1) % list.length]
      const middle = [(x + nextX) / 2 - box.x - across, (y + nextY) / 2 - box.y - down]
      const angle = Math.atan2(middle[1] / down, middle[0] / across)
      const off = Math.hypot(middle[0] - across * Math.cos(angle), middle[1] - down * Math.sin(angle))
      assert.ok(off <= 0.26, `${off}`)
    }
  })
}

test("a field's most points bound an ellipse too", () => {
  assert.equal(ellipseIn({ x: 0, y: 0, width: 300, height: 200 }, SIZE, 12).points.length, 12)
})

// Turned boxes ----------------------------------------------------------------------------------------------------------

for (const [from, to, across, expected] of [
  [p(100, 100), p(200, 100), p(150, 150), { x: 100, y: 100, width: 100, height: 50, rotation: 0 }],
  [p(100, 100), p(200, 100), p(-9, 50), { x: 100, y: 50, width: 100, height: 50, rotation: 0 }],
  [p(200, 100), p(200, 200), p(150, 0), { x: 125, y: 125, width: 100, height: 50, rotation: 90 }],
  [p(100, 100), p(130, 140), p(60, 130), { x: 70, y: 110, width: 50, height: 50, rotation: 53.13 }],
]) {
  test(`a box with a side from ${from.x}, ${from.y} to ${to.x}, ${to.y} through ${across.x}, ${across.y}`, () => {
    const box = boxOfThree(from, to, across, SIZE)
    assert.deepEqual({ ...box, x: Math.round(box.x * 10) / 10, y: Math.round(box.y * 10) / 10 }, expected)
    const ring = SHAPES.boxes.ring(box).points
    for (const end of [from, to]) assert.ok(ring.some((corner) => points.distance(corner, end) < 0.02), JSON.stringify(ring))
  })
}

test("a side without length or a box without depth is none", () => {
  assert.equal(boxOfThree(p(1, 1), p(1, 1.5), p(50, 50), SIZE), null)
  assert.equal(boxOfThree(p(1, 1), p(100, 1), p(50, 1.5), SIZE), null)
})

// Under a point, and beside one -----------------------------------------------------------------------------------------

const item = (kind, mark) => ({ kind, mark, definition: { kind } })
const box = (x, y, side) => ({ x, y, width: side, height: side, rotation: 0 })

test("of the marks under a point the smallest is taken, of equal ones the one on top", () => {
  const [large, low, high] = [item("boxes", box(0, 0, 200)), item("polygons", square(50, 50)), item("boxes", box(60, 50, 100))]
  assert.equal(itemAt([low, high, large], p(100, 100), 4), high)
  assert.equal(itemAt([high, low, large], p(100, 100), 4), low)
  assert.equal(itemAt([low, high, large], p(20, 20), 4), large)
  assert.equal(itemAt([low, high, large], p(300, 20), 4), null)
})

test("a line or a dot on top of an area can be reached within the slack", () => {
  const area = item("boxes", box(0, 0, 200))
  const edge = item("polylines", line([0, 100], [200, 100]))
  const dot = item("keypoints", { points: { nose: [50, 50, 2], ear: [0, 0, 0] } })
  assert.equal(itemAt([area, edge, dot], p(150, 103), 4), edge)
  assert.equal(itemAt([area, edge, dot], p(150, 106), 4), area)
  assert.equal(itemAt([area, edge, dot], p(52, 47), 4), dot)
  assert.equal(itemAt([area, edge, dot], p(1, 1), 4), area, "a point that is not labelled is nowhere")
})

test("what was measured of a mark holds for that mark", () => {
  const mark = square(10, 10)
  assert.equal(boundsOf(item("polygons", mark)), boundsOf(item("polygons", mark)))
})

test("a point snaps to the nearest corner, before any edge", () => {
  const items = [item("polygons", square(100, 100)), item("boxes", box(195, 92, 50))]
  assert.deepEqual(snapped(p(199, 98), items, 10), p(200, 100))
  assert.deepEqual(snapped(p(196, 93), items, 10), p(195, 92))
  assert.deepEqual(snapped(p(103, 150), items, 10), p(100, 150))
  assert.equal(snapped(p(150, 150), items, 10), null)
})

test("named points are corners to snap to, the lines between them are no edges; masks draw nothing to them", () => {
  const face = item("keypoints", { choice: "a", points: { left: [100, 100, 2], right: [200, 100, 2], out: [0, 0, 0] } })
  assert.deepEqual(snapped(p(102, 101), [face], 10), p(100, 100))
  assert.equal(snapped(p(150, 101), [face], 10), null)
  assert.equal(snapped(p(2, 2), [face], 10), null)
  assert.equal(snapped(p(1, 1), [item("masks", { rle: { size: [300, 400], counts: "PPf3" } })], 10), null)
})

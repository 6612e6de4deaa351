import assert from "node:assert/strict"
import { test } from "node:test"
import { outline } from "../../app/static/js/annotate/mask-outline.js"
import { after, hole, nextSize, polygon, settled, stroke } from "../../app/static/js/annotate/mask-painting.js"
import * as rle from "../../app/static/js/annotate/rle.js"
import * as masks from "../../app/static/js/annotate/shapes/masks.js"

const SIZE = { width: 12, height: 8 }

function runs(rows, size = { width: rows[0].length, height: rows.length }) {
  const data = new Uint8Array(rows.length * rows[0].length)
  rows.forEach((row, down) => [...row].forEach((sign, across) => (data[across * rows.length + down] = Number(sign === "#"))))
  return rle.fromBitmap({ x: 0, y: 0, width: rows[0].length, height: rows.length, data }, size)
}

function drawn(mask) {
  return Array.from({ length: mask.height }, (_, y) =>
    Array.from({ length: mask.width }, (_, x) => (rle.contains(mask, { x, y }) ? "#" : ".")).join(""))
}

const p = (x, y) => ({ x, y })

/** An independent answer: every pixel whose middle is no further from the way than half the size. */
function painted(points, size, picture) {
  const near = (x, y) => points.some((to, at) => {
    const from = points[Math.max(at - 1, 0)]
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    const share = dx || dy ? Math.min(Math.max(((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy), 0), 1) : 0
    return Math.hypot(from.x + share * dx - x, from.y + share * dy - y) <= size / 2 + 1e-9
  })
  return Array.from({ length: picture.height }, (_, y) =>
    Array.from({ length: picture.width }, (_, x) => (near(x + 0.5, y + 0.5) ? "#" : ".")).join(""))
}

// Brush -----------------------------------------------------------------------------------------------------------

for (const [size, rows] of [
  [1, ["....", "..#.", "....", "...."]],
  [2, [".##.", ".##.", "....", "...."]],
  [3, [".###", ".###", ".###", "...."]],
  [4, [".##.", "####", "####", ".##."].map((row) => row)],
]) {
  test(`a dab of ${size} covers whole pixels about the one under the pointer`, () => {
    const at = settled(size === 4 ? p(2, 2) : size === 2 ? p(2.2, 1.4) : p(2.7, 1.4), size)
    assert.deepEqual(drawn(stroke([at], size, { width: 4, height: 4 })), rows)
  })
}

test("strokes cover what lies within half the brush of the way, on any way", () => {
  let seed = 7
  const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647
  const picture = { width: 60, height: 44 }
  for (let round = 0; round < 60; round += 1) {
    const size = 1 + Math.floor(chance() * 14)
    const points = Array.from({ length: 1 + Math.floor(chance() * 6) }, () => settled(p(chance() * 80 - 10, chance() * 60 - 8), size))
    assert.deepEqual(drawn(stroke(points, size, picture)), painted(points, size, picture), JSON.stringify({ size, points }))
  }
})

test("a stroke outside the picture paints nothing", () => {
  assert.ok(rle.isEmpty(stroke([p(-30, 4), p(-20, 4)], 8, SIZE)))
})

test("sizes grow and shrink by steps and stop at the ends", () => {
  assert.equal(nextSize(10, 1), 12)
  assert.equal(nextSize(11, -1), 10)
  assert.equal(nextSize(1, -1), 1)
  assert.equal(nextSize(500, 1), 500)
})

// Outlines --------------------------------------------------------------------------------------------------------

test("an outline on whole pixels holds exactly those inside", () => {
  const found = polygon([p(2, 1), p(6, 1), p(6, 4), p(2, 4)], SIZE)
  assert.deepEqual(rle.bounds(found), { x: 2, y: 1, width: 4, height: 3 })
  assert.equal(rle.area(found), 12)
})

test("a triangle, and an outline that leaves the picture", () => {
  assert.deepEqual(drawn(polygon([p(0, 0), p(4, 0), p(0, 4)], { width: 4, height: 4 })), ["###.", "##..", "#...", "...."])
  assert.equal(rle.area(polygon([p(-5, -5), p(20, -5), p(20, 20), p(-5, 20)], SIZE)), 96)
})

test("an outline may cross itself, and go round twice", () => {
  const eight = polygon([p(0, 0), p(4, 4), p(4, 0), p(0, 4)], { width: 4, height: 4 })
  assert.deepEqual(drawn(eight), ["#..#", "####", "#..#", "...."])
  const round = [p(1, 1), p(3, 1), p(3, 3), p(1, 3)]
  assert.deepEqual(drawn(polygon([...round, ...round], { width: 4, height: 4 })), ["....", ".##.", ".##.", "...."])
})

test("neighbouring outlines share no pixel and leave none out", () => {
  const corner = [p(0, 0), p(7, 3), p(0, 8)]
  const rest = [p(0, 0), p(12, 0), p(12, 8), p(0, 8), p(7, 3)]
  const [one, other] = [polygon(corner, SIZE), polygon(rest, SIZE)]
  assert.ok(rle.isEmpty(rle.intersect(one, other)))
  assert.equal(rle.area(one) + rle.area(other), 96)
})

// Holes -----------------------------------------------------------------------------------------------------------

const RING = [".........", ".#####...", ".#...#...", ".#.#.#...", ".#...#...", ".#####..."]

test("a hole is what the mask encloses, without the island in it", () => {
  assert.deepEqual(drawn(hole(runs(RING), p(2.5, 2.5))), [".........", ".........", "..###....", "..#.#....", "..###....", "........."])
})

for (const [what, point] of [["outside", p(8, 2)], ["on the mask", p(1, 1)], ["off the picture", p(-3, 2)]]) {
  test(`there is no hole ${what}`, () => assert.equal(hole(runs(RING), point), null))
}

test("an outline with a gap encloses nothing; one that touches at a corner does", () => {
  assert.equal(hole(runs([".....", ".###.", ".#.#.", ".#...", ".###.", "....."]), p(2, 2)), null)
  assert.equal(rle.area(hole(runs([".....", ".##..", ".#.#.", ".###.", "....."]), p(2, 2))), 1)
})

test("the picture's edge closes an outline", () => {
  assert.deepEqual(drawn(hole(runs(["#..#..", "#..#..", "####.."]), p(1, 0))), [".##...", ".##...", "......"])
  assert.equal(hole(runs(["#..#..", "#..#..", "#..#.."].map((row) => `.${row}`)), p(2, 0)) === null, false)
})

test("filling, cutting, erasing, and acts that do nothing", () => {
  const ring = runs(RING)
  assert.equal(rle.area(after(ring, { act: "hole", at: p(2, 2) }).runs), rle.area(ring) + 8)
  assert.deepEqual(after(ring, { act: "hole", at: p(8, 2) }), { runs: ring, changed: false })
  const square = [p(2, 2), p(5, 2), p(5, 5), p(2, 5)]
  assert.equal(rle.area(after(ring, { act: "fill", points: square }).runs), 25)
  assert.equal(rle.area(after(ring, { act: "cut", points: square }).runs), 16)
  assert.equal(rle.area(after(ring, { act: "brush", points: [p(3, 3)], size: 2 }).runs), 20)
  assert.deepEqual(after(ring, { act: "erase", points: [p(8, 1)], size: 1 }), { runs: ring, changed: false })
  assert.equal(rle.area(after(ring, { act: "erase", points: [p(1.5, 1.5)], size: 1 }).runs), rle.area(ring) - 1)
})

// As a shape ------------------------------------------------------------------------------------------------------

test("the outline goes along the pixels' edges, round every piece and hole", () => {
  assert.equal(outline(runs(["....", ".##.", ".##.", "...."])), "M1 1V3H3V1z")
  assert.equal(outline(runs(["###", "#.#", "###"])), "M0 0V3H3V0zM1 1V2H2V1z")
  assert.equal(outline(runs(["#..", "#.#", "..#"])), "M0 0V2H1V0zM2 1V3H3V1z")
  assert.equal(outline(rle.empty(SIZE)), "")
})

/** Which pixels an outline of straight lines holds, by the rule "evenodd". */
function filled(data, size) {
  const lines = []
  let [x, y] = [0, 0]
  let start = null
  for (const [, command, numbers] of data.matchAll(/([MVHz])([\d ]*)/g)) {
    const [one, other] = numbers.split(" ").map(Number)
    const before = y
    if (command === "M") [[x, y], start] = [[one, other], [one, other]]
    if (command === "V") [y] = [one]
    if (command === "H") [x] = [one]
    if (command === "z") [x, y] = start
    if (command === "V") lines.push([x, Math.min(before, y), Math.max(before, y)])
  }
  return Array.from({ length: size.height }, (_, row) =>
    Array.from({ length: size.width }, (_, column) =>
      lines.filter(([at, from, to]) => at <= column && from <= row && row < to).length % 2 ? "#" : ".").join(""))
}

test("the outline of any mask holds exactly its pixels", () => {
  let seed = 3
  const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647
  for (let round = 0; round < 40; round += 1) {
    const [width, height, share] = [1 + Math.floor(chance() * 20), 1 + Math.floor(chance() * 15), chance()]
    const mask = runs(Array.from({ length: height }, () => Array.from({ length: width }, () => (chance() < share ? "#" : ".")).join("")))
    assert.deepEqual(filled(outline(mask), mask), drawn(mask))
  }
})

test("the outline of noise on a large picture is coarser, and covers it", () => {
  const data = new Uint8Array(800 * 600).map((_, at) => Number((at * 2654435761) % 97 < 40))
  const noise = rle.fromBitmap({ x: 0, y: 0, width: 800, height: 600, data }, { width: 800, height: 600 })
  const found = outline(noise)
  assert.ok(found.match(/[VH]/g).length <= 30_000)
  assert.ok(found.startsWith("M0 0"))
})

test("a mask is measured, hit and moved, and stops at the edges", () => {
  const mark = { id: "m", choice: "a", ...masks.made(runs(["............", ".##.........", ".#..........", "............"], { width: 12, height: 4 })) }
  assert.deepEqual(masks.bounds(mark), { x: 1, y: 1, width: 2, height: 2 })
  assert.equal(masks.area(mark), 3)
  assert.ok(masks.contains(mark, p(2.5, 1.5)) && !masks.contains(mark, p(2.5, 2.5)))
  assert.deepEqual(masks.bounds(masks.moved(mark, 3, -9, { width: 12, height: 4 })), { x: 4, y: 0, width: 2, height: 2 })
  assert.deepEqual(masks.moved(mark, 0, 0, { width: 12, height: 4 }), { rle: mark.rle })
  assert.equal(masks.describe(mark), "left 1, top 1, 2 by 2 pixels, 3 of them painted")
  assert.equal(masks.brief(mark), "1, 1, 2 × 2, 3 px")
})

test("a mask that cannot be read is empty and breaks nothing", () => {
  const mark = { rle: { size: [4, 4], counts: "??" } }
  assert.equal(masks.area(mark), 0)
  assert.equal(masks.outline(mark), "")
})

test("a mask of 48 megapixels is painted, coded and outlined in a moment", () => {
  const picture = { width: 8000, height: 6000 }
  const began = performance.now()
  const { runs: found } = after(rle.empty(picture), { act: "brush", size: 400, points: [p(100, 100), p(7900, 5900), p(100, 5900)] })
  const code = rle.compress(found)
  outline(rle.decompress(code))
  assert.ok(performance.now() - began < 5000)
  assert.ok(code.counts.length < 100_000)
})

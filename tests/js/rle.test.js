import assert from "node:assert/strict"
import { test } from "node:test"
import * as rle from "../../app/static/js/annotate/rle.js"

const SIZE = { width: 6, height: 4 }

/** Rows of "." and "#", as one reads them, placed at (x, y). */
function bitmap(rows, x = 0, y = 0) {
  const [width, height] = [rows[0].length, rows.length]
  const data = new Uint8Array(width * height)
  rows.forEach((row, down) => [...row].forEach((sign, across) => (data[across * height + down] = Number(sign === "#"))))
  return { x, y, width, height, data }
}

function drawn(runs) {
  const { data } = rle.toBitmap(runs, { x: 0, y: 0, ...SIZE })
  return Array.from({ length: SIZE.height }, (_, y) =>
    Array.from({ length: SIZE.width }, (_, x) => (data[x * SIZE.height + y] ? "#" : ".")).join(""))
}

const runs = (rows, x = 0, y = 0) => rle.fromBitmap(bitmap(rows, x, y), SIZE)

const RING = [".####.", ".#..#.", ".####.", "......"]
const BAR = ["......", "######", "......", "......"]

for (const [what, rows] of [
  ["a ring", RING],
  ["a bar over the whole width", BAR],
  ["everything", ["######", "######", "######", "######"]],
  ["nothing", ["......", "......", "......", "......"]],
  ["the first and the last pixel", ["#.....", "......", "......", ".....#"]],
  ["whole columns", ["##..##", "##..##", "##..##", "##..##"]],
  ["a draughtboard", ["#.#.#.", ".#.#.#", "#.#.#.", ".#.#.#"]],
]) {
  test(`${what} comes back as drawn, from a bitmap and from COCO's string`, () => {
    assert.deepEqual(drawn(runs(rows)), rows)
    assert.deepEqual(rle.decompress(rle.compress(runs(rows))), runs(rows))
  })
}

test("runs that touch across columns are one", () => {
  assert.deepEqual(runs(["##....", "##....", "##....", "##...."]).edges, [0, 8])
})

test("a crop is placed where it belongs and what hangs over the edge is left out", () => {
  assert.deepEqual(drawn(runs(["##", "##"], 4, 3)), ["......", "......", "......", "....##"])
  assert.deepEqual(drawn(runs(["###", "###", "###"], -2, -1)), ["#.....", "#.....", "......", "......"])
  assert.deepEqual(runs(["##", "##"], 6, 0).edges, [])
  assert.deepEqual(runs(["##", "##"], 0, -2).edges, [])
})

test("a crop of the mask is as small as the mask, or the box asked for", () => {
  assert.deepEqual(rle.toBitmap(runs(RING)), bitmap(RING.slice(0, 3).map((row) => row.slice(1, 5)), 1, 0))
  assert.deepEqual(rle.toBitmap(runs(RING), { x: 3, y: 1, width: 3, height: 2 }), bitmap([".#.", "##."], 3, 1))
})

test("area and bounds", () => {
  assert.equal(rle.area(runs(RING)), 10)
  assert.deepEqual(rle.bounds(runs(RING)), { x: 1, y: 0, width: 4, height: 3 })
  assert.deepEqual(rle.bounds(runs(BAR)), { x: 0, y: 1, width: 6, height: 1 })
  assert.deepEqual(rle.bounds(runs([".#....", "##....", ".#....", ".#...."])), { x: 0, y: 0, width: 2, height: 4 })
  assert.deepEqual(rle.bounds(rle.empty(SIZE)), { x: 0, y: 0, width: 0, height: 0 })
  assert.ok(rle.isEmpty(rle.empty(SIZE)))
})

for (const [x, y, expected] of [[1, 0, true], [1.9, 2.9, true], [2, 1, false], [3.5, 1.5, false], [0.99, 0, false], [-1, 1, false], [6, 0, false], [4.2, 4, false]]) {
  test(`the ring ${expected ? "holds" : "does not hold"} the point ${x}, ${y}`, () => {
    assert.equal(rle.contains(runs(RING), { x, y }), expected)
  })
}

test("union, subtraction, intersection", () => {
  assert.deepEqual(drawn(rle.union(runs(RING), runs(BAR))), [".####.", "######", ".####.", "......"])
  assert.deepEqual(drawn(rle.subtract(runs(RING), runs(BAR))), [".####.", "......", ".####.", "......"])
  assert.deepEqual(drawn(rle.intersect(runs(RING), runs(BAR))), ["......", ".#..#.", "......", "......"])
  assert.deepEqual(rle.subtract(runs(RING), runs(RING)), rle.empty(SIZE))
  assert.deepEqual(rle.union(rle.empty(SIZE), runs(RING)), runs(RING))
})

for (const [dx, dy, expected] of [
  [1, 1, ["......", "..####", "..#..#", "..####"]],
  [-2, 0, ["###...", "..#...", "###...", "......"]],
  [2, -1, ["...#..", "...###", "......", "......"]],
  [0, 2, ["......", "......", ".####.", ".#..#."]],
  [9, 0, ["......", "......", "......", "......"]],
]) {
  test(`moved by ${dx}, ${dy}; what leaves the picture is lost`, () => {
    assert.deepEqual(drawn(rle.shift(runs(RING), dx, dy)), expected)
  })
}

for (const [what, size, counts] of [
  ["too few pixels", [4, 6], "1"],
  ["too many pixels", [4, 6], "oo0"],
  ["a character that is none of the coding", [4, 6], "a b"],
  ["a run cut short", [4, 6], "h"],
  ["a run below zero", [4, 6], "O"],
  ["an endless number", [4, 6], "ooooooooooooooo0"],
]) {
  test(`counts with ${what} are refused`, () => {
    assert.throws(() => rle.decompress({ size, counts }), RangeError)
  })
}

test("runs of no length, as other tools write them, make no edges", () => {
  // 0 outside, 2 inside, 0 outside, 3 inside, 19 outside
  const counts = [0, 2, 0, 3, 19].map((count, at, all) => (at > 2 ? count - all[at - 2] : count))
  const text = counts.map((value) => {
    let [sign, rest] = [value & 0x1f, value >> 5]
    const more = sign & 0x10 ? rest !== -1 : rest !== 0
    return String.fromCharCode((more ? sign | 0x20 : sign) + 48) + (more ? String.fromCharCode((rest & 0x1f) + 48) : "")
  })
  assert.deepEqual(rle.decompress({ size: [4, 6], counts: text.join("") }).edges, [0, 5])
})

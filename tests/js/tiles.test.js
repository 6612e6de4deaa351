import assert from "node:assert/strict"
import { test } from "node:test"
import { above, areaOf, below, keyOf, levelFor, levelsOf, tilesIn } from "../../app/static/js/annotate/tiles.js"

const TILE = 512
const sizes = (width, height) => levelsOf({ width, height }, TILE).map((size) => [size.width, size.height])

test("each level is half the one before until one tile holds it, as the server cuts them", () => {
  assert.deepEqual(sizes(512, 512), [[512, 512]])
  assert.deepEqual(sizes(513, 1), [[513, 1], [257, 1]])
  assert.deepEqual(sizes(8000, 6000), [[8000, 6000], [4000, 3000], [2000, 1500], [1000, 750], [500, 375]])
  assert.deepEqual(sizes(4501, 601), [[4501, 601], [2251, 301], [1126, 151], [563, 76], [282, 38]])
})

test("the level has at least one pixel for each of the screen's, and no more than two", () => {
  for (const [scale, level] of [[4, 0], [1, 0], [0.51, 0], [0.5, 1], [0.26, 1], [0.25, 2], [0.1, 3], [0.001, 4]]) {
    assert.equal(levelFor(scale, 5), level, `at ${scale}`)
  }
})

test("only tiles that are seen are asked for, the middle first", () => {
  const [size] = levelsOf({ width: 20000, height: 15000 }, TILE)
  const seen = tilesIn({ x: 1000, y: 500, width: 1100, height: 700 }, 0, size, TILE)
  assert.deepEqual(seen.map(keyOf).sort(), ["0/1/0", "0/1/1", "0/1/2", "0/2/0", "0/2/1", "0/2/2", "0/3/0", "0/3/1", "0/3/2", "0/4/0", "0/4/1", "0/4/2"])
  assert.equal(keyOf(seen[0]), "0/3/1")
})

test("beyond the picture there are no tiles", () => {
  const levels = levelsOf({ width: 1000, height: 700 }, TILE)
  assert.deepEqual(tilesIn({ x: -5000, y: -5000, width: 20000, height: 20000 }, 0, levels[0], TILE).map(keyOf).sort(), ["0/0/0", "0/0/1", "0/1/0", "0/1/1"])
  assert.deepEqual(tilesIn({ x: 1100, y: 0, width: 50, height: 50 }, 0, levels[0], TILE), [])
})

test("tiles of a level cover the picture without gap or overlap", () => {
  const whole = { width: 4501, height: 1301 }
  for (const [level, size] of levelsOf(whole, TILE).entries()) {
    const areas = tilesIn({ x: 0, y: 0, ...whole }, level, size, TILE).map((one) => areaOf(one, size, TILE))
    const covered = areas.reduce((sum, { width, height }) => sum + width * height, 0)
    assert.equal(covered, size.width * size.height * 4 ** level)
    assert.equal(new Set(areas.map(({ x, y }) => `${x} ${y}`)).size, areas.length)
  }
})

test("a tile lies in one of each coarser level, and holds four of the finer one", () => {
  const tile = { level: 2, column: 5, row: 3 }
  assert.deepEqual(above(tile), { level: 3, column: 2, row: 1 })
  assert.deepEqual(above(tile, 3), { level: 5, column: 0, row: 0 })
  assert.deepEqual(below(tile).map(keyOf), ["1/10/6", "1/11/6", "1/10/7", "1/11/7"])
  for (const one of below(tile)) assert.deepEqual(above(one), tile)
})

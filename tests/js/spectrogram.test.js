import assert from "node:assert/strict"
import { test } from "node:test"

import { SpectrogramTiles } from "../../app/static/js/annotate/spectrogram.js"

const RATE = 16_000
const levels = [[1024, 2], [256, 8]]

function file() {
  const tiles = levels.reduce((sum, [, count]) => sum + count, 0)
  const view = new DataView(new ArrayBuffer(28 + 8 * levels.length + 8 * (tiles + 1)))
  ;[..."FSG1"].forEach((letter, n) => view.setUint8(n, letter.charCodeAt(0)))
  ;[RATE, 512, 128, levels.length].forEach((value, n) => view.setUint32(4 + 4 * n, value, true))
  view.setBigUint64(20, BigInt(1_000_000), true)
  levels.forEach(([hop, count], n) => {
    view.setUint32(28 + 8 * n, hop, true)
    view.setUint32(32 + 8 * n, count, true)
  })
  for (let n = 0; n <= tiles; n += 1) view.setBigUint64(28 + 8 * levels.length + 8 * n, BigInt(1000 + 10 * n), true)
  return view.buffer
}

test("a wide view takes few tiles of a coarse level, found in the file", () => {
  const found = new SpectrogramTiles(file()).inView(0, 62.5, 800)
  assert.deepEqual(found.map(({ key, bytes }) => [key, bytes]), [["1024/0", [1000, 1010]], ["1024/1", [1010, 1020]]])
})

test("a closer one takes those it needs of a finer level", () => {
  const [tile, ...others] = new SpectrogramTiles(file()).inView(20, 4, 400)
  assert.equal(others.length, 0)
  assert.deepEqual([tile.key, tile.bytes, tile.start, tile.end], ["256/2", [1040, 1050], 16.384, 24.576])
})

test("closer than the file holds, the server makes the tile", () => {
  const found = new SpectrogramTiles(file()).inView(20, 0.1, 400)
  assert.ok(found.every(({ bytes }) => bytes === null))
  assert.ok(found[0].hop <= 16 && found[0].start <= 20)
})

test("a foreign file is refused", () => {
  assert.throws(() => new SpectrogramTiles(new ArrayBuffer(40)), /no file of a spectrogram/)
})

import assert from "node:assert/strict"
import { test } from "node:test"

import * as peaks from "../../app/static/js/annotate/peaks.js"

function file(pairs, { rate = 8000, per = 80, magic = "FPK1" } = {}) {
  const buffer = new ArrayBuffer(24 + pairs.length)
  const view = new DataView(buffer)
  for (let n = 0; n < 4; n += 1) view.setUint8(n, magic.charCodeAt(n))
  view.setUint32(4, rate, true)
  view.setUint32(8, per, true)
  view.setUint32(12, pairs.length / 2, true)
  view.setBigUint64(16, BigInt((pairs.length / 2) * per), true)
  new Int8Array(buffer, 24).set(pairs)
  return buffer
}

const quiet = (count) => new Array(2 * count).fill(0)

test("the head of the file tells how much sound one peak holds", () => {
  const parsed = peaks.parsePeaks(file([-1, 1, -128, 127]))
  assert.equal(parsed.secondsPerPeak, 0.01)
  assert.equal(parsed.totalSamples, 160)
  assert.deepEqual([...parsed.levels[0]], [-1, 1, -128, 127])
  assert.equal(peaks.loudest(parsed), 128)
})

test("a foreign or shortened file is refused", () => {
  assert.throws(() => peaks.parsePeaks(file([0, 0], { magic: "RIFF" })), /not a waveform/)
  assert.throws(() => peaks.parsePeaks(file([0, 0, 0, 0]).slice(0, 26)), /cut short/)
  assert.throws(() => peaks.parsePeaks(new ArrayBuffer(3)), /too short/)
})

test("one loud peak is seen at every zoom, at its place", () => {
  const pairs = quiet(10000)
  pairs[2 * 4321] = -100
  pairs[2 * 4321 + 1] = 90
  const parsed = peaks.parsePeaks(file(pairs))
  for (const width of [100, 777, 5000]) {
    const made = peaks.columns(parsed, 0, 100, width)
    const loud = [...Array(width).keys()].filter((column) => made[2 * column] === -100)
    const at = Math.floor((43.21 / 100) * width)
    assert.ok(loud.includes(at), `width ${width}: ${loud}, wanted ${at}`)
    assert.ok(loud.length <= 4, `width ${width}: ${loud}`)
  }
})

test("closer than one peak a column, the peak fills its columns", () => {
  const parsed = peaks.parsePeaks(file([-1, 1, -2, 2]))
  assert.deepEqual([...peaks.columns(parsed, 0, 0.02, 4)], [-1, 1, -1, 1, -2, 2, -2, 2])
})

test("past the end of the sound there is silence", () => {
  assert.deepEqual([...peaks.columns(peaks.parsePeaks(file([-5, 5])), 0, 0.02, 2)], [-5, 5, 0, 0])
})

test("no sound at all is loud as nothing", () => {
  assert.equal(peaks.loudest(peaks.parsePeaks(file([]))), 0)
})

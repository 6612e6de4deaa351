import assert from "node:assert/strict"
import { test } from "node:test"

import { Waveform } from "../../app/static/js/annotate/peaks.js"

/** levels: [[samples a peak, pairs]], the coarsest first. */
function file(levels, { rate = 8000, channels = 1, magic = "FPK2" } = {}) {
  const heads = 24 + 16 * levels.length
  const buffer = new ArrayBuffer(heads + levels.reduce((sum, [, pairs]) => sum + pairs.length, 0))
  const view = new DataView(buffer)
  for (let n = 0; n < 4; n += 1) view.setUint8(n, magic.charCodeAt(n))
  view.setUint32(4, rate, true)
  view.setUint32(8, channels, true)
  view.setUint32(12, levels.length, true)
  const [finest, last] = levels.at(-1)
  view.setBigUint64(16, BigInt((last.length / 2 / channels) * finest), true)
  let at = heads
  levels.forEach(([samples, pairs], n) => {
    view.setUint32(24 + 16 * n, samples, true)
    view.setUint32(28 + 16 * n, pairs.length / 2 / channels, true)
    view.setBigUint64(32 + 16 * n, BigInt(at), true)
    new Int8Array(buffer, at).set(pairs)
    at += pairs.length
  })
  return buffer
}

const quiet = (count) => new Array(2 * count).fill(0)

function withPeak(count, at) {
  const pairs = quiet(count)
  pairs[2 * at] = -100
  pairs[2 * at + 1] = 90
  return pairs
}

test("the head of the file tells rate, channels, length and levels", () => {
  const waveform = new Waveform(file([[80, [-1, 1, -128, 127]]]))
  assert.deepEqual([waveform.rate, waveform.channels, waveform.samples], [8000, 1, 160])
  assert.deepEqual([...waveform.levels[0].pairs], [-1, 1, -128, 127])
  assert.equal(waveform.loudest, 128)
})

test("a foreign or shortened file is refused", () => {
  assert.throws(() => new Waveform(file([[80, [0, 0]]], { magic: "RIFF" })), /not a waveform/)
  assert.throws(() => new Waveform(file([[80, [0, 0]]]).slice(0, 26)), /cut short/)
  assert.throws(() => new Waveform(new ArrayBuffer(3)), /too short/)
})

test("one loud peak is seen at every zoom, at its place", () => {
  const waveform = new Waveform(file([[1280, withPeak(625, 270)], [320, withPeak(2500, 1080)], [80, withPeak(10000, 4321)]]))
  for (const width of [100, 777, 5000]) {
    const made = waveform.columns(0, 100, width)
    const loud = [...Array(width).keys()].filter((column) => made[2 * column] === -100)
    const at = Math.floor((43.21 / 100) * width)
    assert.ok(loud.includes(at), `width ${width}: ${loud}, wanted ${at}`)
    assert.ok(loud.length <= 9, `width ${width}: ${loud}`)
  }
})

test("closer than one peak a column, the peak fills its columns", () => {
  const waveform = new Waveform(file([[80, [-1, 1, -2, 2]]]))
  assert.deepEqual([...waveform.columns(0, 0.02, 4)], [-1, 1, -1, 1, -2, 2, -2, 2])
})

test("past the end of the sound there is silence", () => {
  assert.deepEqual([...new Waveform(file([[80, [-5, 5]]])).columns(0, 0.02, 2)], [-5, 5, 0, 0])
})

test("channels are seen apart and together", () => {
  const waveform = new Waveform(file([[80, [-1, 1, -7, 7, -2, 2, 0, 0]]], { channels: 2 }))
  assert.deepEqual([...waveform.columns(0, 0.02, 2, 0)], [-1, 1, -2, 2])
  assert.deepEqual([...waveform.columns(0, 0.02, 2, 1)], [-7, 7, 0, 0])
  assert.deepEqual([...waveform.columns(0, 0.02, 2)], [-7, 7, -2, 2])
})

test("no sound at all is loud as nothing", () => {
  assert.equal(new Waveform(file([[80, []]])).loudest, 0)
})

test("of a long sound only what is looked at is brought, once, and until then a coarser level is shown", () => {
  const coarse = withPeak(1000, 500)
  const whole = file([[5120, coarse], [64, withPeak(80_000, 40_010)]])
  const waveform = new Waveform(whole.slice(0, 65_536))
  const span = (80_000 * 64) / 8000
  assert.deepEqual(waveform.wanted(0, span, 500), [], "the whole of it is in the head")
  const at = (40_010 * 64) / 8000
  assert.equal(waveform.columns(at, 0.01, 2)[0], -100, "drawn from the coarse level")
  const [[from, to], ...others] = waveform.wanted(at - 1, 2, 400)
  assert.equal(others.length, 0)
  assert.ok(to - from <= 65_536 && from >= 65_536)
  assert.deepEqual(waveform.wanted(at - 1, 2, 400), [], "it is asked for once")
  waveform.missed(from, to)
  assert.deepEqual(waveform.wanted(at - 1, 2, 400), [[from, to]], "and again when it did not come")
  waveform.add(from, whole.slice(from, to))
  const made = waveform.columns(at - 1, 2, 400)
  assert.deepEqual([...made].filter((value) => value === -100).length, 2)
})

import assert from "node:assert/strict"
import { test } from "node:test"

import { Samples } from "../../app/static/js/annotate/pcm.js"

const make = () => new Samples({ rate: 1000, channels: 2, total: 20_000 })

test("samples are drawn only from close by", () => {
  assert.equal(make().isClose(20, 400), false)
  assert.equal(make().isClose(10, 400), true)
})

test("a view asks for its blocks once, the last one as long as the sound", () => {
  const samples = make()
  assert.deepEqual(samples.wanted(16.3, 0.2), [
    { block: 0, start: 0, count: 16_384 },
    { block: 1, start: 16_384, count: 3616 },
  ])
  assert.deepEqual(samples.wanted(16.3, 0.2), [])
  samples.missed(1)
  assert.deepEqual(samples.wanted(18, 0.2), [{ block: 1, start: 16_384, count: 3616 }])
})

test("a sample of a channel is found in its block, and nothing where there is none", () => {
  const samples = make()
  samples.wanted(0, 0.1)
  assert.equal(samples.holds(0, 0.1), false)
  const block = new Int16Array(2 * 16_384)
  block[2 * 7 + 1] = -16_384
  samples.add(0, block)
  assert.equal(samples.holds(0, 0.1), true)
  assert.equal(samples.at(7, 1), -0.5)
  assert.equal(samples.at(7, 0), 0)
  assert.equal(samples.at(17_000, 0), null)
  assert.equal(samples.at(-1, 0), null)
})

test("the samples in sight have one more on either side, within the sound", () => {
  assert.deepEqual(make().range(1, 0.01), { first: 999, last: 1011 })
  assert.deepEqual(make().range(19.99, 0.02), { first: 19_989, last: 19_999 })
})

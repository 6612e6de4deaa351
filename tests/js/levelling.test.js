import assert from "node:assert/strict"
import { test } from "node:test"

import { gainFor } from "../../app/static/js/annotate/levelling.js"

const decibels = (gain) => Math.round(200 * Math.log10(gain)) / 10

test("a loud sound is softened and a quiet one raised, as far as its peak allows", () => {
  assert.equal(decibels(gainFor(-10, -0.2)), -8)
  assert.equal(decibels(gainFor(-28, -14)), 10)
  assert.equal(decibels(gainFor(-28, -5)), 4)
  assert.equal(decibels(gainFor(-28, 0)), 0)
  assert.equal(decibels(gainFor(-65, -60)), 20)
})

test("what was never measured is played as it is", () => {
  assert.equal(gainFor(null, null), 1)
  assert.equal(gainFor(undefined, undefined), 1)
})

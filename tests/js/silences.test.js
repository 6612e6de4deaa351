import assert from "node:assert/strict"
import { test } from "node:test"

import { Silences } from "../../app/static/js/annotate/silences.js"

const silences = new Silences({ rate: 1000, silences: [[0, 1200], [3000, 3500], [6000, 6400]] })

test("edges are every beginning and end of a silence, in seconds", () => {
  assert.deepEqual(silences.edges, [0, 1.2, 3, 3.5, 6, 6.4])
})

test("a segment is fitted to what is heard in it, as far as its edges reach", () => {
  assert.deepEqual(silences.fitted({ start: 0.9, end: 3.3 }, 0.5), { start: 1.2, end: 3 })
  assert.deepEqual(silences.fitted({ start: 1.4, end: 2.9 }, 0.5), { start: 1.2, end: 3 })
  assert.deepEqual(silences.fitted({ start: 4.5, end: 5 }, 0.5), { start: 4.5, end: 5 })
  assert.deepEqual(silences.fitted({ start: 3.1, end: 3.4 }, 0.5), { start: 3.1, end: 3.4 }, "nothing would be left")
})

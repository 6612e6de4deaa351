import assert from "node:assert/strict"
import { test } from "node:test"

import { readPlace } from "../../app/static/js/annotate/places.js"

test("a whole number is a frame, everything else a time", () => {
  assert.deepEqual(readPlace(" 120 "), { frame: 120 })
  assert.deepEqual(readPlace("2.5"), { seconds: 2.5 })
  assert.deepEqual(readPlace("2,5"), { seconds: 2.5 })
  assert.deepEqual(readPlace("62s"), { seconds: 62 })
  assert.deepEqual(readPlace("1:02.5"), { seconds: 62.5 })
  assert.deepEqual(readPlace("1:00:01"), { seconds: 3601 })
})

test("what is no place is none", () => {
  for (const words of ["", "frame", "-3", "1:2:3:4", "1.2.3"]) assert.equal(readPlace(words), null)
})

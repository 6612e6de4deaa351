import assert from "node:assert/strict"
import { test } from "node:test"

import { TAG_HEIGHT, tagPlaces } from "../../app/static/js/annotate/tag-places.js"

const SCREEN = { width: 1000, height: 700 }
const tag = (x, y, width = 60, height = 40, more = {}) => ({ area: { x, y, width, height }, width: 50, kind: "boxes", hidden: false, isSelected: false, ...more })

test("a tag stands over its mark, under it where another one has the place, and else within", () => {
  const twins = [tag(100, 100), tag(100, 100), tag(100, 100), tag(100, 100)]
  assert.deepEqual(tagPlaces(twins, SCREEN), ["over", "under", "within", null])
  assert.deepEqual(tagPlaces([tag(100, 100), tag(200, 100)], SCREEN), ["over", "over"])
})

test("at the edge of the screen a tag stands where it is seen", () => {
  assert.deepEqual(tagPlaces([tag(100, 5)], SCREEN), ["under"])
  assert.deepEqual(tagPlaces([tag(100, 5, 200, 690)], SCREEN), ["within"])
})

test("small marks close together keep as many tags as there is room for, none on another", () => {
  let seed = 7
  const chance = (most) => (seed = (seed * 16807) % 2147483647) % most
  const crowd = Array.from({ length: 400 }, () => tag(chance(900), 30 + chance(600), 10 + chance(80), 10 + chance(80)))
  const places = tagPlaces(crowd, SCREEN)
  const shown = crowd.flatMap(({ area, width }, at) => {
    if (places[at] === null) return []
    const y = { over: area.y - 3 - TAG_HEIGHT, under: area.y + area.height + 3, within: area.y + 4 }[places[at]]
    return [{ x: places[at] === "within" ? area.x + 4 : area.x, y, width }]
  })
  assert.ok(shown.length > 100 && shown.length < 400)
  for (const [at, one] of shown.entries()) {
    for (const other of shown.slice(at + 1)) {
      const apart = Math.abs(one.y - other.y) >= TAG_HEIGHT || one.x + one.width <= other.x || other.x + other.width <= one.x
      assert.ok(apart)
    }
  }
})

test("the selected mark always has its tag, away from the handle that turns it, and hidden marks take no place", () => {
  const twins = [tag(100, 100), tag(100, 100, 60, 40, { isSelected: true })]
  assert.deepEqual(tagPlaces(twins, SCREEN), ["over", "under"])
  assert.deepEqual(tagPlaces([tag(100, 100, 400, 40, { isSelected: true })], SCREEN), ["over"])
  assert.deepEqual(tagPlaces([tag(100, 100, 60, 40, { hidden: true }), tag(100, 100)], SCREEN), [null, "over"])
  const [full] = tagPlaces([tag(0, -30, 20, 2000, { isSelected: true })], SCREEN)
  assert.equal(full, "over")
})

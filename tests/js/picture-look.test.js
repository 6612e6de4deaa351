import assert from "node:assert/strict"
import { test } from "node:test"

import { filterOf, looked, PLAIN, readKept, stepped } from "../../app/static/js/annotate/picture-look.js"
import * as viewport from "../../app/static/js/annotate/viewport.js"

test("numbers are kept within their range, and what is no number changes nothing", () => {
  assert.equal(looked(PLAIN, "brightness", 5000).brightness, 300)
  assert.equal(looked(PLAIN, "contrast", -3).contrast, 20)
  assert.equal(looked(PLAIN, "brightness", Number.NaN), PLAIN)
  assert.equal(looked(PLAIN, "grey", "yes"), PLAIN)
  assert.equal(looked(PLAIN, "colour", 3), PLAIN)
  assert.equal(looked(PLAIN, "grey", true).grey, true)
})

test("a step goes to the next whole step and stops at the ends", () => {
  assert.equal(stepped(PLAIN, "brightness", 1).brightness, 110)
  assert.equal(stepped(looked(PLAIN, "brightness", 115), "brightness", 1).brightness, 120)
  assert.equal(stepped(looked(PLAIN, "brightness", 115), "brightness", -1).brightness, 110)
  const darkest = looked(PLAIN, "brightness", 20)
  assert.equal(stepped(darkest, "brightness", -1), darkest)
})

test("the filter names only what differs from the picture as it is", () => {
  assert.equal(filterOf(PLAIN), "none")
  assert.equal(filterOf({ ...PLAIN, loupe: true, magnification: 8 }), "none")
  assert.equal(filterOf({ ...PLAIN, brightness: 150, contrast: 80, grey: true }), "grayscale(1) brightness(1.5) contrast(0.8)")
})

test("what was kept is read as far as it can be", () => {
  assert.deepEqual(readKept(undefined), { look: PLAIN, place: null })
  assert.deepEqual(readKept("bright"), { look: PLAIN, place: null })
  const { look, place } = readKept({ brightness: 130, contrast: "much", grey: true, place: { zoom: 2, x: 0.5, y: 0.25 } })
  assert.deepEqual(look, { ...PLAIN, brightness: 130, grey: true })
  assert.deepEqual(place, { zoom: 2, x: 0.5, y: 0.25 })
  assert.equal(readKept({ place: { zoom: 0, x: 0.5, y: 0.5 } }).place, null)
})

test("a place gives the very same view of a picture of the same size, and the like of another one", () => {
  const [media, screen] = [{ width: 1600, height: 1200 }, { width: 1000, height: 700 }]
  const view = viewport.zoomAbout(viewport.fit(media, screen), 3, { x: 200, y: 150 }, media, screen)
  const place = viewport.placeOf(view, media, screen)
  const again = viewport.at(place, media, screen)
  for (const key of ["scale", "x", "y"]) assert.ok(Math.abs(again[key] - view[key]) < 1e-9)
  const double = viewport.at(place, { width: 3200, height: 2400 }, screen)
  assert.ok(Math.abs(double.scale - view.scale / 2) < 1e-9)
  assert.ok(Math.abs(double.x - view.x) < 1e-9)
})

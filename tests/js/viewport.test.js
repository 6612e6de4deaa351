import assert from "node:assert/strict"
import { test } from "node:test"
import * as viewport from "../../app/static/js/annotate/viewport.js"

const MEDIA = { width: 8000, height: 6000 }
const SCREEN = { width: 1000, height: 700 }

const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-6, `${one} is not ${other}`)

test("fit shows the whole picture in the middle", () => {
  const view = viewport.fit(MEDIA, SCREEN)
  const start = viewport.toScreen(view, { x: 0, y: 0 })
  const end = viewport.toScreen(view, { x: 8000, y: 6000 })
  assert.ok(start.x >= 12 && start.y >= 12 && end.x <= 988 && end.y <= 688)
  near(start.x, 1000 - end.x)
  near(start.y, 700 - end.y)
})

test("fit enlarges a small picture only so far", () => {
  near(viewport.fit({ width: 20, height: 10 }, SCREEN).scale, 4)
})

test("there and back is the same point", () => {
  const view = viewport.zoomAbout(viewport.fit(MEDIA, SCREEN), 3.7, { x: 400, y: 300 }, MEDIA, SCREEN)
  const point = viewport.toMedia(view, viewport.toScreen(view, { x: 1234.5, y: 4321.25 }))
  near(point.x, 1234.5)
  near(point.y, 4321.25)
})

test("zooming keeps what is under the pointer under it", () => {
  const view = viewport.fit(MEDIA, SCREEN)
  const at = { x: 321, y: 456 }
  const before = viewport.toMedia(view, at)
  const after = viewport.toMedia(viewport.zoomAbout(view, 5, at, MEDIA, SCREEN), at)
  near(before.x, after.x)
  near(before.y, after.y)
})

test("zoom ends at its limits", () => {
  const view = viewport.fit(MEDIA, SCREEN)
  near(viewport.zoomAbout(view, 1e9, { x: 1, y: 1 }, MEDIA, SCREEN).scale, 64)
  near(viewport.zoomAbout(view, 1e-9, { x: 1, y: 1 }, MEDIA, SCREEN).scale, view.scale / 2)
})

test("actual size is one to one", () => {
  near(viewport.actualSize(viewport.fit(MEDIA, SCREEN), MEDIA, SCREEN).scale, 1)
})

test("panning never loses the picture", () => {
  const view = viewport.pan(viewport.fit(MEDIA, SCREEN), 1e6, -1e6, MEDIA, SCREEN)
  assert.ok(viewport.toScreen(view, { x: 0, y: 0 }).x <= SCREEN.width - 48)
  assert.ok(viewport.toScreen(view, { x: 8000, y: 6000 }).y >= 48)
})

test("zooming to an area shows all of it", () => {
  const area = { x: 5000, y: 4000, width: 300, height: 100 }
  const view = viewport.zoomTo(area, MEDIA, SCREEN)
  const start = viewport.toScreen(view, area)
  const end = viewport.toScreen(view, { x: 5300, y: 4100 })
  assert.ok(start.x > 0 && start.y > 0 && end.x < 1000 && end.y < 700)
  near(end.x - start.x, 600)
})

test("reveal leaves alone what is seen and brings in what is not", () => {
  const view = viewport.actualSize(viewport.fit(MEDIA, SCREEN), MEDIA, SCREEN)
  const seen = { ...viewport.toMedia(view, { x: 100, y: 100 }), width: 50, height: 50 }
  assert.equal(viewport.reveal(view, seen, MEDIA, SCREEN), view)
  const hidden = { x: 0, y: 0, width: 50, height: 50 }
  const moved = viewport.toScreen(viewport.reveal(view, hidden, MEDIA, SCREEN), hidden)
  near(moved.x, 24)
  near(moved.y, 24)
})

test("the difference of two views carries one over the other", () => {
  const drawn = viewport.fit(MEDIA, SCREEN)
  const now = viewport.zoomAbout(drawn, 2.5, { x: 50, y: 60 }, MEDIA, SCREEN)
  const { scale, x, y } = viewport.difference(drawn, now)
  const point = { x: 777, y: 888 }
  const old = viewport.toScreen(drawn, point)
  const wanted = viewport.toScreen(now, point)
  near(old.x * scale + x, wanted.x)
  near(old.y * scale + y, wanted.y)
})

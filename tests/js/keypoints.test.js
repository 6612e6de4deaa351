import assert from "node:assert/strict"
import { test } from "node:test"
import { changeOf, KINDS, numbersOf } from "../../app/static/js/annotate/summaries.js"
import { keypoints, rechosen, templateOf, titleOfPoint } from "../../app/static/js/annotate/shapes/keypoints.js"
import { loadShapes } from "../../app/static/js/annotate/shapes/registry.js"
import { Work } from "../../app/static/js/annotate/work.js"

await loadShapes(new Set(["polygons", "polylines", "keypoints", "masks"]))

const SIZE = { width: 400, height: 300 }
const FIELD = {
  name: "pose", kind: "keypoints", part: "creative",
  choices: [{ value: "adult", template: "face" }, { value: "child", template: "face" }, { value: "hand", template: "hand" }],
  templates: {
    face: { points: ["eye", "nose", "ear"], skeleton: [["eye", "nose"], ["nose", "ear"]], titles: { eye: { en: "Left eye" } } },
    hand: { points: ["wrist", "nose"], skeleton: [] },
  },
}
const title = (thing) => thing.title?.en ?? thing.name
const mark = (points, choice = "adult") => ({ id: "m", choice, points })
const FACE = mark({ eye: [10, 20, 2], nose: [30, 40, 1], ear: [0, 0, 0] })

test("a choice has the template that it names, else the field's first", () => {
  assert.equal(templateOf(FIELD, "hand"), FIELD.templates.hand)
  assert.equal(templateOf(FIELD, undefined), FIELD.templates.face)
  assert.equal(templateOf({}, "x"), null)
})

test("a point is called by its title, else by its name as words", () => {
  assert.equal(titleOfPoint(FIELD.templates.face, "eye", title), "Left eye")
  assert.equal(titleOfPoint(null, "left_eye", title), "left eye")
})

test("only lines between two placed points are drawn, an occluded point hollow", () => {
  assert.equal(keypoints.outline(FACE, FIELD), "M10 20L30 40")
  assert.deepEqual(keypoints.dots(FACE), [{ x: 10, y: 20, hollow: false }, { x: 30, y: 40, hollow: true }])
})

test("a mark is moved, stretched and clamped by its placed points; the others stay nowhere", () => {
  assert.deepEqual(keypoints.moved(FACE, 500, 1, SIZE).points, { eye: [380, 21, 2], nose: [400, 41, 1], ear: [0, 0, 0] })
  assert.deepEqual(keypoints.resized(FACE, 20, 0, SIZE).points, { eye: [10, 20, 2], nose: [50, 40, 1], ear: [0, 0, 0] })
  assert.deepEqual(keypoints.clamped(mark({ eye: [-4, 500, 2], nose: [0, 0, 0] }), SIZE).points, { eye: [0, 300, 2], nose: [0, 0, 0] })
})

test("a point that gets a place is seen, one that had its state keeps it", () => {
  assert.deepEqual(keypoints.vertices.placed(FACE, "ear", { x: 5, y: 6 }, SIZE).points.ear, [5, 6, 2])
  assert.deepEqual(keypoints.vertices.placed(FACE, "nose", { x: 5, y: 6 }, SIZE).points.nose, [5, 6, 1])
})

test("a point that is left out is at no place; the last one cannot be", () => {
  const without = keypoints.vertices.without(FACE, "eye")
  assert.deepEqual(without.points.eye, [0, 0, 0])
  assert.equal(keypoints.vertices.without(without, "nose"), null)
})

test("seen and occluded turn into each other, what is nowhere cannot be occluded", () => {
  assert.deepEqual(keypoints.vertices.occluded(FACE, "eye").points.eye, [10, 20, 1])
  assert.deepEqual(keypoints.vertices.occluded(FACE, "nose").points.nose, [30, 40, 2])
  assert.equal(keypoints.vertices.occluded(FACE, "ear"), null)
})

test("another choice of the same template changes nothing else", () => {
  assert.deepEqual(rechosen(FIELD, FACE, "child"), { choice: "child" })
})

test("a choice of another template keeps the points of the same name, and is refused where none is left", () => {
  assert.deepEqual(rechosen(FIELD, FACE, "hand"), { choice: "hand", points: { wrist: [0, 0, 0], nose: [30, 40, 1] } })
  assert.equal(rechosen(FIELD, mark({ eye: [1, 2, 2], nose: [0, 0, 0], ear: [0, 0, 0] }), "hand"), null)
})

test("the work changes choice and points as one step, and says why it does not", () => {
  const parts = [{ name: "creative", modality: "image", ...SIZE }]
  const schema = { parts, fields: [FIELD] }
  const work = new Work({ claim: {}, task: { schema, asset: { parts }, draft: { answers: { pose: [FACE] } } } })
  const said = []
  work.addEventListener("announce", ({ detail }) => said.push(detail))
  work.select("pose", "m")
  work.chooseFor("pose", "hand")
  assert.deepEqual(Object.keys(work.mark("pose", "m").points), ["wrist", "nose"])
  work.undo()
  assert.equal(work.mark("pose", "m"), FACE)
  work.changeMark("pose", "m", keypoints.vertices.without(FACE, "nose"))
  work.chooseFor("pose", "hand")
  assert.equal(work.mark("pose", "m").choice, "adult")
  assert.match(said.at(-1), /other points/)
})

// The form that replaces dragging ---------------------------------------------------------------------------------------

const number = (kind, shape, piece) => Object.fromEntries(numbersOf(kind, shape, piece).map(({ name, value }) => [name, value]))

test("the form names every point and shows the one chosen", () => {
  assert.deepEqual(KINDS.keypoints.pieces(FACE, FIELD, title).map((one) => one.title), [
    "Left eye, seen", "nose, occluded", "ear, not labelled",
  ])
  assert.deepEqual(number("keypoints", FACE, "nose"), { left: 10, top: 20, x: 30, y: 40, visibility: 1 })
  assert.deepEqual(number("polygons", { points: [[1, 2], [9, 2], [9, 8]] }, "2"), { left: 1, top: 2, x: 9, y: 8 })
})

test("a point's numbers move it alone, those of the whole move all, none over the edge", () => {
  const triangle = { points: [[1, 2], [9, 2], [9, 8]] }
  const change = (name, value, piece = "2") => changeOf("polygons", triangle, name, value, { part: SIZE, piece })
  assert.deepEqual(change("x", 20.25), { points: [[1, 2], [9, 2], [20.25, 8]] })
  assert.deepEqual(change("left", 11), { points: [[11, 2], [19, 2], [19, 8]] })
  assert.equal(change("y", 301), null)
  assert.equal(change("top", 295), null)
  assert.equal(change("y", 2), null, "two points would lie on each other")
})

test("visibility is typed too: nowhere, occluded, or seen", () => {
  const change = (value, piece) => changeOf("keypoints", FACE, "visibility", value, { part: SIZE, piece })
  assert.deepEqual(change(0, "nose").points.nose, [0, 0, 0])
  assert.deepEqual(change(1, "ear").points.ear, [20, 30, 1])
  assert.deepEqual(change(2, "nose").points.nose, [30, 40, 2])
  assert.equal(change(3, "nose"), null)
})

test("a mask is moved by whole pixels", () => {
  const mask = { rle: { size: [4, 5], counts: "52=" } } // pixel rows 1 and 2 of the second column
  assert.deepEqual(number("masks", mask), { left: 1, top: 1 })
  const moved = changeOf("masks", mask, "left", 4, { part: { width: 5, height: 4 } })
  assert.deepEqual(number("masks", moved), { left: 4, top: 1 })
  assert.equal(changeOf("masks", mask, "left", 5, { part: { width: 5, height: 4 } }), null)
})

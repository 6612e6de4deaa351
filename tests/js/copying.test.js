import assert from "node:assert/strict"
import { test } from "node:test"

import { copiedInWords, copyMarks } from "../../app/static/js/annotate/copying.js"
import { loadShapes } from "../../app/static/js/annotate/shapes/registry.js"
import { Work } from "../../app/static/js/annotate/work.js"

await loadShapes(new Set(["boxes", "polygons", "masks"]))

const SCHEMA = {
  name: "Ads",
  parts: [{ name: "creative", modality: "image" }],
  fields: [
    { name: "verdict", kind: "choice", choices: [{ value: "allow" }, { value: "reject" }] },
    { name: "objects", kind: "boxes", part: "creative", choices: [{ value: "bottle" }, { value: "glass" }] },
    { name: "areas", kind: "polygons", part: "creative", choices: [{ value: "text" }] },
    { name: "stains", kind: "masks", part: "creative", choices: [{ value: "red" }] },
    { name: "late", kind: "boxes", part: "creative", when: { verdict: ["reject"] }, choices: [{ value: "x" }] },
  ],
}
function work() {
  let count = 0
  const parts = [{ name: "creative", modality: "image", width: 100, height: 80 }]
  return new Work({ claim: {}, task: { schema: SCHEMA, asset: { parts } } }, { newId: () => `new${++count}` })
}
const box = (more) => ({ id: "old", choice: "glass", x: 1, y: 2, width: 3, height: 4, rotation: 0, ...more })
const NONE = { copied: 0, moved: 0, left: 0 }

test("copies have new ids, are the copier's own, and are one step to undo", () => {
  const one = work()
  const from = box({ source: "suggestion", suggestion_id: "s1", fields: { brand: "yes" } })
  assert.deepEqual(copyMarks(one, { objects: [from, box({ choice: "bottle" })] }), { copied: 2, moved: 0, left: 0 })
  assert.deepEqual(one.marks("objects"), [
    { ...box({ id: "new1", source: "human" }), fields: { brand: "yes" } },
    box({ id: "new2", choice: "bottle", source: "human" }),
  ])
  one.undo()
  assert.deepEqual(one.marks("objects"), [])
})

test("what lies outside the smaller picture is moved into it", () => {
  const one = work()
  const triangle = { id: "p", choice: "text", points: [[0, 0], [500, 10], [20, 300]] }
  const done = copyMarks(one, { objects: [box({ x: 200 }), box()], areas: [triangle] })
  assert.deepEqual(done, { copied: 3, moved: 2, left: 0 })
  assert.deepEqual(one.marks("areas")[0].points, [[0, 0], [100, 10], [20, 80]])
  const [moved] = one.marks("objects")
  assert.ok(moved.x + moved.width <= 100)
})

test("a mask of another size and a question that is not asked are left out", () => {
  const one = work()
  const mask = (size) => ({ id: "k", choice: "red", rle: { size, counts: "0" } })
  const done = copyMarks(one, { stains: [mask([40, 40])], late: [box({ choice: "x" })], gone: [box()] })
  assert.deepEqual(done, { ...NONE, left: 3 })
})

test("what was done is said", () => {
  assert.equal(copiedInWords({ ...NONE, copied: 1 }, "ad-3"), "1 mark copied from ad-3.")
  assert.equal(
    copiedInWords({ copied: 3, moved: 2, left: 1 }, "ad-3"),
    "3 marks copied from ad-3. 2 of them moved into this picture, which is of another size. 1 mark left out: this ad has no place for it.",
  )
})

test("a mark goes to its own frame, and nowhere where the picture has no such frame", () => {
  const one = work()
  copyMarks(one, { objects: [box({ frame: 3 })] })
  assert.equal("frame" in one.marks("objects")[0], false)
  const moving = work()
  moving.part("creative").frame_count = 3
  assert.deepEqual(copyMarks(moving, { objects: [box({ frame: 2 }), box(), box({ frame: 3 })] }), { copied: 2, moved: 0, left: 1 })
  assert.deepEqual(moving.marks("objects").map(({ frame }) => frame), [2, 0])
})

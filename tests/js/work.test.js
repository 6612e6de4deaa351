import assert from "node:assert/strict"
import { test } from "node:test"

import { Work } from "../../app/static/js/annotate/work.js"
import { SCHEMA } from "./schema-of-ads.js"

const PARTS = [{ name: "creative", modality: "image", width: 100, height: 80 }, { name: "landing_page", modality: "image" }]

function work(options = {}, draft = undefined, parts = PARTS) {
  let count = 0
  const newId = () => `m${++count}`
  return new Work({ claim: { id: "c" }, task: { id: "t", asset: { parts }, schema: SCHEMA, draft } }, { newId, ...options })
}

const BOX = { x: 1, y: 2, width: 3, height: 4, rotation: 0 }

test("fields on parts that are not there are not asked", () => {
  assert.deepEqual(work().asked, ["verdict", "objects", "faces"])
  assert.deepEqual(work({}, undefined, [...PARTS, { name: "caption", modality: "text" }]).asked.at(-1), "claims")
})

test("a conditional question is asked once its condition holds, and its answer is not sent otherwise", () => {
  const one = work()
  one.setAnswer("verdict", "reject")
  assert.ok(one.asked.includes("reasons"))
  one.setAnswer("reasons", ["alcohol"])
  one.setAnswer("verdict", "allow")
  assert.deepEqual(one.sendable().answers, { verdict: "allow" })
  one.setAnswer("verdict", "reject")
  assert.deepEqual(one.sendable().answers, { verdict: "reject", reasons: ["alcohol"] })
})

test("a mark gets an id, the active choice, its source, and its part only where the field has several", () => {
  const one = work()
  one.chooseFor("objects", "glass")
  const id = one.addMark("objects", { ...BOX, part: "creative" })
  assert.deepEqual(one.mark("objects", id), { ...BOX, id: "m1", choice: "glass", source: "human" })
  one.activatePart("landing_page")
  one.addMark("faces", BOX)
  assert.equal(one.marks("faces")[0].part, "landing_page")
  assert.deepEqual(one.marksOn("creative").map(({ mark }) => mark.id), ["m1"])
  assert.deepEqual(one.marksOn("landing_page").map(({ mark }) => mark.id), ["m2"])
})

test("choosing with a selected mark changes that mark's choice", () => {
  const one = work()
  const id = one.addMark("objects", BOX, { select: true })
  one.chooseFor("objects", "glass")
  assert.equal(one.mark("objects", id).choice, "glass")
  one.undo()
  assert.equal(one.mark("objects", id).choice, "bottle")
})

test("undo and redo restore marks in their place", () => {
  const one = work()
  const ids = [one.addMark("objects", BOX), one.addMark("objects", BOX), one.addMark("objects", BOX)]
  one.removeMark("objects", ids[1])
  one.undo()
  assert.deepEqual(one.marks("objects").map((mark) => mark.id), ids)
  one.redo()
  assert.deepEqual(one.marks("objects").map((mark) => mark.id), [ids[0], ids[2]])
})

test("a burst is one step, until the selection changes", () => {
  const one = work()
  const id = one.addMark("objects", BOX)
  one.changeMark("objects", id, { x: 5 }, { burst: "drag" })
  one.changeMark("objects", id, { x: 9 }, { burst: "drag" })
  one.select("objects", id)
  one.changeMark("objects", id, { x: 20 }, { burst: "drag" })
  one.undo()
  assert.equal(one.mark("objects", id).x, 9)
  one.undo()
  assert.equal(one.mark("objects", id).x, 1)
})

test("a batch is one step and one event", () => {
  const one = work()
  let events = 0
  one.addEventListener("change", () => events++)
  one.batch(() => {
    one.addMark("objects", BOX)
    one.setAnswer("verdict", "allow")
  })
  assert.equal(events, 1)
  one.undo()
  assert.deepEqual(one.sendable().answers, {})
})

test("a change that changes nothing leaves no step", () => {
  const one = work()
  one.setAnswer("verdict", "allow")
  one.setAnswer("verdict", "allow")
  one.undo()
  assert.equal(one.canUndo, false)
})

test("a selection ends when its mark goes", () => {
  const one = work()
  const id = one.addMark("objects", BOX, { select: true })
  one.removeMark("objects", id)
  assert.equal(one.selection, null)
})

test("what is missing is named in schema order, questions of marks too", () => {
  const one = work()
  const id = one.addMark("objects", BOX)
  assert.deepEqual(one.missing(), [{ field: "verdict" }, { field: "objects", mark: id, own: "brand" }])
  one.changeMark("objects", id, { fields: { brand: "no" } })
  one.setAnswer("verdict", "reject")
  assert.deepEqual(one.missing(), [{ field: "reasons" }])
})

test("a read-only work changes nothing", () => {
  const one = work({ readOnly: true }, { answers: { verdict: "allow" } })
  one.setAnswer("verdict", "reject")
  one.addMark("objects", BOX)
  assert.deepEqual(one.sendable().answers, { verdict: "allow" })
})

test("a suggestion that is changed says so", () => {
  const one = work({}, { answers: { objects: [{ ...BOX, id: "s1", choice: "bottle", source: "suggestion", suggestion_id: "x" }] } })
  one.changeMark("objects", "s1", { x: 2 })
  assert.equal(one.mark("objects", "s1").source, "suggestion_edited")
})

test("the focus moves on when its question is not asked any more", () => {
  const one = work()
  one.setAnswer("verdict", "reject")
  one.activate("reasons")
  one.setAnswer("verdict", "allow")
  assert.equal(one.activeField, "verdict")
})

test("the field of a new mark is the one in focus, else the first on its part", () => {
  const one = work()
  assert.equal(one.markFieldFor("creative").name, "objects")
  one.activate("faces")
  assert.equal(one.markFieldFor("creative").name, "faces")
  assert.equal(one.markFieldFor("landing_page", ["segments"]), null)
})

test("titles come in the person's language, else English, else the name", () => {
  const one = work({ language: "nb" })
  assert.equal(one.title(one.fieldOf("verdict")), "Avgjørelse")
  assert.equal(one.title(one.choiceOf("verdict", "allow")), "ALLOW")
  assert.equal(one.title(one.fieldOf("objects")), "objects")
})

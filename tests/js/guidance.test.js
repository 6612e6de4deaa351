import assert from "node:assert/strict"
import { test } from "node:test"

import { guidance, placeOf } from "../../app/static/js/annotate/guidance.js"
import { Work } from "../../app/static/js/annotate/work.js"

const choice = (value, title) => ({ value, title: { en: title } })
const SCHEMA = {
  name: "S",
  parts: [{ name: "creative", modality: "image" }],
  fields: [
    { name: "verdict", kind: "choice", required: true, title: { en: "Verdict" }, choices: [choice("allow", "Allow"), choice("reject", "Reject")] },
    { name: "reasons", kind: "choices", required: true, min: 2, title: { en: "Reasons" }, when: { verdict: ["reject"] }, choices: [choice("a", "A"), choice("b", "B")] },
    {
      name: "objects", kind: "boxes", required: true, part: "creative", title: { en: "Objects" }, choices: [choice("bottle", "Bottle")],
      fields: [{ name: "brand", kind: "choice", required: true, title: { en: "Brand visible" }, choices: [choice("yes", "Yes")] }],
    },
    ...["first", "second"].map((name) => ({ name, kind: "text", required: true })),
  ],
}
const BOX = { x: 1, y: 1, width: 5, height: 5, rotation: 0 }

function work(answers = {}) {
  const parts = [{ name: "creative", modality: "image", width: 100, height: 100 }]
  return new Work({ claim: {}, task: { schema: SCHEMA, asset: { parts }, draft: { answers } } }, { newId: () => "m1" })
}
const lack = (answers) => {
  const one = work(answers)
  return guidance(one, one.missing())
}
const box = (id, fields) => ({ id, choice: "bottle", ...BOX, ...(fields ? { fields } : {}) })
const DONE = { verdict: "allow", objects: [box("m1", { brand: "yes" })], first: "x", second: "y" }

test("nothing missing is nothing to say", () => {
  assert.equal(lack(DONE), null)
})

test("one thing is named, several are counted, and a long list is cut short", () => {
  assert.equal(lack({ ...DONE, first: undefined }).summary, "Not answered yet: first")
  assert.equal(lack({ ...DONE, first: undefined, verdict: undefined }).summary, "2 questions are not answered yet: Verdict, first")
  assert.equal(lack({}).summary, "4 questions are not answered yet: Verdict, Objects, first and 1 more")
})

test("a mark that lacks an answer is named by its place and its choice, and is where to go", () => {
  const { summary, sentence, place } = lack({ ...DONE, objects: [box("m1", { brand: "yes" }), box("m2")] })
  assert.equal(summary, "Not answered yet: Brand visible (Objects 2, Bottle)")
  assert.equal(sentence, "Objects 2, Bottle needs this before you can submit.")
  assert.deepEqual(place, { field: "objects", mark: "m2", own: "brand" })
})

test("what to do depends on what is missing", () => {
  assert.equal(lack({ ...DONE, verdict: undefined }).sentence, "Answer this before you submit.")
  assert.equal(lack({ ...DONE, objects: [] }).sentence, "Mark at least one before you submit.")
  assert.equal(lack({ ...DONE, verdict: "reject", reasons: ["a"] }).sentence, "Choose at least 2 before you submit.")
})

test("a problem's path leads to its question, its mark, and the question of that mark", () => {
  const one = work({ ...DONE, objects: [box("m1", { brand: "yes" }), box("m2", { brand: "yes" })] })
  assert.deepEqual(placeOf(one, "/answers/verdict"), { field: "verdict" })
  assert.deepEqual(placeOf(one, "/answers/objects/1/x"), { field: "objects", mark: "m2" })
  assert.deepEqual(placeOf(one, "/answers/objects/0/fields/brand"), { field: "objects", mark: "m1", own: "brand" })
  assert.deepEqual(placeOf(one, "/answers/objects/7"), { field: "objects" })
  assert.equal(placeOf(one, "/timing/page"), null)
})

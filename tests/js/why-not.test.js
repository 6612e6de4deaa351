import assert from "node:assert/strict"
import { test } from "node:test"

import { whyNotMarked } from "../../app/static/js/annotate/why-not.js"
import { Work } from "../../app/static/js/annotate/work.js"

const choices = [{ value: "no", title: "No sign" }, { value: "marked", title: "Altered, marked" }, { value: "unmarked" }]
const FIELDS = [
  { name: "retouched", kind: "choice", title: "Altered", choices },
  { name: "topics", kind: "choices", choices: [{ value: "diet", title: "Diets" }] },
  { name: "objects", kind: "boxes", choices: [{ value: "face" }] },
  { name: "skin", kind: "masks", title: "Where", when: { retouched: ["marked", "unmarked"], topics: ["diet"] } },
  { name: "pose", kind: "keypoints", when: { objects: ["face"] } },
]

function work(answers) {
  const parts = [{ name: "creative", modality: "image", width: 100, height: 100 }]
  return new Work({ claim: {}, task: { schema: { parts, fields: FIELDS }, asset: { parts }, draft: { answers } } })
}

test("what a kind of mark waits for is told in the titles of the schema", () => {
  const why = whyNotMarked(work({ retouched: "no" }), "creative", ["masks"])
  assert.equal(why, "“Where” is asked when “Altered” is “Altered, marked” or “unmarked” and “topics” has “Diets”.")
  assert.equal(whyNotMarked(work({}), "creative", ["keypoints"]), "“pose” is asked when “objects” has “face”.")
})

test("there is nothing to tell where marks can be made, or are never asked for", () => {
  const answered = work({ retouched: "marked", topics: ["diet"] })
  assert.deepEqual(["masks", "boxes", "polygons"].map((kind) => whyNotMarked(answered, "creative", [kind])), ["", "", ""])
  assert.equal(whyNotMarked(work({}), "elsewhere", ["masks"]), "")
})

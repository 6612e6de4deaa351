import assert from "node:assert/strict"
import test from "node:test"

import { MARKED } from "../../app/static/js/annotate/answers.js"
import { SHAPES } from "../../app/static/js/annotate/readable-shapes.js"
import { SAMPLES, samplePart, sampleShape } from "../../app/static/js/annotate/samples.js"
import { Work } from "../../app/static/js/annotate/work.js"

const PARTS = ["image", "text", "audio", "video"].map((modality) => ({ name: modality, modality }))

test("there is a sample of every kind of mark", () => {
  assert.deepEqual(Object.keys(MARKED).filter((kind) => !(kind in SAMPLES)), [])
})

for (const kind of Object.keys(SAMPLES)) {
  test(`a sample of ${kind} has the shape that the labeling page reads`, () => {
    const part = PARTS.map(samplePart).find(({ modality }) => (MARKED[kind] ?? ["text"]).includes(modality))
    const shape = SAMPLES[kind](0, ["m1", "m2"], {})
    assert.equal(SHAPES[kind]({ id: "m3", ...shape }, part), true)
  })
}

test("a relation needs two marks that it ties", () => {
  const field = { name: "says", kind: "relations" }
  const spans = [{ id: "m1", choice: "brand" }, { id: "m2", choice: "claim" }]
  assert.equal(sampleShape(field, { verdict: "allow", claims: spans.slice(0, 1) }), null)
  assert.deepEqual(sampleShape(field, { claims: spans }), { from: "m1", to: "m2" })
})

test("marks that were made on one preview are read by the next", () => {
  const schema = {
    parts: PARTS,
    fields: [
      { name: "objects", kind: "boxes", choices: [{ value: "bottle" }] },
      { name: "claims", kind: "spans", choices: [{ value: "price" }] },
      { name: "sounds", kind: "segments", part: "audio", choices: [{ value: "speech" }] },
    ],
  }
  const task = { schema, asset: { parts: PARTS.map(samplePart) } }
  const before = new Work({ task })
  for (const field of schema.fields) before.addMark(field.name, { ...sampleShape(field, before.snapshot().answers), choice: field.choices[0].value })
  const after = new Work({ task: { ...task, draft: before.snapshot() } })
  assert.deepEqual(after.unreadable, [])
  assert.deepEqual(after.snapshot().answers, before.snapshot().answers)
})

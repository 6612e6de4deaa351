import assert from "node:assert/strict"
import { test } from "node:test"

import { Work } from "../../app/static/js/annotate/work.js"

const schema = {
  parts: [{ name: "clip", modality: "video" }, { name: "caption", modality: "text" }],
  fields: [
    { name: "verdict", kind: "choice", choices: [{ value: "allow" }, { value: "reject", clause: "4.2", title: { en: "Reject" } }] },
    { name: "scenes", kind: "segments", part: "clip", choices: [{ value: "party" }] },
    { name: "claims", kind: "spans", part: "caption", choices: [{ value: "health" }] },
  ],
}
const task = (draft) => ({
  claim: {},
  task: { schema, draft, asset: { parts: [{ name: "clip", modality: "video", duration: 9 }, { name: "caption", modality: "text", text: "Healthy" }] } },
})
const answers = {
  verdict: "reject",
  scenes: [{ id: "s", choice: "party", start: 0, end: 1, source: "human" }],
  claims: [{ id: "c", choice: "health", start: 0, end: 7, text: "Healthy", source: "human" }],
}

test("marks on any parts are tied to a decision, with its clause, and untied; each step can be taken back", () => {
  const work = new Work(task({ answers }))
  const [decision] = work.decisions()
  assert.equal(decision.title, "verdict: Reject")
  work.tie(decision, "s")
  work.tie(decision, "c")
  assert.deepEqual(work.sendable().evidence, [{ field: "verdict", choice: "reject", clause: "4.2", marks: ["s", "c"] }])
  work.tie(decision, "s", false)
  assert.deepEqual(work.marksBehind(decision).map(({ mark }) => mark.id), ["c"])
  work.undo()
  assert.equal(work.isTied(decision, "s"), true)
})

test("evidence of a decision taken back, or of a mark deleted, is kept but not sent", () => {
  const evidence = [{ field: "verdict", choice: "reject", clause: "4.2", marks: ["s", "c"] }]
  const work = new Work(task({ answers, evidence }))
  work.removeMark("claims", "c")
  assert.deepEqual(work.sendable().evidence[0].marks, ["s"])
  work.setAnswer("verdict", "allow")
  assert.deepEqual(work.sendable().evidence, [])
  work.setAnswer("verdict", "reject")
  work.undo()
  work.undo()
  work.undo()
  assert.deepEqual(work.draftable().evidence, evidence)
})

test("what is no evidence in a draft is left out", () => {
  for (const evidence of [null, "x", [1], [{ field: 2 }], [{ field: "verdict", marks: "s" }]]) {
    assert.deepEqual(new Work(task({ answers, evidence })).sendable().evidence, [])
  }
})

import assert from "node:assert/strict"
import test from "node:test"

import { fill, valuesOf } from "../../app/static/js/kept-forms.js"

const fields = () => [
  { name: "csrf_token", type: "hidden", value: "secret" },
  { name: "name", type: "text", value: "" },
  { name: "password", type: "password", value: "" },
  { name: "kind", type: "select-one", value: "production" },
  { name: "roles", type: "checkbox", value: "labeler", checked: true },
  { name: "roles", type: "checkbox", value: "sme", checked: false },
  { name: "as", type: "radio", value: "jsonl", checked: true },
  { name: "as", type: "radio", value: "csv", checked: false },
  { name: "row", type: "text", value: "" },
  { name: "row", type: "text", value: "" },
  { name: "", type: "submit", value: "Send" },
]

test("a form is filled as it was sent, but for passwords and hidden fields", () => {
  const sent = fields()
  for (const [at, change] of [[1, { value: "Ada" }], [2, { value: "hunter2" }], [3, { value: "gold" }], [4, { checked: false }],
    [5, { checked: true }], [6, { checked: false }], [7, { checked: true }], [8, { value: "one" }], [9, { value: "two" }]]) {
    Object.assign(sent[at], change)
  }
  const kept = JSON.parse(JSON.stringify(valuesOf(sent)))
  assert.ok(!JSON.stringify(kept).includes("hunter2") && !JSON.stringify(kept).includes("secret"))
  const again = fields()
  fill(again, kept)
  sent[2].value = ""
  assert.deepEqual(again, sent)
})

test("fields that are not there any more are passed over, new ones keep their value", () => {
  const again = [{ name: "new", type: "text", value: "x" }, { name: "roles", type: "checkbox", value: "sme", checked: false }]
  fill(again, [["gone", "y", false], ["roles", "labeler", true]])
  assert.deepEqual(again.map((field) => [field.value, field.checked]), [["x", undefined], ["sme", false]])
})

import assert from "node:assert/strict"
import { test } from "node:test"

import { colorOf, PALETTE } from "../../app/static/js/annotate/colors.js"

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (one, other) => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

for (const color of PALETTE) {
  test(`${color} stands out on white and on near-black`, () => {
    assert.ok(contrast(color, "#ffffff") >= 3, `on white ${contrast(color, "#ffffff")}`)
    assert.ok(contrast(color, "#16191d") >= 3, `on dark ${contrast(color, "#16191d")}`)
  })
}

test("a choice has its own colour, else one of the palette by its place", () => {
  const field = { choices: [{ value: "a" }, { value: "b", color: "#123456" }, { value: "c" }] }
  assert.equal(colorOf(field, "b"), "#123456")
  assert.equal(colorOf(field, "c"), PALETTE[2])
  assert.equal(colorOf({}, "x"), PALETTE[0])
})

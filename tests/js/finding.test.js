import assert from "node:assert/strict"
import { test } from "node:test"

import { Finder, pathsOf } from "../../app/static/js/annotate/finding.js"

const TREE = {
  nodes: [
    { value: "health", title: "Health", children: [{ value: "weight_loss", title: "Weight loss" }, { value: "cures", title: "Cures" }] },
    { value: "helse_oe", title: "Helse Ø" },
    { value: "loss", title: "Losses" },
  ],
}
const finder = new Finder(pathsOf(TREE, (node) => node.title))
const found = (typed) => finder.find(typed).map(({ path }) => path.join("/"))

test("typing finds by the beginnings of words, in any order, with what stands above", () => {
  assert.deepEqual(found("wei"), ["health/weight_loss"])
  assert.deepEqual(found("los hea"), ["health/weight_loss"])
  assert.deepEqual(found("heal").slice(0, 3), ["health", "health/weight_loss", "health/cures"])
  assert.equal(found("").length, 5)
})

test("letters with marks are found without them, and the other way round", () => {
  assert.deepEqual(found("Ø"), ["helse_oe"])
  assert.deepEqual(found("hélse"), ["helse_oe"])
})

test("a title that is what was typed comes before those that only begin so, and these before those that hold it", () => {
  assert.deepEqual(found("loss"), ["loss", "health/weight_loss"])
  assert.deepEqual(found("eight"), ["health/weight_loss"])
})

test("one letter off is still found, two in a long word, and a short word must be right", () => {
  assert.deepEqual(found("wieght"), ["health/weight_loss"])
  assert.deepEqual(found("helth")[0], "health")
  assert.deepEqual(found("cvres"), ["health/cures"])
  assert.deepEqual(found("cu x"), [])
  assert.deepEqual(found("cx"), [])
})

test("a node is found by its value too", () => {
  assert.deepEqual(found("oe"), ["helse_oe"])
})

test("a key in a taxonomy of 2 000 nodes costs less than 50 ms", () => {
  const letters = "abcdefghijklmnoprstuv"
  const word = (seed) => Array.from({ length: 8 }, (_, at) => letters[(seed * 7 + at * at * 3 + ((seed * at) % 11)) % letters.length]).join("")
  const nodes = Array.from({ length: 40 }, (_, top) => ({
    value: `t${top}`,
    title: `${word(top)} ${word(top + 1000)}`,
    children: Array.from({ length: 50 }, (_, leaf) => ({ value: `l${leaf}`, title: `${word(top * 50 + leaf)} ${word(leaf + 5000)}` })),
  }))
  const large = new Finder(pathsOf({ nodes }, (node) => node.title))
  const wanted = nodes[17].children[23].title
  const times = []
  for (let length = 1; length <= wanted.length; length += 1) {
    const begun = performance.now()
    const hits = large.find(wanted.slice(0, length), 50)
    times.push(performance.now() - begun)
    assert.ok(hits.length > 0)
  }
  assert.equal(large.find(wanted)[0].titles.at(-1), wanted)
  times.sort((one, other) => one - other)
  assert.ok(times[Math.floor(times.length / 2)] < 50, `median ${times[Math.floor(times.length / 2)]} ms`)
})

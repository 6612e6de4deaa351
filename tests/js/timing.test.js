import assert from "node:assert/strict"
import { test } from "node:test"

import { Timing } from "../../app/static/js/annotate/timing.js"

function clocked(kept = null) {
  let time = 5_000
  const timing = new Timing({ now: () => time, page: "p", kept })
  return { timing, forward: (ms) => (time += ms) }
}

const spans = (timing) => timing.sendable(new Set()).slices.map(({ state, start_ms, duration_ms }) => [state, start_ms, duration_ms])

test("without input, active turns idle at the limit, not when it is noticed", () => {
  const { timing, forward } = clocked()
  forward(45_000)
  assert.deepEqual(spans(timing), [["active", 0, 30_000], ["idle", 30_000, 15_000]])
})

test("states exclude one another: hidden, then playing, then reading, then active", () => {
  const { timing, forward } = clocked()
  forward(100)
  timing.setReading(true)
  forward(200)
  timing.setPlaying("voice", true)
  forward(300)
  timing.setHidden(true)
  forward(400)
  timing.setHidden(false)
  forward(50)
  timing.setPlaying("voice", false)
  timing.touch()
  forward(10)
  assert.deepEqual(spans(timing), [
    ["active", 0, 100], ["reading", 100, 200], ["playing", 300, 300], ["hidden", 600, 400], ["playing", 1000, 50], ["active", 1050, 10],
  ])
})

test("slices follow one another without gap and are sent until acknowledged", () => {
  const { timing, forward } = clocked()
  forward(1_000)
  const first = timing.sendable(new Set())
  forward(500)
  assert.equal(timing.sendable(new Set()).slices.length, 2)
  timing.acknowledge(first.slices)
  assert.deepEqual(timing.sendable(new Set()).slices, [{ seq: 1, state: "active", start_ms: 1_000, duration_ms: 500 }])
})

test("a mark knows when it was made and last changed; only marks that are left are sent", () => {
  const { timing, forward } = clocked()
  forward(200)
  timing.decided("a")
  forward(100)
  timing.decided("a")
  timing.decided("b")
  const sent = timing.sendable(new Set(["a"]))
  assert.equal(sent.first_decision_ms, 200)
  assert.deepEqual(sent.marks, { a: { created_ms: 200, changed_ms: 300 } })
})

test("played stretches that touch are one", () => {
  const { timing } = clocked()
  timing.played("voice", 0, 0.5)
  timing.played("voice", 0.5, 1)
  timing.played("voice", 1, 2, 1.5)
  timing.played("voice", 7, 7)
  assert.deepEqual(timing.sendable(new Set()).played, { voice: [[0, 1, 1], [1, 2, 1.5]] })
})

test("a page that is loaded again goes on where it was, with what it had not sent", () => {
  const { timing, forward } = clocked()
  forward(800)
  timing.decided("a")
  const { timing: later, forward: on } = clocked(timing.keep())
  on(100)
  assert.equal(later.total("active"), 900)
  assert.deepEqual(later.sendable(new Set()).slices, [
    { seq: 0, state: "active", start_ms: 0, duration_ms: 800 },
    { seq: 1, state: "active", start_ms: 800, duration_ms: 100 },
  ])
  assert.deepEqual(later.sendable(new Set(["a"])).marks, { a: { created_ms: 800, changed_ms: 800 } })
})

test("another page counts its own slices from where the first one was", () => {
  const { timing, forward } = clocked()
  forward(800)
  const { timing: later, forward: on } = clocked({ ...timing.keep(), page: "another" })
  on(100)
  assert.deepEqual(later.sendable(new Set()).slices, [{ seq: 0, state: "active", start_ms: 800, duration_ms: 100 }])
})

test("time in one state between two sends is one slice, however often it is kept", () => {
  const { timing, forward } = clocked()
  for (let times = 0; times < 5; times += 1) {
    forward(100)
    timing.keep()
  }
  assert.deepEqual(spans(timing), [["active", 0, 500]])
})

test("whether the person is there is told once for each time they did something", () => {
  const { timing } = clocked()
  assert.equal(timing.takeActivity(), true)
  assert.equal(timing.takeActivity(), false)
  timing.touch()
  assert.equal(timing.takeActivity(), true)
  timing.setPlaying("voice", true)
  timing.takeActivity()
  assert.equal(timing.takeActivity(), true)
})

test("a break is idle from its first moment to its last, whatever is pressed", () => {
  const { timing, forward } = clocked()
  forward(100)
  timing.setResting(true)
  forward(50)
  timing.touch()
  timing.setPlaying("voice", true)
  forward(50)
  timing.setPlaying("voice", false)
  timing.setResting(false)
  forward(30)
  assert.deepEqual(spans(timing), [["active", 0, 100], ["idle", 100, 100], ["active", 200, 30]])
})

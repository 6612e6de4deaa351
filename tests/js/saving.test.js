import assert from "node:assert/strict"
import { test } from "node:test"

import { newerDraft, Saving } from "../../app/static/js/annotate/saving.js"
import { Unreachable } from "../../app/static/js/annotate/server.js"

const OK = { ok: true }

function saving(answers = []) {
  const kept = []
  const sent = []
  const told = []
  const waiting = []
  const one = new Saving({
    seq: 3,
    content: () => ({ answers: {} }),
    keep: () => kept.push(one.seq),
    send: async ({ seq }) => {
      sent.push(seq)
      const answer = answers.shift() ?? OK
      if (answer instanceof Error) throw answer
      return answer
    },
    tell: (state) => told.push(state),
    later: (act, delay) => {
      const entry = { act, delay }
      waiting.push(entry)
      return () => waiting.splice(waiting.indexOf(entry), 1)
    },
  })
  const tick = async () => waiting.shift()?.act()
  return { one, kept, sent, told, waiting, tick }
}

test("a change is kept first and sent a moment later, changes close together as one", async () => {
  const { one, kept, sent, told, tick, waiting } = saving()
  one.changed()
  one.changed()
  assert.deepEqual([kept, sent, waiting.map(({ delay }) => delay)], [[4, 5], [], [500]])
  await tick()
  assert.deepEqual([sent, told.at(-1), one.pending], [[5], "saved", false])
})

test("what cannot be sent stays kept and is sent again, ever more seldom, until it is", async () => {
  const gone = new Unreachable("gone")
  const { one, sent, told, tick, waiting } = saving([gone, gone, OK])
  one.changed()
  await tick()
  assert.deepEqual([told.at(-1), waiting[0].delay], ["kept", 1000])
  await tick()
  assert.equal(waiting[0].delay, 2000)
  await tick()
  assert.deepEqual([sent, told.at(-1)], [[4, 4, 4], "saved"])
})

test("a change while the server is away says so at once", async () => {
  const { one, told, tick } = saving([new Unreachable("gone")])
  one.changed()
  await tick()
  one.changed()
  assert.equal(told.at(-1), "kept")
})

test("a change made while an earlier one is being sent is sent after it", async () => {
  const { one, sent, told, tick } = saving()
  one.changed()
  const sending = one.flush()
  one.changed()
  await sending
  assert.notEqual(told.at(-1), "saved")
  await tick()
  assert.deepEqual([sent, told.at(-1)], [[4, 5], "saved"])
})

test("a refusal is told and not repeated", async () => {
  const { one, told, tick, waiting } = saving([{ ok: false, status: 409 }])
  one.changed()
  await tick()
  assert.deepEqual([told.at(-1), waiting], ["refused", []])
})

test("once stopped nothing is sent, until it goes on", async () => {
  const { one, sent, tick } = saving()
  one.changed()
  one.stop()
  await one.flush()
  assert.deepEqual(sent, [])
  one.resume()
  await tick()
  assert.deepEqual(sent, [5])
})

test("of two drafts the one with the higher number counts, the server's where they are equal", () => {
  assert.equal(newerDraft(undefined, undefined), null)
  assert.equal(newerDraft({ seq: 3, from: "server" }, { seq: 3 }).from, "server")
  assert.equal(newerDraft({ seq: 3 }, { seq: 4, from: "here" }).from, "here")
  assert.equal(newerDraft(undefined, { seq: 1, from: "here" }).from, "here")
})

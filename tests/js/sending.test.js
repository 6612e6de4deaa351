import assert from "node:assert/strict"
import { test } from "node:test"

import { Lease } from "../../app/static/js/annotate/lease.js"
import { Outbox } from "../../app/static/js/annotate/outbox.js"
import { Server, Unreachable } from "../../app/static/js/annotate/server.js"

const reply = (status, headers = {}) => ({ status, ok: status < 400, headers: new Headers(headers) })

function server(replies) {
  const asked = []
  const renewed = []
  const one = new Server({
    fetch: async (url, options) => {
      asked.push({ url, ...options })
      const next = replies.shift()
      if (next instanceof Error) throw next
      return next
    },
    token: "old",
    holder: "page-1",
    renew: async () => {
      renewed.push("asked")
      return "new"
    },
  })
  return { one, asked, renewed }
}

test("every request carries the token, the page and that it is a script of ours", async () => {
  const { one, asked } = server([reply(200)])
  await one.send("PUT", "/x", { json: { a: 1 }, headers: { "Claim-Token": "t" } })
  const { headers, body } = asked[0]
  assert.deepEqual(
    [headers["X-CSRF-Token"], headers["Claim-Holder"], headers["X-Fasit"], headers["Claim-Token"], body],
    ["old", "page-1", "1", "t", '{"a":1}'],
  )
})

test("after a sign-in that ran out the request is sent again with the new token", async () => {
  const { one, asked } = server([reply(401), reply(204)])
  assert.equal((await one.send("PUT", "/x")).status, 204)
  assert.equal(asked[1].headers["X-CSRF-Token"], "new")
})

test("a page whose token is not this browser's any more renews it; other refusals pass through", async () => {
  const { one, renewed } = server([reply(403, { "X-Fasit-Refusal": "stale-page" }), reply(200), reply(403)])
  assert.equal((await one.send("PUT", "/x")).status, 200)
  assert.equal((await one.send("PUT", "/x")).status, 403)
  assert.equal(renewed.length, 1)
})

test("requests that meet an expired sign-in together ask for the password once", async () => {
  const { one, renewed } = server([reply(401), reply(401), reply(200), reply(200)])
  await Promise.all([one.send("PUT", "/a"), one.send("PUT", "/b")])
  assert.equal(renewed.length, 1)
})

test("no answer, and an answer that says later, are both unreachable", async () => {
  const { one } = server([new TypeError("network"), reply(503)])
  await assert.rejects(one.send("PUT", "/a"), Unreachable)
  await assert.rejects(one.send("PUT", "/a"), Unreachable)
})

function outbox(answers) {
  const kept = new Map()
  const waiting = []
  const told = []
  const store = { put: async (entry) => kept.set(entry.key, entry), remove: async (key) => kept.delete(key), all: async () => [...kept.values()] }
  const send = async () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  }
  const later = (act) => {
    waiting.push(act)
    return () => waiting.splice(waiting.indexOf(act), 1)
  }
  const one = new Outbox({ store, send, later, waiting: ({ key }) => told.push(`${key} waits`) })
  one.answered = ({ key }, { status }) => told.push(`${key} ${status}`)
  return { one, kept, waiting, told }
}

test("a submit is kept until it is answered, whatever the answer", async () => {
  const { one, kept, waiting, told } = outbox([new Unreachable("gone"), reply(409)])
  await one.add({ key: "k1" })
  assert.deepEqual([told, kept.size, waiting.length], [["k1 waits"], 1, 1])
  await waiting[0]()
  assert.deepEqual([told.at(-1), kept.size], ["k1 409", 0])
})

test("sending twice at once sends once", async () => {
  const { one, kept, told } = outbox([reply(200), reply(200)])
  kept.set("k1", { key: "k1" })
  await Promise.all([one.send(), one.send()])
  assert.deepEqual(told, ["k1 200"])
})

test("one that is added while another is on its way goes out after it", async () => {
  const { one, told } = outbox([reply(200), reply(201)])
  const first = one.add({ key: "k1" })
  await Promise.resolve()
  await Promise.all([first, one.add({ key: "k2" })])
  assert.deepEqual(told, ["k1 200", "k2 201"])
})

test("a lease is renewed at a third of what is left, sooner again when the server was away", async () => {
  const waits = []
  const answers = [new Unreachable("gone"), { ok: true, json: async () => ({ expires_at: 90_000 }) }, { ok: false, status: 409 }]
  const refused = []
  const lease = new Lease({
    renew: async () => {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    left: (expiresAt) => expiresAt,
    later: (_act, delay) => (waits.push(delay), () => {}),
    refused: ({ status }) => refused.push(status),
  })
  lease.start(900_000)
  await lease.now()
  await lease.now()
  await lease.now()
  assert.deepEqual([waits, refused], [[300_000, 5_000, 30_000], [409]])
})

test("a page that closes tells the end of its lease that it knows, and nothing once the lease has stopped", async () => {
  const closed = []
  const lease = new Lease({
    renew: async () => ({ ok: true, json: async () => ({ expires_at: "later" }) }),
    close: async (expiresAt) => {
      closed.push(expiresAt)
      throw new Unreachable("gone")
    },
    left: () => 900_000,
    later: () => () => {},
    refused: () => {},
  })
  lease.start("soon")
  lease.leave()
  await lease.now()
  lease.leave()
  lease.stop()
  lease.leave()
  assert.deepEqual(closed, ["soon", "later"])
})

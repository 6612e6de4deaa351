// What a person keeps about their pages: keys, views, the way of labeling. Kept on the server, so that it follows them to
// another computer. The page brings it along in #preferences; a change works here at once and is sent a moment later.
//
// Tells of itself by the event "fasit:preference" {name, value, by} on the document; `by` is who changed it, if they say so.

import { later } from "./later.js"

const SEND_AFTER_MS = 800
const ADDRESS = "/api/v1/me/preferences"

const brought = document.getElementById("preferences")
const kept = JSON.parse(brought?.textContent ?? "{}")
let unsent = {}
let cancel = null

export function preference(name) {
  return kept[name]
}

/** `null` takes the preference away. */
export function prefer(name, value, by = null) {
  kept[name] = value ?? undefined
  document.dispatchEvent(new CustomEvent("fasit:preference", { detail: { name, value, by } }))
  if (brought === null) return // nobody is signed in
  unsent[name] = value ?? null
  cancel?.()
  cancel = later(send, SEND_AFTER_MS)
}

async function send({ keepalive = false } = {}) {
  cancel?.()
  const changes = unsent
  if (Object.keys(changes).length === 0) return
  unsent = {}
  const headers = {
    "Content-Type": "application/json",
    "X-CSRF-Token": document.querySelector("meta[name=csrf-token]").content,
    "X-Fasit": "1",
  }
  try {
    const answer = await fetch(ADDRESS, { method: "PATCH", headers, body: JSON.stringify(changes), keepalive })
    if (!answer.ok && answer.status !== 422) throw new Error(`answered ${answer.status}`)
  } catch {
    unsent = { ...changes, ...unsent } // sent with the next change, or when the network is back
  }
}

window.addEventListener("online", () => send())
window.addEventListener("pagehide", () => send({ keepalive: true }))

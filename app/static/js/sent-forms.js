// A form that was sent and waits for its page: a second press sends nothing more, and past a moment the pressed button
// says that work goes on; past a longer one, for how many seconds it has.

import { announce } from "./toasts.js"

const QUIET_MS = 300
const COUNTED_MS = 2000
const HELD_MS = 10_000 // after that a press sends again: the navigation may have been stopped

const sent = new Map()

export function startSentForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target
    if (event.defaultPrevented || form.method !== "post") return
    if (performance.now() - (sent.get(form)?.at ?? -HELD_MS) < HELD_MS) {
      event.preventDefault()
      return
    }
    rest(form)
    wait(form, event.submitter ?? form.querySelector("[type=submit]"))
  })
  // Back to a page that the browser kept as it was left.
  addEventListener("pageshow", () => [...sent.keys()].forEach(rest))
}

function wait(form, button) {
  const at = performance.now()
  const waiting = { at, button, timers: [] }
  sent.set(form, waiting)
  if (!button) return
  const begin = setTimeout(() => {
    button.setAttribute("aria-busy", "true")
    announce("Working on it")
  }, QUIET_MS)
  const count = setInterval(() => {
    const waited = performance.now() - at
    if (waited >= COUNTED_MS) button.dataset.waited = `${Math.floor(waited / 1000)} s`
  }, 1000)
  waiting.timers = [begin, count]
}

function rest(form) {
  const waiting = sent.get(form)
  if (!waiting) return
  waiting.timers.forEach(clearInterval)
  waiting.button?.removeAttribute("aria-busy")
  delete waiting.button?.dataset.waited
  sent.delete(form)
}

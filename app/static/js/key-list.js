// What keys a page, or a piece of one, declares (data-key on buttons, data-key-note for the rest), in groups, and those groups
// drawn. The sheet under `?` and the help show them.

import { keyCaps } from "./annotate/key-match.js"
import { keysOf } from "./keys.js"
import { actionOf, adopt, hasOwnKey, titleOf } from "./own-keys.js"

/** Title -> rows {title, caps, action, button, isOwn}, in order, each key of a group once. */
export function groupsOf(elements) {
  const groups = new Map()
  const seen = new Set()
  for (const element of elements) {
    const row = describe(element)
    const name = groupOf(element)
    const mark = `${name}\n${row.title}\n${row.caps.join(" ")}`
    if (row.title === "" || seen.has(mark)) {
      continue
    }
    seen.add(mark)
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  return groups
}

/** One section a group. `changing` offers to change the keys; without it they are only shown. */
export function drawGroups(groups, changing = null) {
  return [...groups].map(([title, rows]) => drawGroup(title, rows, changing))
}

function describe(element) {
  const note = element.dataset.keyNote
  if (note === undefined) {
    adopt(element)
  }
  const caps = note === undefined ? keysOf(element.dataset.key).flatMap((key, index) => joined(key, index)) : note.split(/\s+/u)
  const title = titleOf(element)
  const action = note === undefined ? actionOf(element) : null
  return { caps, title, action, button: element, isOwn: hasOwnKey(element) }
}

function joined(key, index) {
  const cap = keyCaps(key).join("+")
  return index === 0 ? [cap] : ["or", cap]
}

function groupOf(element) {
  const owner = element.closest("[data-key-group], [data-key-scope]")
  if (owner !== null) {
    return owner.dataset.keyGroup || owner.dataset.keyScope || owner.getAttribute("aria-label") || owner.dataset.part || "Here"
  }
  return element.closest(".topbar") !== null ? "Everywhere" : "This page"
}

function drawGroup(title, rows, changing) {
  const group = copyOf("key-group-template")
  group.querySelector("h3").textContent = title
  group.querySelector("dl").replaceChildren(...rows.map((row) => drawRow(row, changing)))
  return group
}

function drawRow({ title, caps, action, button, isOwn }, changing) {
  const row = copyOf("key-row-template")
  row.querySelector("dt").textContent = title
  row.querySelector("dd").replaceChildren(...caps.map(drawCap))
  row.classList.toggle("is-own", isOwn)
  if (action !== null && changing !== null) {
    const change = copyOf("key-change-template")
    change.setAttribute("aria-label", `Change the key of “${title}”`)
    change.title = "Change this key"
    changing.offer(change, { row, action, title, button })
    row.querySelector("dd").append(change)
  }
  return row
}

function drawCap(cap) {
  const element = document.createElement(cap === "or" ? "span" : "kbd")
  element.textContent = cap
  return element
}

function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true)
}

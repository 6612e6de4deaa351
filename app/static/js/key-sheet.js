// The sheet under `?`: made each time from what the page declares (data-key on buttons, data-key-note for the rest).

import { keyCaps } from "./annotate/key-match.js"
import { keysOf, letSingleKeysWork, singleKeysWork } from "./keys.js"

export function startKeySheet() {
  const sheet = document.getElementById("key-sheet")
  if (sheet === null) {
    return
  }
  sheet.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") {
      fill(sheet)
    }
  })
  const singleKeys = document.getElementById("single-keys")
  singleKeys.checked = singleKeysWork()
  singleKeys.addEventListener("change", () => letSingleKeysWork(singleKeys.checked))
}

function fill(sheet) {
  const groups = new Map()
  const seen = new Set()
  for (const element of document.querySelectorAll("[data-key], [data-key-note]")) {
    if (sheet.contains(element) || element.closest("template") !== null || !isShown(element)) {
      continue
    }
    const row = describe(element)
    const name = groupOf(element)
    const mark = `${name}\n${row.title}\n${row.caps.join(" ")}`
    if (row.title === "" || seen.has(mark)) {
      continue
    }
    seen.add(mark)
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  const sections = [...groups].map(([title, rows]) => drawGroup(title, rows))
  sheet.querySelector(".key-groups").replaceChildren(...sections)
}

// Notes are hidden by nature; a button that is not shown has no key to promise.
function isShown(element) {
  return "keyNote" in element.dataset || element.checkVisibility()
}

function describe(element) {
  const note = element.dataset.keyNote
  const caps = note === undefined ? keysOf(element.dataset.key).flatMap((key, index) => joined(key, index)) : note.split(/\s+/u)
  return { caps, title: element.dataset.keyTitle ?? labelOf(element) }
}

function joined(key, index) {
  const cap = keyCaps(key).join("+")
  return index === 0 ? [cap] : ["or", cap]
}

function labelOf(element) {
  const label = element.getAttribute("aria-label")
  if (label !== null) {
    return label
  }
  const copy = element.cloneNode(true)
  for (const cap of copy.querySelectorAll("kbd, svg")) {
    cap.remove()
  }
  return copy.textContent.trim().replace(/\s+/gu, " ")
}

function groupOf(element) {
  const owner = element.closest("[data-key-group], [data-key-scope]")
  if (owner !== null) {
    return owner.dataset.keyGroup || owner.dataset.keyScope || owner.getAttribute("aria-label") || owner.dataset.part || "Here"
  }
  return element.closest(".topbar") !== null ? "Everywhere" : "This page"
}

function drawGroup(title, rows) {
  const group = copyOf("key-group-template")
  group.querySelector("h3").textContent = title
  group.querySelector("dl").replaceChildren(...rows.map(drawRow))
  return group
}

function drawRow({ title, caps }) {
  const row = copyOf("key-row-template")
  row.querySelector("dt").textContent = title
  row.querySelector("dd").replaceChildren(...caps.map(drawCap))
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

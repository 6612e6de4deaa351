// The sheet under `?`: made each time from what the page declares (data-key on buttons, data-key-note for the rest). There
// a person also gives an action a key of their own (js/own-keys.js).

import { keyCaps } from "./annotate/key-match.js"
import { KeyChanging } from "./key-changing.js"
import { keysOf, letSingleKeysWork, singleKeysWork } from "./keys.js"
import { actionOf, adopt, hasOwnKey, titleOf } from "./own-keys.js"

export function startKeySheet() {
  const sheet = document.getElementById("key-sheet")
  if (sheet === null) {
    return
  }
  const changing = new KeyChanging(sheet, { redraw: () => fill(sheet, changing) })
  sheet.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") {
      search.value = ""
      fill(sheet, changing)
    }
  })
  const search = document.getElementById("key-search")
  search.addEventListener("input", () => sift(sheet, search.value))
  const singleKeys = document.getElementById("single-keys")
  singleKeys.checked = singleKeysWork()
  singleKeys.addEventListener("change", () => letSingleKeysWork(singleKeys.checked))
}

function fill(sheet, changing) {
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
  const sections = [...groups].map(([title, rows]) => drawGroup(title, rows, changing))
  sheet.querySelector(".key-groups").replaceChildren(...sections)
  changing.showRestore()
  sift(sheet, document.getElementById("key-search").value)
}

// Only the rows that hold the words, and the groups that hold such rows.
function sift(sheet, words) {
  const wanted = words.trim().toLowerCase()
  for (const group of sheet.querySelectorAll(".key-group")) {
    const rows = [...group.querySelectorAll(".key-row")]
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted)
    }
    group.hidden = rows.every((row) => row.hidden)
  }
}

// Notes are hidden by nature; a button that is not shown has no key to promise.
function isShown(element) {
  return "keyNote" in element.dataset || element.checkVisibility()
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
  if (action !== null) {
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

// The sheet under `?`: made each time from what the page declares (data-key on buttons, data-key-note for the rest). There
// a person also gives an action a key of their own (js/own-keys.js).

import { KeyChanging } from "./key-changing.js"
import { drawGroups, groupsOf } from "./key-list.js"
import { letSingleKeysWork, singleKeysWork } from "./keys.js"

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
  const declared = [...document.querySelectorAll("[data-key], [data-key-note]")].filter(
    (element) => !sheet.contains(element) && element.closest("template") === null && isShown(element),
  )
  sheet.querySelector(".key-groups").replaceChildren(...drawGroups(groupsOf(declared), changing))
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

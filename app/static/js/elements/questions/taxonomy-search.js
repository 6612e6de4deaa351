// Type to search a taxonomy: what fits stays, with all that stands above it; Enter takes the first.

import { find } from "../../annotate/finding.js"

export function addSearch(fieldset, input, signal) {
  const entries = entriesOf(fieldset)
  const below = fieldset.querySelectorAll("details")
  input.setAttribute("aria-label", `Search ${fieldset.querySelector("legend").textContent}`)
  fieldset.querySelector(".taxonomy").before(input)

  function narrow() {
    const typed = input.value.trim() !== ""
    const found = find(entries, input.value)
    for (const { item } of entries) {
      item.hidden = typed
      item.classList.remove("is-first")
    }
    for (const entry of found) {
      for (let item = entry.item; item !== null; item = item.parentElement.closest("li")) {
        item.hidden = false
      }
    }
    for (const details of below) {
      details.open = typed
    }
    if (typed) {
      found[0]?.item.classList.add("is-first")
    }
    return typed ? found[0] : undefined
  }

  function onKey(event) {
    const first = event.key === "Enter" && !event.isComposing ? narrow() : undefined
    if (first) {
      first.button.click()
      input.value = ""
      narrow()
      event.preventDefault()
    }
    if (event.key === "Escape") {
      input.value = ""
      narrow()
      input.blur()
      event.stopPropagation()
    }
  }

  input.addEventListener("input", narrow, { signal })
  input.addEventListener("keydown", onKey, { signal })
}

function entriesOf(fieldset) {
  return [...fieldset.querySelectorAll("[data-path]")].map((button) => {
    const item = button.closest("li")
    const titles = []
    for (let one = item; one !== null; one = one.parentElement.closest("li")) {
      titles.unshift(one.querySelector(":scope > .choice > .choice-title").textContent)
    }
    return { button, item, titles }
  })
}

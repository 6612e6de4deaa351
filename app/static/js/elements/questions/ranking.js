// A ranking as rows that stay where they are: each button puts its own next in order, its arrows move it up and down. The
// row that was touched last is in hand, and moves by Alt and arrows from anywhere on the page.

import { known, moved, pressed } from "../../annotate/ranking.js"

export function ranking(fieldset, binding, signal) {
  const rows = [...fieldset.querySelectorAll("[data-ranked]")].map(readRow)
  const all = rows.map(({ value }) => value)
  let inHand = null

  const order = () => known(binding.get(), all)
  const act = ({ value }, by) => {
    inHand = value
    binding.set(by === 0 ? pressed(order(), value, all, binding.field) : moved(order(), value, by))
  }

  fieldset.addEventListener("click", (event) => {
    const row = rows.find(({ element }) => element.contains(event.target))
    const button = event.target.closest("button")
    if (row && button && button.ariaDisabled !== "true") act(row, { up: -1, down: 1 }[button.dataset.rank] ?? 0)
  }, { signal })

  fieldset.addEventListener("keydown", (event) => {
    const row = rows.find(({ element }) => element.contains(event.target))
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!row || !by || event.ctrlKey || event.metaKey || event.shiftKey || !order().includes(row.value)) return
    event.preventDefault()
    act(row, by)
  }, { signal })

  return () => {
    const now = order()
    const active = fieldset.classList.contains("is-active")
    for (const row of rows) showRow(row, now, active && row.value === inHand, "readOnly" in fieldset.dataset)
    const said = now.map((value, at) => `${at + 1}. ${rows.find((row) => row.value === value).title}`).join(", ")
    const status = fieldset.querySelector("[data-ranking-order]")
    if (status.textContent !== said) status.textContent = said
  }
}

function readRow(element) {
  const [choice, place, up, down] = [".choice", ".ranking-place", "[data-rank=up]", "[data-rank=down]"].map((one) => element.querySelector(one))
  return { element, choice, place, up, down, value: choice.dataset.value, title: choice.querySelector(".choice-title").textContent }
}

function showRow({ element, choice, place, up, down }, order, inHand, readOnly) {
  const at = order.indexOf(choice.dataset.value)
  choice.setAttribute("aria-checked", String(at >= 0))
  place.textContent = at >= 0 ? String(at + 1) : ""
  element.classList.toggle("is-in-hand", inHand)
  // Not `disabled`: a button that comes to its end keeps the focus, and the arrow keys with it.
  up.setAttribute("aria-disabled", String(readOnly || at <= 0))
  down.setAttribute("aria-disabled", String(readOnly || at < 0 || at === order.length - 1))
  for (const [button, key] of [[up, "Alt+ArrowUp"], [down, "Alt+ArrowDown"]]) {
    if (inHand) button.dataset.key = key
    else delete button.dataset.key
  }
}

// Which keys the choices of a question answer to. A schema's own key works on the whole page (of a mark's choices: while
// their question is in focus, and else where no other choice has the key); the first ten choices of the question in focus also have the digits, unless a schema
// declares digits itself. The key is written on the button, where js/keys.js and the sheet of keys find it.

import { ariaShortcut, keyCaps } from "../../annotate/key-match.js"
import { keysOf } from "../../keys.js"

const DIGITS = "1234567890"

export function declaresDigits(fields) {
  const keys = fields.flatMap((field) => [...treeKeys(field), ...treeKeysOf(field.fields ?? [])])
  return keys.some((key) => DIGITS.includes(key))
}

const treeKeysOf = (owners) => owners.flatMap(treeKeys)
function treeKeys(owner) {
  const below = owner.nodes ?? owner.choices ?? owner.children ?? []
  return [...(owner.key ? [owner.key] : []), ...treeKeysOf(below)]
}

export class ChoiceKeys {
  #buttons

  constructor(buttons) {
    this.#buttons = buttons.map((button) => {
      const own = button.dataset.key ?? button.dataset.markKey ?? null
      return { button, own, wide: button.dataset.key !== undefined, cap: capOf(button) }
    })
  }

  get pages() {
    return Math.ceil(this.#buttons.length / DIGITS.length)
  }

  /** The keys of its own that the schema gives it. */
  get own() {
    return this.#buttons.flatMap(({ own }) => own ?? [])
  }

  /** `alone`: keys that work though the question is not awake, for no other choice has them. */
  show({ awake, alone, active, digits, page }) {
    for (const [at, { button, own, wide, cap }] of this.#buttons.entries()) {
      const place = at - page * DIGITS.length
      const digit = active && digits ? (DIGITS[place] ?? null) : null
      const live = wide || awake || alone.has(own)
      const keys = [live ? own : null, digit].filter((key) => key !== null)
      declare(button, keys.join(" "))
      cap.textContent = own === null ? (digit ?? "") : written(own)
      cap.classList.toggle("is-asleep", own !== null && !live)
    }
  }
}

/** `Shift+T` takes the room of one cap. */
const written = (key) => keyCaps(keysOf(key)[0]).join(" ").replace("Shift ", "⇧")

function capOf(button) {
  const cap = button.querySelector("kbd") ?? document.createElement("kbd")
  button.append(cap)
  return cap
}

function declare(button, keys) {
  if (button.dataset.key === keys) {
    return
  }
  if (keys === "") {
    delete button.dataset.key
    button.removeAttribute("aria-keyshortcuts")
  } else {
    button.dataset.key = keys
    button.setAttribute("aria-keyshortcuts", keysOf(keys).map(ariaShortcut).join(" "))
  }
}

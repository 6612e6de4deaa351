// The one listener for keys. A button declares its key in markup (data-key="b", several divided by spaces), and the
// listener clicks the button: a key can do no more than its button, and the `?` sheet is made from the same attributes.

import { ariaShortcut, bestMatch, isCombination, isSingleCharacter, matchKey, NO_MATCH, parseKey } from "./annotate/key-match.js"
import { adopt } from "./own-keys.js"
import { prefer, preference } from "./preferences.js"

const SETTING = "fasit.single-keys"
const TYPING = "input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])"
const EDITING_KEYS = new Set(["z", "y", "a", "c", "v", "x"])
const parsedKeys = new Map()

export function startKeys() {
  document.addEventListener("keydown", onKey)
  document.addEventListener("focusin", (event) => activateScope(event.target))
  document.addEventListener("pointerdown", (event) => activateScope(event.target))
  document.addEventListener("htmx:after:swap", nameShortcuts)
  nameShortcuts()
}

/** Kept with the person; by this browser for those who are not signed in. */
export function singleKeysWork() {
  return preference("single_keys") ?? localStorage.getItem(SETTING) !== "off"
}

export function letSingleKeysWork(work) {
  localStorage.setItem(SETTING, work ? "on" : "off")
  prefer("single_keys", work)
}

/** Whether a button's keys work now: seen, not disabled, in the open dialog if there is one, in the active scope. */
function isLive(button, dialog) {
  return (dialog === null || dialog.contains(button)) && isInScope(button) && canBeClicked(button)
}

/** "k Space" -> the two parsed keys. */
export function keysOf(text) {
  if (!parsedKeys.has(text)) {
    parsedKeys.set(text, text.split(/\s+/u).filter(Boolean).map(parseKey))
  }
  return parsedKeys.get(text)
}

/** Whether a press may be a command at all: nobody types, composes, or has answered it already. */
export function mayCommand(event) {
  const composing = event.isComposing || event.key === "Dead" || event.key === "Process"
  return !event.defaultPrevented && !composing && !belongsToFocus(event)
}

/** Whether this key, as `data-key` writes it, is pressed on the page itself, and is one that works. */
export function isPressed(key, event) {
  const [wanted] = keysOf(key)
  return topDialog() === null && mayCommand(event) && mayWork(wanted) && matchKey(wanted, event) !== NO_MATCH
}

function onKey(event) {
  if (!mayCommand(event)) {
    return
  }
  const found = bestMatch(candidatesFor(event), event)
  if (found === null) {
    return
  }
  event.preventDefault()
  if (event.repeat && !("keyRepeat" in found.button.dataset)) {
    return
  }
  found.button.click()
}

// What the key would fit comes first: whether a button is seen costs more to ask, and pages may hold thousands of them.
function candidatesFor(event) {
  const dialog = topDialog()
  return [...document.querySelectorAll("[data-key]")]
    .map((button) => (adopt(button), { button, keys: keysOf(button.dataset.key).filter(mayWork) }))
    .filter(({ button, keys }) => keys.some((key) => matchKey(key, event) !== NO_MATCH) && isLive(button, dialog))
}

function mayWork(key) {
  return singleKeysWork() || !isSingleCharacter(key)
}

// What the focused thing itself does with this key: typing, editing, pressing a button that was reached by Tab.
function belongsToFocus(event) {
  const focused = event.composedPath()[0]
  // A field that went with its dialog is still the one pressed in until the next frame.
  if (!(focused instanceof Element) || !focused.checkVisibility()) {
    return false
  }
  if (focused.closest(TYPING) !== null) {
    const command = event.ctrlKey || event.metaKey
    return !isCombination(event) || (command && EDITING_KEYS.has(event.key.toLowerCase()))
  }
  const pressable = focused.matches("button, summary, a[href], input, [role=button]")
  return pressable && (event.key === "Enter" || event.key === " ") && !isCombination(event) && focused.matches(":focus-visible")
}

// One that is greyed with a reason says it when it is pressed (elements/greyed.js).
function canBeClicked(button) {
  return !button.matches(":disabled, [aria-disabled=true]:not([data-why])") && button.checkVisibility({ visibilityProperty: true })
}

// A key inside [data-key-scope] lives while that scope holds the focus or was the last one used.
function isInScope(button) {
  const scope = button.closest("[data-key-scope]")
  if (scope === null) {
    return true
  }
  return scope.contains(document.activeElement) || "active" in scope.dataset
}

function activateScope(target) {
  const scope = target instanceof Element ? target.closest("[data-key-scope]") : null
  if (scope === null || "active" in scope.dataset) {
    return
  }
  for (const other of document.querySelectorAll("[data-key-scope][data-active]")) {
    delete other.dataset.active
  }
  scope.dataset.active = ""
}

function topDialog() {
  const open = document.querySelectorAll("dialog:modal")
  return open.length > 0 ? open[open.length - 1] : null
}

function nameShortcuts() {
  document.querySelectorAll("[data-key]").forEach(adopt)
  for (const button of document.querySelectorAll("[data-key]:not([aria-keyshortcuts])")) {
    button.setAttribute("aria-keyshortcuts", keysOf(button.dataset.key).map(ariaShortcut).join(" "))
  }
}

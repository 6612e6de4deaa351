// A person's own keys on the page: written over those that the buttons declare, so that caps, titles, the sheet of keys and
// what a press does all agree. An action is known by where it lives and what it does ("fasit-image.box", "page.submit").
// A schema's choices keep their keys: they belong to the schema, and win where a person's own key meets one.

import { collide } from "./annotate/own-keys.js"
import { keyCaps, parseKey } from "./annotate/key-match.js"
import { prefer, preference } from "./preferences.js"

const seen = new WeakSet()
let choiceKeys = null

document.addEventListener("htmx:after:swap", () => (choiceKeys = null))

/** The name of a button's action; null for the choices of a question. */
export function actionOf(button) {
  if (button.closest(".question") !== null) return null
  const { act, action, outcome, showPart } = button.dataset
  const name = act ?? action ?? outcome ?? showPart ?? titleOf(button)
  return `${placeOf(button)}.${name.toLowerCase().replace(/[^\p{L}\p{N}-]+/gu, "-")}`
}

/** What a key does, in the words of its button. */
export function titleOf(button) {
  const said = button.dataset.keyTitle ?? button.getAttribute("aria-label")
  if (said !== null) {
    return said
  }
  const copy = button.cloneNode(true)
  for (const cap of copy.querySelectorAll("kbd, svg")) {
    cap.remove()
  }
  return copy.textContent.trim().replace(/\s+/gu, " ")
}

/** Where a button's keys live: in parts of one kind, or on the whole page. */
export function placeOf(button) {
  return button.closest("[data-part]")?.localName ?? "page"
}

/** Gives a button the person's own key, once. */
export function adopt(button) {
  if (seen.has(button)) return
  seen.add(button)
  const own = (preference("keys") ?? {})[actionOf(button)]
  if (own !== undefined) show(button, own)
}

/** Takes a key for an action; undefined restores the page's own. */
export function takeKey(action, key) {
  const { [action]: _old, ...others } = preference("keys") ?? {}
  prefer("keys", key === undefined ? others : { ...others, [action]: key })
  for (const button of document.querySelectorAll("[data-key]")) {
    if (actionOf(button) === action) show(button, key)
  }
}

export function hasOwnKey(button) {
  return "keyDefault" in button.dataset
}

export function dropOwnKeys() {
  prefer("keys", {})
  for (const button of document.querySelectorAll("[data-key-default]")) show(button, undefined)
}

/** The keys that the choices of this page's questions answer to, also those that sleep now. */
export function keysOfChoices() {
  choiceKeys ??= [...document.querySelectorAll(".question [data-key], .question [data-mark-key]")].map((button) => ({
    title: titleOf(button),
    keys: (button.dataset.markKey ?? button.dataset.key).split(/\s+/u).filter(Boolean),
  }))
  return choiceKeys
}

function show(button, own) {
  const usual = button.dataset.keyDefault ?? button.dataset.key
  const shown = own === undefined || keysOfChoices().some(({ keys }) => collide([own], keys)) ? usual : own
  if (shown === usual) delete button.dataset.keyDefault
  else button.dataset.keyDefault = usual
  rewrite(button, button.dataset.key, shown)
}

function rewrite(button, before, after) {
  if (before === after) return
  button.dataset.key = after
  button.removeAttribute("aria-keyshortcuts")
  const cap = button.querySelector("kbd")
  if (cap !== null) cap.textContent = keyCaps(parseKey(after.split(/\s+/u)[0])).join("+")
  if (button.title !== "") button.title = button.title.replace(/ \([^()\n]*\)(?=\n|$)/u, ` (${after})`)
}

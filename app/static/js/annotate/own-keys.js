// A person's own keys in place of the page's: how a pressed key is written down, and what speaks against it. Pure.

import { keyOfPlace, parseKey } from "./key-match.js"

const MODIFIER_KEYS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead", "Process", "Unidentified"])
// What the page's own movements live by, and what browsers never give away.
const KEPT_BY_PAGE = ["Tab", "Shift+Tab", "Escape", "Enter", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]
const KEPT_BY_BROWSER = ["Ctrl+T", "Ctrl+N", "Ctrl+W", "Ctrl+R", "Ctrl+L", "Ctrl+Q", "Ctrl+P", "Ctrl+Shift+T", "Ctrl+Shift+N", "Ctrl+Shift+W", "F5", "F6", "F11", "F12"]

/** The key of an event as `data-key` writes it, or null while only modifiers are held. Symbols need no Shift. */
export function writtenKey(event) {
  if (MODIFIER_KEYS.has(event.key)) return null
  const key = keyName(event)
  const isSymbol = [...key].length === 1 && !/^\p{L}$/u.test(key)
  const typed = isSymbol && (event.getModifierState?.("AltGraph") || (event.ctrlKey && event.altKey))
  const held = [
    (event.ctrlKey || event.metaKey) && !typed ? "Ctrl" : null,
    event.altKey && !typed ? "Alt" : null,
    event.shiftKey && !isSymbol ? "Shift" : null,
  ]
  return [...held.filter((name) => name !== null), key].join("+")
}

function keyName(event) {
  const { key } = event
  if (key === " ") return "Space"
  const isForeign = /^\p{L}+\p{M}*$/u.test(key) && !/\p{Script=Latin}/u.test(key)
  if (isForeign) return keyOfPlace(event, key) ?? key
  return /^\p{L}$/u.test(key) ? key.toLowerCase() : key
}

/** Two written keys that one press would set off. */
export function collide(one, other) {
  return one.some((key) => other.some((against) => same(parseKey(key), parseKey(against))))
}

function same(one, other) {
  const plain = (key) => `${key.ctrl || key.meta} ${key.alt} ${key.kind === "symbol" || key.kind === "digit" ? false : key.shift} ${key.key}`
  return plain(one) === plain(other)
}

/** Why this key cannot be had for an action, as a sentence, or null. `others`: [{title, keys: [written]}] that live beside it. */
export function faultOf(key, others) {
  if (collide([key], KEPT_BY_PAGE)) return `${key} moves around the page; choose another key.`
  if (collide([key], KEPT_BY_BROWSER)) return `${key} belongs to the browser; choose another key.`
  if (/^[0-9]$/u.test(key)) return "Digits are for the choices of a question; choose another key."
  const holder = others.find(({ keys }) => collide([key], keys))
  return holder ? `${key} is taken by “${holder.title}”.` : null
}


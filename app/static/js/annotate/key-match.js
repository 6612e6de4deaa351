// Which key was pressed, whatever the keyboard. Pure: takes plain objects shaped like KeyboardEvent.
//
// A declared key is compared with event.key, so that a symbol works with whatever Shift or AltGr its keyboard needs.
// event.code, the place on the keyboard, counts only for digits (a French keyboard types them with Shift) and where the
// layout has no Latin letters. What was typed always wins over where it was typed.

export const NO_MATCH = 0
export const BY_PLACE = 1
export const BY_KEY = 2

const MODIFIERS = ["Ctrl", "Alt", "Shift", "Meta"]
const SYMBOL_PLACES = {
  Comma: ",",
  Period: ".",
  Slash: "/",
  BracketLeft: "[",
  BracketRight: "]",
  Minus: "-",
  Equal: "=",
  Semicolon: ";",
  Quote: "'",
}

/** "Ctrl+Shift+Z" -> {key, kind: "letter" | "digit" | "symbol" | "named", ctrl, alt, shift, meta}. */
export function parseKey(text) {
  const parsed = { ctrl: false, alt: false, shift: false, meta: false }
  let rest = text
  for (let found = true; found; ) {
    found = false
    for (const name of MODIFIERS) {
      if (rest.startsWith(`${name}+`) && rest.length > name.length + 1) {
        parsed[name.toLowerCase()] = true
        rest = rest.slice(name.length + 1)
        found = true
      }
    }
  }
  parsed.kind = kindOf(rest)
  // A capital alone is its letter with Shift; after a modifier it is only how keys are written.
  if (parsed.kind === "letter" && rest === text && rest !== rest.toLowerCase()) {
    parsed.shift = true
  }
  parsed.key = parsed.kind === "letter" ? rest.toLowerCase() : rest
  return parsed
}

/** How well a parsed key fits an event: BY_KEY, BY_PLACE or NO_MATCH. */
export function matchKey(wanted, event) {
  const held = heldModifiers(event)
  const typed = event.key === " " ? "Space" : event.key
  if (kindOf(typed) === wanted.kind && sameKey(wanted, typed)) {
    return modifiersFit(wanted, held, wanted.kind !== "symbol" && wanted.kind !== "digit") ? BY_KEY : NO_MATCH
  }
  const placed = keyOfPlace(event, typed)
  if (placed !== null && placed === wanted.key) {
    return modifiersFit(wanted, held, true) ? BY_PLACE : NO_MATCH
  }
  return NO_MATCH
}

/** The best of `candidates` ([{keys: [parsed], ...}]) for an event, or null. Equal fits: the later one, which lies on top. */
export function bestMatch(candidates, event) {
  let best = null
  let bestFit = NO_MATCH
  for (const candidate of candidates) {
    for (const wanted of candidate.keys) {
      const fit = matchKey(wanted, event)
      if (fit !== NO_MATCH && fit >= bestFit) {
        best = candidate
        bestFit = fit
      }
    }
  }
  return best
}

/** Whether the key is one character without Ctrl, Alt or Meta: those a person may switch off (WCAG 2.1.4). */
export function isSingleCharacter(wanted) {
  return wanted.kind !== "named" && !wanted.ctrl && !wanted.alt && !wanted.meta
}

/** Whether Ctrl, Alt or Meta is truly held, so that the event types no character. */
export function isCombination(event) {
  const held = heldModifiers(event)
  return held.ctrl || held.alt || held.meta
}

/** The caps to show for a key: parseKey("Ctrl+Enter") -> ["Ctrl", "Enter"]. */
export function keyCaps(wanted) {
  const caps = MODIFIERS.filter((name) => wanted[name.toLowerCase()])
  const names = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" }
  const key = wanted.kind === "letter" && caps.length > 0 ? wanted.key.toUpperCase() : wanted.key
  return [...caps, names[key] ?? key]
}

/** The same key as `aria-keyshortcuts` writes it. */
export function ariaShortcut(wanted) {
  const names = { Ctrl: "Control", Esc: "Escape" }
  return keyCaps({ ...wanted, key: wanted.key })
    .map((cap) => names[cap] ?? cap)
    .join("+")
}

function kindOf(key) {
  if (/^[0-9]$/u.test(key)) {
    return "digit"
  }
  if (/^\p{L}$/u.test(key)) {
    return "letter"
  }
  return [...key].length === 1 ? "symbol" : "named"
}

function sameKey(wanted, typed) {
  return wanted.kind === "letter" ? typed.toLowerCase() === wanted.key : typed === wanted.key
}

// AltGr reaches the page as Ctrl+Alt on Windows and as neither on Linux: where it typed a character, it is no modifier.
function heldModifiers(event) {
  const typesCharacter = [...event.key].length === 1
  const altGraph = event.getModifierState?.("AltGraph") ?? false
  const bothHeld = event.ctrlKey && event.altKey && kindOf(event.key) === "symbol"
  const graph = typesCharacter && (altGraph || bothHeld)
  return {
    ctrl: !graph && event.ctrlKey,
    alt: !graph && event.altKey,
    shift: event.shiftKey,
    meta: event.metaKey,
  }
}

// Ctrl is also the Command key of a Mac.
function modifiersFit(wanted, held, shiftCounts) {
  const command = held.ctrl || held.meta
  return (
    (wanted.ctrl || wanted.meta) === command && wanted.alt === held.alt && (!shiftCounts || wanted.shift === held.shift)
  )
}

// The key that a Latin layout has at this place, where the event itself cannot say it; else null.
export function keyOfPlace(event, typed) {
  const digit = /^Digit([0-9])$/.exec(event.code)
  if (digit !== null) {
    return isAsciiDigit(typed) ? null : digit[1]
  }
  const numpad = /^Numpad([0-9])$/.exec(event.code)
  if (numpad !== null && /^\p{Nd}$/u.test(typed)) {
    return numpad[1]
  }
  if (!/^\p{L}+\p{M}*$/u.test(typed) || /\p{Script=Latin}/u.test(typed)) {
    return null
  }
  const letter = /^Key([A-Z])$/.exec(event.code)
  return letter !== null ? letter[1].toLowerCase() : (SYMBOL_PLACES[event.code] ?? null)
}

function isAsciiDigit(typed) {
  return /^[0-9]$/.test(typed)
}

// Characters that are not seen, and the signs that stand for them where a person wants to see them.

const SIGNS = new Map([
  [" ", "·"],
  ["\t", "→"],
  ["\u00a0", "⍽"],
  ["\u202f", "⍽"],
  ["\u00ad", "shy"],
  ["\u200b", "zwsp"],
  ["\u200c", "zwnj"],
  ["\u200d", "zwj"],
  ["\u2060", "wj"],
  ["\ufeff", "bom"],
  ["\u200e", "lrm"],
  ["\u200f", "rlm"],
  ["\u061c", "alm"],
  ["\u202a", "lre"],
  ["\u202b", "rle"],
  ["\u202c", "pdf"],
  ["\u202d", "lro"],
  ["\u202e", "rlo"],
  ["\u2066", "lri"],
  ["\u2067", "rli"],
  ["\u2068", "fsi"],
  ["\u2069", "pdi"],
  ["\u2028", "ls"],
  ["\u2029", "ps"],
])
const SPACED = new Set([" ", "\t", "\u00a0", "\u202f"]) // take room themselves: the sign lies over it
const UNSEEN = /[\p{Zs}\p{Zl}\p{Zp}\p{Cf}\p{Cc}]/gu
const NAMES = { "\n": "↵", "\r\n": "CR LF", "\r": "CR" }

/** The sign of one character: its name where it has one, else its code point. */
export function signOf(character) {
  return SIGNS.get(character) ?? `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`
}

/** A piece cut at what is not seen in it; each of those has its `sign`, `isWide` where the sign needs room of its own. */
export function unseenIn(text, piece) {
  const pieces = []
  let at = piece.start
  for (const { 0: character, index } of text.slice(piece.start, piece.end).matchAll(UNSEEN)) {
    const start = piece.start + index
    const end = start + character.length
    if (start > at) pieces.push({ ...piece, start: at, end: start })
    pieces.push({ ...piece, start, end, sign: signOf(character), isWide: !SPACED.has(character) })
    at = end
  }
  if (at < piece.end) pieces.push({ ...piece, start: at })
  return pieces
}

/** The sign of what ends a row; "" where it goes on in the next one, or is the last. */
export function endSign(text, { end, next }) {
  return NAMES[text.slice(end, next)] ?? ""
}

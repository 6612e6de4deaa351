// Finding a node of a taxonomy by what is typed: words of its title, of what stands above it, or of its values; beginnings
// of words first, then what lies inside words, then what is one or two letters off. The words of the whole tree are read
// once, so that a key costs the same few milliseconds with two thousand nodes.

const CLOSE_FROM = 4 // letters; below that, nearly everything would be near everything
const CLOSER_FROM = 8

export const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLocaleLowerCase()
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .replaceAll("ß", "ss")
const words = (text) =>
  fold(text)
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter(Boolean)

/** All paths of a taxonomy, parents before children: [{path, titles, node}]. */
export function pathsOf(field, titleOf) {
  const found = []
  const walk = (nodes, above) => {
    for (const node of nodes) {
      const here = { path: [...above.path, node.value], titles: [...above.titles, titleOf(node)], node }
      found.push(here)
      walk(node.children ?? [], here)
    }
  }
  walk(field.nodes ?? field.choices ?? [], { path: [], titles: [] })
  return found
}

export class Finder {
  #entries
  #vocabulary = new Map() // word -> {own: Set of entry numbers, above: Set}

  /** `entries`: as `pathsOf` gives them. */
  constructor(entries) {
    this.#entries = entries
    for (const [number, { titles, path }] of entries.entries()) {
      for (const word of words(`${titles.at(-1)} ${path.at(-1)}`)) this.#note(word, "own", number)
      for (const word of words([...titles.slice(0, -1), ...path.slice(0, -1)].join(" "))) this.#note(word, "above", number)
    }
  }

  #note(word, where, number) {
    if (!this.#vocabulary.has(word)) this.#vocabulary.set(word, { own: new Set(), above: new Set() })
    this.#vocabulary.get(word)[where].add(number)
  }

  /** The entries that fit, best first, at most `most`; all where nothing is typed. */
  find(typed, most = Infinity) {
    const wanted = words(typed)
    if (wanted.length === 0) return this.#entries.slice(0, most)
    let scores = null
    for (const word of wanted) scores = both(scores, this.#scoresOf(word))
    const whole = wanted.join(" ")
    const rank = (number) => scores.get(number) - this.#bonus(number, whole)
    const numbers = [...scores.keys()].sort((one, other) => rank(one) - rank(other) || one - other)
    return numbers.slice(0, most).map((number) => this.#entries[number])
  }

  /** Entry number -> how far it is from this word. */
  #scoresOf(wanted) {
    const scores = new Map()
    for (const [word, { own, above }] of this.#vocabulary) {
      const distance = distanceOf(wanted, word)
      if (distance === null) continue
      for (const number of own) lower(scores, number, distance)
      for (const number of above) lower(scores, number, distance + 1)
    }
    return scores
  }

  // Of those that fit alike, the one whose title is, or begins with, what was typed comes first.
  #bonus(number, whole) {
    const own = words(this.#entries[number].titles.at(-1)).join(" ")
    return own === whole ? 1 : own.startsWith(whole) ? 0.5 : 0
  }
}

/** What both words fit, with the sum of their distances. */
function both(scores, more) {
  if (scores === null) return more
  const kept = [...scores].filter(([number]) => more.has(number))
  return new Map(kept.map(([number, score]) => [number, score + more.get(number)]))
}

function lower(scores, number, score) {
  if (score < (scores.get(number) ?? Infinity)) scores.set(number, score)
}

/** 0: begins so; 10: holds it; 20 and more: letters off; null: nothing alike. */
function distanceOf(wanted, word) {
  if (word.startsWith(wanted)) return 0
  if (wanted.length > 2 && word.includes(wanted)) return 10
  const allowed = wanted.length >= CLOSER_FROM ? 2 : wanted.length >= CLOSE_FROM ? 1 : 0
  const off = allowed === 0 ? Infinity : lettersOff(wanted, word, allowed)
  return off <= allowed ? 20 + off : null
}

/**
 * How many letters must be changed, left out, put in or swapped until `word` begins with `wanted`; more than `most` where it
 * is more.
 */
function lettersOff(wanted, word, most) {
  if (word.length < wanted.length - most || word[0] !== wanted[0]) return Infinity
  const length = Math.min(word.length, wanted.length + most)
  let [before, row] = [null, Array.from({ length: length + 1 }, (_, at) => at)]
  for (let line = 1; line <= wanted.length; line += 1) {
    const next = [line]
    for (let at = 1; at <= length; at += 1) {
      const same = wanted[line - 1] === word[at - 1] ? 0 : 1
      next[at] = Math.min(row[at] + 1, next[at - 1] + 1, row[at - 1] + same)
      const swapped = line > 1 && at > 1 && wanted[line - 1] === word[at - 2] && wanted[line - 2] === word[at - 1]
      if (swapped) next[at] = Math.min(next[at], before[at - 2] + 1)
    }
    if (Math.min(...next) > most) return Infinity
    ;[before, row] = [row, next]
  }
  return Math.min(...row)
}

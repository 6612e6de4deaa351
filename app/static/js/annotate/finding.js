// Finding a choice by what is typed: every word must begin a word of the title (or of what stands above it).

const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLocaleLowerCase()
const words = (text) =>
  fold(text)
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter(Boolean)

/** All paths of a taxonomy, parents before children: [{path, titles}]. */
export function pathsOf(field, titleOf) {
  const found = []
  const walk = (nodes, above) => {
    for (const node of nodes) {
      const here = { path: [...above.path, node.value], titles: [...above.titles, titleOf(node)] }
      found.push(here)
      walk(node.children ?? [], here)
    }
  }
  walk(field.nodes ?? field.choices ?? [], { path: [], titles: [] })
  return found
}

/** The entries that fit, best first: those whose own title begins with what was typed, then by their order. */
export function find(entries, typed) {
  const wanted = words(typed)
  if (wanted.length === 0) {
    return entries
  }
  const scored = []
  for (const [order, entry] of entries.entries()) {
    const all = words(entry.titles.join(" "))
    if (wanted.every((word) => all.some((one) => one.startsWith(word)))) {
      const own = words(entry.titles.at(-1))
      const score = wanted.every((word) => own.some((one) => one.startsWith(word))) ? 0 : 1
      scored.push({ entry, score, order })
    }
  }
  return scored.sort((one, other) => one.score - other.score || one.order - other.order).map(({ entry }) => entry)
}

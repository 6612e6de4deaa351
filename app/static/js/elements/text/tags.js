// The tags over the places where spans begin, in rows of text: each reads the way its row does.

const BEYOND = 22 // pixels that a tag may stick out of its row, see text-part.css
const LEAST = 14

/** Tags that would lie over each other are cut short at the next one. All are measured first, then written. */
export function tidyTags(rows) {
  const handles = rows.flatMap((row) => [...row.querySelectorAll(".text-handle")])
  for (const handle of handles) handle.style.removeProperty("--room")
  const edges = new Map(rows.map((row) => [row, edgeOf(row)]))
  const places = handles.map((handle) => ({ ...pointOf(handle), edge: edges.get(handle.closest(".text-line")) }))
  let level = 0
  handles.forEach((handle, at) => {
    const { left, top, edge } = places[at]
    const next = places.slice(at + 1, at + 6).filter((one) => Math.abs(one.top - top) < 4)
    const room = Math.min(Math.abs(edge - left), ...next.map((one) => Math.abs(one.left - left)).filter((space) => space > 2))
    const before = places[at - 1]
    level = before && Math.abs(before.left - left) < 2 && Math.abs(before.top - top) < 4 ? level + 1 : 0
    handle.style.setProperty("--level", String(level))
    handle.style.setProperty("--room", `${Math.max(room - 3, LEAST)}px`)
  })
}

function pointOf(handle) {
  const { left, top } = handle.getBoundingClientRect()
  return { left, top }
}

/** Where a tag of a row has to end: on the left where the row reads from right to left. */
function edgeOf(row) {
  const { left, right } = row.getBoundingClientRect()
  return getComputedStyle(row).direction === "rtl" ? left - BEYOND : right + BEYOND
}

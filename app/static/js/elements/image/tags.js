// Where tags would lie over each other only the first is shown; the others when pointed at or selected.

import { boundsOf } from "../../annotate/shapes/registry.js"
import { TAG_HEIGHT } from "./mark-node.js"
import { set } from "./shapes.js"

export function thinned(nodes, { scale, y: drawnY }) {
  const rows = new Map() // tags that may touch each other stand in the same or in neighbouring rows
  for (const { node, item, tagWidth } of nodes) {
    const { x, y } = boundsOf(item)
    const tag = { left: x * scale, top: y * scale, right: x * scale + tagWidth }
    const row = Math.floor(tag.top / TAG_HEIGHT)
    const hidden = item.hidden || [row - 1, row, row + 1].some((at) => rows.get(at)?.some((one) => overlap(one, tag)))
    const isCut = tag.top + drawnY < TAG_HEIGHT + 4
    set(node, { "data-tagless": hidden ? "" : null, "data-tag-inside": isCut ? "" : null })
    if (!hidden) rows.set(row, [...(rows.get(row) ?? []), tag])
  }
}

const overlap = (one, other) =>
  Math.abs(one.top - other.top) < TAG_HEIGHT && other.left < one.right && other.right > one.left

// Puts the tags of all marks where they do not lie on each other; one for which there is no room shows when its mark is
// pointed at or selected.

import { boundsOf } from "../../annotate/shapes/registry.js"
import { tagPlaces } from "../../annotate/tag-places.js"

export function placeTags(nodes, { scale, x, y }, screen, selected) {
  const tags = nodes.map(({ item, tagWidth }) => {
    const area = boundsOf(item)
    const onScreen = { x: area.x * scale + x, y: area.y * scale + y, width: area.width * scale, height: area.height * scale }
    return { area: onScreen, width: tagWidth, kind: item.kind, hidden: item.hidden, isSelected: item.mark.id === selected }
  })
  tagPlaces(tags, screen).forEach((place, at) => nodes[at].putTag(place))
}

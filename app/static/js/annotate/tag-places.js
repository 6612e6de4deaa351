// Where the tags of marks stand on the screen, so that none lies on another: over the mark's upper left corner, else under
// its lower left one, else within it; where all three are taken the tag is left out. In pixels of the screen.

export const TAG_HEIGHT = 18
const APART = 3 // from the mark
const INSIDE = 4

const PLACES = {
  over: ({ x, y }, gap) => ({ x: x - gap.x, y: y - gap.y - TAG_HEIGHT }),
  under: ({ x, y, height }, gap) => ({ x: x - gap.x, y: y + height + gap.y }),
  within: ({ x, y }) => ({ x: x + INSIDE, y: y + INSIDE }),
}

/**
 * tags: [{area, width, kind, hidden, isSelected}] from the bottom to the top; `area` is what the mark covers on the screen.
 * Gives for each "over", "under", "within" or null. That of the selected mark has the first choice.
 */
export function tagPlaces(tags, screen) {
  const taken = new Taken()
  const places = new Array(tags.length).fill(null)
  const order = tags.map((_, at) => at)
  const selected = tags.findIndex(({ isSelected }) => isSelected)
  if (selected > 0) order.unshift(...order.splice(selected, 1))
  for (const at of order) {
    const tag = tags[at]
    if (tag.hidden) continue
    const place = candidatesOf(tag).find((name) => isFree(name, tag, taken, screen)) ?? (tag.isSelected ? "over" : null)
    if (place) taken.add(rectOf(place, tag))
    places[at] = place
  }
  return places
}

// A tag over a narrow box that is selected would lie under the handle that turns it.
function candidatesOf({ area, width, kind, isSelected }) {
  const isNarrow = kind === "boxes" && isSelected && area.width / 2 - 8 < width
  const roomy = area.height > TAG_HEIGHT + 2 * INSIDE && area.width > width + 2 * INSIDE
  return [...(isNarrow ? ["under", "over"] : ["over", "under"]), ...(roomy ? ["within"] : [])]
}

function rectOf(place, { area, width, kind }) {
  const gap = kind === "keypoints" ? { x: 8, y: 9 } : { x: 0, y: APART }
  return { ...PLACES[place](area, gap), width }
}

function isFree(place, tag, taken, { height }) {
  const rect = rectOf(place, tag)
  const isCut = rect.y < 0 ? tag.area.y + tag.area.height > 0 : rect.y + TAG_HEIGHT > height && tag.area.y < height
  return !isCut && !taken.touches(rect)
}

/** Rectangles of one height in rows of that height: those that touch stand in the same row or in neighbouring ones. */
class Taken {
  #rows = new Map()

  add(rect) {
    const row = Math.floor(rect.y / TAG_HEIGHT)
    if (!this.#rows.has(row)) this.#rows.set(row, [])
    this.#rows.get(row).push(rect)
  }

  touches(rect) {
    const row = Math.floor(rect.y / TAG_HEIGHT)
    return [row - 1, row, row + 1].some((at) => this.#rows.get(at)?.some((one) => overlap(one, rect)))
  }
}

const overlap = (one, other) =>
  Math.abs(one.y - other.y) < TAG_HEIGHT && other.x < one.x + one.width && one.x < other.x + other.width

// The shapes that marks on a picture have, one module for each kind of field. Pure: marks in, changes of marks out, in
// pixels of the original; `size` is the picture's {width, height}, `field` the field of the schema.
//
// A shape module exports
//   noun                                what one mark is called: "box"
//   bounds(mark)                        the upright area {x, y, width, height} that holds it
//   area(mark)                          how much it covers: of the marks under a point the smallest is taken
//   contains(mark, point, slack, field) whether a point is on it; lines and dots are `slack` pixels wide
//   geometry(mark)                      what belongs to the shape: {x, y, width, height, rotation}
//   clamped(mark, size)                 the geometry that lies in the picture
//   moved(mark, dx, dy, size)           the geometry after a move, stopped at the edges; null where it cannot be moved
//   resized(mark, dx, dy, size)         its right and lower side moved: Alt and arrows; null where it cannot
//   handles(mark, scale, field)         what one may drag: [{name, x, y, type, cursor}], type "corner" | "side" | "turn" |
//                                       "vertex" | "middle"; `scale` is screen pixels per pixel
//   dragged(mark, handle, by, size)     the geometry after that handle went by {dx, dy}
//   outline(mark, field)                what is drawn, as data of an SVG path
//   dots(mark)                          points drawn as dots, [{x, y, hollow}]; may be left out
//   ring(mark)                          what neighbours snap to, {points, isClosed, isLoose}; may be left out
//   turned(mark, degrees, size)         the geometry turned clockwise; left out where it cannot be
//   rechosen(field, mark, choice)       what changes with another choice, null where it cannot; left out where only the choice does
//   describe(mark, field)               where it is, in words that are read out
//   brief(mark)                         the same, short, for the line under the picture
// and, where its points can be changed one by one, `vertices`:
//   names(mark), at(mark, name), placed(mark, name, {x, y}, size), title(mark, name, field, title),
//   without(mark, name, field) and split(mark, name, field) -> {geometry, vertex} or null where that is not possible;
//   `title` reads a localized title, as work.title does
//
// A new kind: a module beside this one, one line here; how it is drawn, if not as an outline, in
// js/elements/image/drawing.js; how it is made, in js/elements/image/tools/registry.js.

const MODULES = {
  boxes: () => import("./boxes.js"),
  polygons: async () => (await import("./polygons.js")).polygons,
  polylines: async () => (await import("./polylines.js")).polylines,
  keypoints: async () => (await import("./keypoints.js")).keypoints,
  masks: () => import("./masks.js"),
}

/** field kind -> shape, of the kinds that were loaded: those that the schemas met so far ask for. */
export const SHAPES = {}

/** Loads the shapes among these kinds of fields; to be awaited before there is a Work of such a schema. */
export async function loadShapes(kinds) {
  const missing = Object.keys(MODULES).filter((kind) => kinds.has(kind) && !(kind in SHAPES))
  await Promise.all(missing.map(async (kind) => (SHAPES[kind] = await MODULES[kind]())))
}

/** The item {mark, kind, definition} under a point: the smallest of them, of equal ones the one on top. */
export function itemAt(items, point, slack) {
  let found = null
  let least = Infinity
  for (const item of items) {
    const shape = SHAPES[item.kind]
    if (!near(boundsOf(item), point, slack) || !shape.contains(item.mark, point, slack, item.definition)) continue
    const covered = shape.area(item.mark)
    if (covered <= least) [found, least] = [item, covered]
  }
  return found
}

const known = new WeakMap() // marks never change, so that what was measured once holds

export function boundsOf({ kind, mark }) {
  if (!known.has(mark)) known.set(mark, SHAPES[kind].bounds(mark))
  return known.get(mark)
}

const near = (area, { x, y }, slack) =>
  x >= area.x - slack && y >= area.y - slack && x <= area.x + area.width + slack && y <= area.y + area.height + slack

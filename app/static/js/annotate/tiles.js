// Which tiles of a large picture are seen under a view. Levels are numbered from the whole picture (0) down to one that a
// single tile holds, each half the one before, rounded up; a pixel of a level is always 2^level pixels of the picture.
// A tile is {level, column, row}; its `key` names it in a map and in its address.

export const keyOf = ({ level, column, row }) => `${level}/${column}/${row}`

/** The size of every level in its own pixels. */
export function levelsOf({ width, height }, tile) {
  const sizes = [{ width, height }]
  while (Math.max(sizes.at(-1).width, sizes.at(-1).height) > tile) {
    const { width: wide, height: high } = sizes.at(-1)
    sizes.push({ width: Math.ceil(wide / 2), height: Math.ceil(high / 2) })
  }
  return sizes
}

/** The coarsest level that still has a pixel for each of the screen's. `scale`: screen pixels per pixel of the picture. */
export function levelFor(scale, count) {
  const level = Math.floor(Math.log2(1 / scale) + 1e-6)
  return Math.min(Math.max(level, 0), count - 1)
}

/** The tiles of a level that lie in an area of the picture ({x, y, width, height}), those in the middle first. */
export function tilesIn(area, level, size, tile) {
  const side = tile * 2 ** level
  const columns = span(area.x, area.x + area.width, side, Math.ceil(size.width / tile))
  const rows = span(area.y, area.y + area.height, side, Math.ceil(size.height / tile))
  const tiles = rows.flatMap((row) => columns.map((column) => ({ level, column, row })))
  const middle = { x: (area.x + area.width / 2) / side - 0.5, y: (area.y + area.height / 2) / side - 0.5 }
  const away = ({ column, row }) => (column - middle.x) ** 2 + (row - middle.y) ** 2
  return tiles.sort((one, other) => away(one) - away(other))
}

function span(from, to, side, count) {
  const first = Math.max(Math.floor(from / side), 0)
  const last = Math.min(Math.ceil(to / side), count)
  return Array.from({ length: Math.max(last - first, 0) }, (_, at) => first + at)
}

/** What a tile covers, in pixels of the picture; its far edges may lie beyond the picture's own by less than a pixel of it. */
export function areaOf({ level, column, row }, size, tile) {
  const unit = 2 ** level
  const x = column * tile * unit
  const y = row * tile * unit
  const width = Math.min(tile, size.width - column * tile) * unit
  const height = Math.min(tile, size.height - row * tile) * unit
  return { x, y, width, height }
}

/** The tile of a coarser level that this one lies in. */
export function above({ level, column, row }, levels = 1) {
  return { level: level + levels, column: column >> levels, row: row >> levels }
}

/** The four tiles of the finer level that lie in this one; some may not exist at the edge. */
export function below({ level, column, row }) {
  const at = [[0, 0], [1, 0], [0, 1], [1, 1]]
  return at.map(([right, down]) => ({ level: level - 1, column: 2 * column + right, row: 2 * row + down }))
}

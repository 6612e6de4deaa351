// Masks as runs, and COCO's compressed run-length coding of them. Plain values in, new plain values out.
//
// Runs {width, height, edges}: the size of the whole picture and, in column-major order (position = x * height + y), the
// positions where the mask begins and ends in turn: [begin, end, begin, end, ...], strictly rising. Only what is inside
// costs anything, so a small mask on a large picture is small.
//
// A bitmap {x, y, width, height, data} is a crop placed in the picture; its bytes lie column by column too:
// data[column * height + row] is 0 or 1.

const OFFSET = 48 // the codes are the characters "0" to "o"
const CHARACTERS_AT_MOST = 7 // 35 bits, far more than any picture has pixels

export const empty = ({ width, height }) => ({ width, height, edges: [] })

export const isEmpty = ({ edges }) => edges.length === 0

// From and to bitmaps -------------------------------------------------------------------------------------------------

/** What of the bitmap lies outside the picture is left out. */
export function fromBitmap({ x, y, width, height, data }, size) {
  const edges = []
  const [left, right] = [Math.max(x, 0), Math.min(x + width, size.width)]
  const [top, bottom] = [Math.max(y, 0), Math.min(y + height, size.height)]
  const next = (value, from) => (from >= 0 && (from = data.indexOf(value, from)) >= 0 ? from : Infinity)
  let [begin, end] = [-1, -1] // the next 1 and the next 0 behind it, looked up once however many columns away they are
  for (let column = left; column < right && top < bottom; column += 1) {
    const start = (column - x) * height - y // where the picture's row 0 would be in the data
    const base = column * size.height - start
    const stop = start + bottom
    for (let at = start + top; at < stop; at = end) {
      if (begin < at) begin = end > at ? at : next(1, at)
      if (begin >= stop) break
      if (end <= begin) end = next(0, begin)
      push(edges, begin + base, Math.min(end, stop) + base)
    }
  }
  return { width: size.width, height: size.height, edges }
}

/** Appends a run; one that begins where the last ends makes it longer. */
function push(edges, begin, end) {
  if (edges.length > 0 && edges[edges.length - 1] === begin) edges[edges.length - 1] = end
  else edges.push(begin, end)
}

/** The part of the mask inside a box of whole pixels; without one, the whole mask as small as it goes. */
export function toBitmap(runs, box = bounds(runs)) {
  const { x, y, width, height } = box
  const data = new Uint8Array(width * height)
  for (const [column, from, to] of columns(runs, x, x + width)) {
    const [top, bottom] = [Math.max(from - y, 0), Math.min(to - y, height)]
    if (top < bottom) data.fill(1, (column - x) * height + top, (column - x) * height + bottom)
  }
  return { x, y, width, height, data }
}

/** [column, first row, row after the last] of every run, cut at the columns' ends. */
export function* columns({ height, edges }, left = 0, right = Infinity) {
  for (let at = edgeAfter(edges, left * height) & ~1; at < edges.length; at += 2) {
    let begin = Math.max(edges[at], left * height)
    const end = edges[at + 1]
    while (begin < end) {
      const column = Math.floor(begin / height)
      if (column >= right) return
      const next = Math.min(end, (column + 1) * height)
      yield [column, begin - column * height, next - column * height]
      begin = next
    }
  }
}

/** The index of the first edge beyond a position; odd where the position is inside the mask. */
function edgeAfter(edges, position) {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle] <= position) low = middle + 1
    else high = middle
  }
  return low
}

// Measures ------------------------------------------------------------------------------------------------------------

export function area({ edges }) {
  let sum = 0
  for (let at = 0; at < edges.length; at += 2) sum += edges[at + 1] - edges[at]
  return sum
}

/** The smallest box of whole pixels around the mask; of no size where it is empty. */
export function bounds({ height, edges }) {
  if (edges.length === 0) return { x: 0, y: 0, width: 0, height: 0 }
  const left = Math.floor(edges[0] / height)
  const right = Math.floor((edges.at(-1) - 1) / height) + 1
  let [top, bottom] = [height, 0]
  for (let at = 0; at < edges.length; at += 2) {
    const first = edges[at] % height
    const last = (edges[at + 1] - 1) % height
    const spans = Math.floor(edges[at] / height) !== Math.floor((edges[at + 1] - 1) / height)
    top = spans ? 0 : Math.min(top, first)
    bottom = spans ? height : Math.max(bottom, last + 1)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Whether the pixel that holds a point is inside. */
export function contains({ width, height, edges }, { x, y }) {
  if (x < 0 || y < 0 || x >= width || y >= height) return false
  return edgeAfter(edges, Math.floor(x) * height + Math.floor(y)) % 2 === 1
}

// Together ------------------------------------------------------------------------------------------------------------

export const union = (one, other) => combined(one, other, (inOne, inOther) => inOne || inOther)
export const subtract = (one, other) => combined(one, other, (inOne, inOther) => inOne && !inOther)
export const intersect = (one, other) => combined(one, other, (inOne, inOther) => inOne && inOther)

function combined({ width, height, edges: a }, { edges: b }, holds) {
  const edges = []
  let [i, j] = [0, 0]
  let isIn = false
  while (i < a.length || j < b.length) {
    const position = j >= b.length || a[i] <= b[j] ? a[i] : b[j]
    if (a[i] === position) i += 1
    if (b[j] === position) j += 1
    if (holds(i % 2 === 1, j % 2 === 1) === isIn) continue
    edges.push(position)
    isIn = !isIn
  }
  return { width, height, edges }
}

/** Moved by whole pixels; what leaves the picture is lost. */
export function shift(runs, dx, dy) {
  const { width, height } = runs
  const edges = []
  for (const [column, from, to] of columns(runs, Math.max(-dx, 0), width - Math.max(dx, 0))) {
    const top = Math.max(from + dy, 0)
    const bottom = Math.min(to + dy, height)
    if (top >= bottom) continue
    const base = (column + dx) * height
    push(edges, base + top, base + bottom)
  }
  return { width, height, edges }
}

// COCO ----------------------------------------------------------------------------------------------------------------

/** {size: [height, width], counts}: the lengths of runs outside and inside in turn, as differences, in six-bit characters. */
export function compress({ width, height, edges }) {
  const counts = Array.from(edges, (edge, at) => edge - (at ? edges[at - 1] : 0))
  const left = width * height - (edges.at(-1) ?? 0)
  if (left > 0 || edges.length === 0) counts.push(left)
  return { size: [height, width], counts: coded(counts) }
}

function coded(counts) {
  const characters = []
  for (let at = 0; at < counts.length; at += 1) {
    let value = at > 2 ? counts[at] - counts[at - 2] : counts[at]
    for (let more = true; more; ) {
      const bits = value & 0x1f
      value >>= 5
      more = bits & 0x10 ? value !== -1 : value !== 0
      characters.push(String.fromCharCode((more ? bits | 0x20 : bits) + OFFSET))
    }
  }
  return characters.join("")
}

/** Throws a RangeError where the counts are not a mask of that size. */
export function decompress({ size: [height, width], counts }) {
  const edges = []
  let position = 0
  let isIn = false
  for (const count of decoded(counts)) {
    if (count < 0) throw new RangeError("A run is shorter than nothing.")
    if (isIn && count > 0) push(edges, position, position + count) // runs of no length may stand anywhere
    position += count
    isIn = !isIn
  }
  if (position !== width * height) throw new RangeError(`The runs cover ${position} pixels of ${width * height}.`)
  return { width, height, edges }
}

function decoded(counts) {
  const found = []
  for (let at = 0; at < counts.length; ) {
    let value = 0
    let place = 0
    let bits = 0x20
    for (; bits & 0x20; place += 1, at += 1) {
      bits = counts.charCodeAt(at) - OFFSET
      if (!(bits >= 0 && bits < 64) || place === CHARACTERS_AT_MOST) throw new RangeError("The counts are not COCO's coding.")
      value += (bits & 0x1f) * 2 ** (5 * place)
    }
    if (bits & 0x10) value -= 2 ** (5 * place)
    found.push(found.length > 2 ? value + found.at(-2) : value)
  }
  return found
}

// Rows put together so that the browser lays out and paints only what is near the screen (content-visibility, text-part.css).

const CHARACTERS = 4000
const ROWS = 40
const ROW_PX = 47 // about the height of a row, until the browser has seen it
const ACROSS = 74 // about how many characters stand in it

/** [{node, rows: [number], isDrawn: false}] */
export function chunksOf(rows, nodes) {
  const chunks = []
  let current = null
  for (const [number, { start, end }] of rows.entries()) {
    if (!current || current.rows.length >= ROWS || current.length >= CHARACTERS) {
      current = { rows: [], length: 0, height: 0 }
      chunks.push(current)
    }
    current.rows.push(number)
    current.length += end - start
    current.height += Math.max(1, Math.ceil((end - start) / ACROSS)) * ROW_PX
  }
  return chunks.map(({ rows: numbers, height }) => {
    const node = document.createElement("div")
    node.className = "text-chunk"
    node.style.setProperty("contain-intrinsic-block-size", `auto ${height}px`)
    node.append(...numbers.map((number) => nodes[number]))
    return { node, rows: numbers, isDrawn: false }
  })
}

// The chequered ground that shows through what a picture leaves transparent.

const SQUARE = 12
let pattern = null

export function ground(pen, { x, y, width, height }, screen) {
  pattern ??= pen.createPattern(chequers(), "repeat")
  const [left, top] = [Math.max(x, 0), Math.max(y, 0)]
  pen.fillStyle = pattern
  pen.fillRect(left, top, Math.min(x + width, screen.width) - left, Math.min(y + height, screen.height) - top)
}

function chequers() {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = 2 * SQUARE
  const pen = canvas.getContext("2d")
  pen.fillStyle = "#fff"
  pen.fillRect(0, 0, 2 * SQUARE, 2 * SQUARE)
  pen.fillStyle = "#e4e4e0"
  pen.fillRect(0, 0, SQUARE, SQUARE)
  pen.fillRect(SQUARE, SQUARE, SQUARE, SQUARE)
  return canvas
}

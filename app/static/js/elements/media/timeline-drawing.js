// The two canvases of a timeline, drawn in the `color` that CSS gives each of them.

import { columns, loudest } from "../../annotate/peaks.js"
import { clock } from "../../annotate/segments.js"
import { ticks, timeToX } from "../../annotate/timeline.js"

function prepared(canvas) {
  const ratio = globalThis.devicePixelRatio || 1
  const width = Math.round(canvas.clientWidth * ratio)
  const height = Math.round(canvas.clientHeight * ratio)
  if (width === 0 || height === 0) return null
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const context = canvas.getContext("2d")
  context.clearRect(0, 0, width, height)
  context.fillStyle = getComputedStyle(canvas).color
  return { context, width, height, ratio }
}

export function drawRuler(canvas, view) {
  const ground = prepared(canvas)
  if (ground === null) return
  const { context, height, ratio } = ground
  const { found, digits } = ticks(view)
  context.font = `${11 * ratio}px ${getComputedStyle(canvas).fontFamily}`
  context.textBaseline = "top"
  for (const { time, major } of found) {
    const x = Math.round(timeToX(view, time) * ratio)
    const length = major ? height * 0.45 : height * 0.2
    context.fillRect(x, height - length, ratio, length)
    if (major) context.fillText(clock(time, digits), x + 3 * ratio, 2 * ratio)
  }
}

export function drawWave(canvas, view, peaks) {
  const ground = prepared(canvas)
  if (ground === null || peaks === null) return
  const { context, width, height } = ground
  const middle = height / 2
  const scale = (middle * 0.94) / Math.max(loudest(peaks), 16)
  const pairs = columns(peaks, view.start, view.span, width)
  for (let x = 0; x < width; x += 1) {
    const top = middle - pairs[2 * x + 1] * scale
    const bottom = middle - pairs[2 * x] * scale
    context.fillRect(x, top, 1, Math.max(bottom - top, 1))
  }
}

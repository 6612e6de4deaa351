// The canvases of a timeline, drawn in the `color` that CSS gives each of them.

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

const SHOT = 5 // pixels

/** `shots`: where those of a video begin, in seconds; they are told apart by a band in two tones. */
export function drawRuler(canvas, view, shots = []) {
  const ground = prepared(canvas)
  if (ground === null) return
  const { context, width, height, ratio } = ground
  const { found, digits } = ticks(view)
  context.font = `${11 * ratio}px ${getComputedStyle(canvas).fontFamily}`
  context.textBaseline = "top"
  for (const { time, major } of found) {
    const x = Math.round(timeToX(view, time) * ratio)
    const length = major ? height * 0.45 : height * 0.2
    context.fillRect(x, height - length, ratio, length)
    const words = major ? clock(time, digits) : ""
    const fits = x + 3 * ratio + context.measureText(words).width <= width // half a number is worse than none
    if (major && fits) context.fillText(words, x + 3 * ratio, 2 * ratio)
  }
  if (shots.length > 1) drawShots(ground, view, shots)
}

function drawShots({ context, width, height, ratio }, view, shots) {
  shots.forEach((start, n) => {
    const [from, to] = [start, shots[n + 1] ?? view.duration].map((time) => Math.min(Math.max(timeToX(view, time) * ratio, -ratio), width + ratio))
    if (to <= from) return
    context.globalAlpha = n % 2 === 0 ? 0.25 : 0.55
    context.fillRect(from, height - SHOT * ratio, to - from, SHOT * ratio)
    context.globalAlpha = 1
    context.fillRect(from, height - SHOT * ratio, ratio, SHOT * ratio)
  })
}

/** `sound`: SoundPictures, or null. `apart`: every channel in a row of its own. */
export function drawWave(canvas, view, sound, { apart = false } = {}) {
  const ground = prepared(canvas)
  if (ground === null || sound === null) return
  const { channels } = sound.waveform
  const rows = apart && channels > 1 ? Array.from({ length: channels }, (_, channel) => channel) : [null]
  const high = ground.height / rows.length
  rows.forEach((channel, row) => {
    const band = { ...ground, top: row * high, high, scale: 120 / Math.max(sound.waveform.loudest, 16) }
    const close = sound.isClose(view, ground.width) && sound.samples.holds(view.start, view.span)
    if (close) drawSamples(band, view, sound.samples, channel)
    else drawPeaks(band, view, sound.waveform, channel)
    if (row > 0) ground.context.fillRect(0, row * high, ground.width, 1)
  })
  if (rows.length > 1) nameChannels(ground, rows.length, high)
}

function drawPeaks({ context, width, top, high, scale }, view, waveform, channel) {
  const middle = top + high / 2
  const unit = (scale * high) / 2 / 128
  const pairs = waveform.columns(view.start, view.span, width, channel)
  for (let x = 0; x < width; x += 1) {
    const upper = middle - pairs[2 * x + 1] * unit
    const lower = middle - pairs[2 * x] * unit
    context.fillRect(x, upper, 1, Math.max(lower - upper, 1))
  }
}

// Each sample by itself: a line from one to the next, and a dot on each where there is room for it.
function drawSamples({ context, width, top, high, scale, ratio }, view, samples, channel) {
  const middle = top + high / 2
  const unit = (scale * high) / 2
  const { first, last } = samples.range(view.start, view.span)
  const x = (n) => ((n / samples.rate - view.start) / view.span) * width
  const dot = width / (view.span * samples.rate) > 6 * ratio ? 2 * ratio : 0
  context.strokeStyle = context.fillStyle
  context.lineWidth = ratio
  for (const one of channel === null ? Array.from({ length: samples.channels }, (_, n) => n) : [channel]) {
    context.beginPath()
    for (let n = first; n <= last; n += 1) {
      const y = middle - samples.at(n, one) * unit
      if (n === first) context.moveTo(x(n), y)
      else context.lineTo(x(n), y)
      if (dot > 0) context.fillRect(x(n) - dot, y - dot, 2 * dot, 2 * dot)
    }
    context.stroke()
  }
}

function nameChannels({ context, ratio }, count, high) {
  const names = count === 2 ? ["L", "R"] : Array.from({ length: count }, (_, n) => String(n + 1))
  context.font = `600 ${10 * ratio}px sans-serif`
  context.textBaseline = "top"
  names.forEach((name, row) => context.fillText(name, 4 * ratio, row * high + 3 * ratio))
}

/** Frequencies over time. The tiles are bright on dark; on a light page they are turned round. */
export function drawSpectrogram(canvas, view, sound) {
  const ground = prepared(canvas)
  if (ground === null || sound === null) return
  const { context, width, height, ratio } = ground
  const ink = context.fillStyle // "#rrggbb"
  const light = parseInt(ink.slice(1, 3), 16) < 128
  context.fillStyle = "#000"
  context.fillRect(0, 0, width, height)
  for (const { bitmap, start, end } of sound.tilesIn(view, width)) {
    const [left, right] = [start, end].map((time) => ((time - view.start) / view.span) * width)
    context.drawImage(bitmap, left, 0, right - left, height)
  }
  if (light) {
    context.globalCompositeOperation = "difference"
    context.fillStyle = "#fff"
    context.fillRect(0, 0, width, height)
    context.globalCompositeOperation = "source-over"
  }
  drawAxis({ context, height, ratio }, ink, sound.spectrogram?.axis() ?? [], light)
}

function drawAxis({ context, height, ratio }, ink, axis, light) {
  context.font = `${10 * ratio}px sans-serif`
  context.textBaseline = "middle"
  let free = height
  for (const { hertz, share } of axis) {
    const y = height * (1 - share)
    if (y > free || y < 6 * ratio) continue
    free = y - 16 * ratio
    const text = hertz < 1000 ? String(hertz) : `${hertz / 1000}k`
    context.fillStyle = light ? "rgb(255 255 255 / 75%)" : "rgb(0 0 0 / 60%)"
    context.fillRect(0, y - 6 * ratio, context.measureText(text).width + 6 * ratio, 12 * ratio)
    context.fillStyle = ink
    context.fillText(text, 3 * ratio, y)
  }
}

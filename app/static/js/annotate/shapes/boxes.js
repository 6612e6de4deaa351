// Boxes as one of the shapes of registry.js; the geometry itself is that of annotate/boxes.js.

import { boundsOf, centreOf, clampBox, handlePoint, HANDLES, hits, isTurned, LEAST, moveBox, resizeBox, rotateBox, turn } from "../boxes.js"

export const noun = "box"

const TURN_AWAY = 26 // screen pixels between the box and the handle that turns it
const CURSORS = ["ns", "nesw", "ew", "nwse"] // every 45 degrees clockwise
const AROUND = { n: 0, ne: 1, e: 2, se: 3, s: 4, sw: 5, w: 6, nw: 7 }

export const bounds = boundsOf
export const area = (mark) => mark.width * mark.height
export const contains = hits
export const geometry = ({ x, y, width, height, rotation = 0 }) => ({ x, y, width, height, rotation })
export const clamped = (mark, size) => geometry(clampBox(mark, size))
export const moved = (mark, dx, dy, size) => geometry(moveBox(mark, dx, dy, size))

export function resized(mark, dx, dy, size) {
  const along = turn({ x: Math.max(dx, LEAST - mark.width), y: Math.max(dy, LEAST - mark.height) }, mark.rotation ?? 0)
  return geometry(resizeBox(mark, "se", along.x, along.y, size))
}

export function handles(mark, scale) {
  const turned = Math.round((mark.rotation ?? 0) / 45)
  const places = HANDLES.map((name) => ({
    name,
    ...handlePoint(mark, name),
    type: name.length === 1 ? "side" : "corner",
    cursor: `${CURSORS[(((AROUND[name] + turned) % 4) + 4) % 4]}-resize`,
  }))
  return [...places, { name: "turn", ...turnPoint(mark, TURN_AWAY / scale), type: "turn", cursor: "grab" }]
}

function turnPoint(mark, away) {
  const centre = centreOf(mark)
  const raised = turn({ x: 0, y: -mark.height / 2 - away }, mark.rotation ?? 0)
  return { x: centre.x + raised.x, y: centre.y + raised.y }
}

export function dragged(mark, handle, { dx, dy }, size) {
  if (handle.name !== "turn") return geometry(resizeBox(mark, handle.name, dx, dy, size))
  const centre = centreOf(mark)
  const angle = (Math.atan2(handle.y + dy - centre.y, handle.x + dx - centre.x) * 180) / Math.PI + 90
  return geometry(rotateBox(mark, Math.round(angle) - (mark.rotation ?? 0), size))
}

export const turned = (mark, degrees, size) => geometry(rotateBox(mark, degrees, size))

export const ring = (mark) => ({ points: ["nw", "ne", "se", "sw"].map((name) => handlePoint(mark, name)), isClosed: true })

export function outline(mark) {
  if (!isTurned(mark)) return `M${mark.x} ${mark.y}h${mark.width}v${mark.height}h${-mark.width}z`
  return `M${ring(mark).points.map(({ x, y }) => `${x} ${y}`).join("L")}z`
}

const tenths = (value) => Math.round(value * 10) / 10
const hundredths = (value) => Math.round(value * 100) / 100

export function describe({ x, y, width, height, rotation }) {
  const turning = rotation ? `, turned ${hundredths(rotation)}°` : ""
  return `left ${tenths(x)}, top ${tenths(y)}, ${tenths(width)} by ${tenths(height)} pixels${turning}`
}

export function brief({ x, y, width, height, rotation }) {
  const turning = rotation ? `, ${hundredths(rotation)}°` : ""
  return `${hundredths(x)}, ${hundredths(y)}, ${hundredths(width)} × ${hundredths(height)}${turning}`
}

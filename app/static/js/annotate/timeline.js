// The visible window of a timeline: time <-> x, zoom and pan. A view is {duration, width, start, span}, seconds and pixels.

const LEAST_SPAN = 0.0005 // seconds: a few samples of a sound
const LEAST_AIR = 0.025

export function makeView(duration, width) {
  return { duration, width: Math.max(width, 1), start: 0, span: Math.max(duration, LEAST_SPAN) }
}

const whole = (view) => Math.max(view.duration, LEAST_SPAN)

function within(view, start, span) {
  const wide = Math.min(Math.max(span, LEAST_SPAN), whole(view))
  return { ...view, span: wide, start: Math.min(Math.max(start, 0), whole(view) - wide) }
}

export const timeToX = (view, seconds) => ((seconds - view.start) / view.span) * view.width
export const xToTime = (view, x) => Math.min(Math.max(view.start + (x / view.width) * view.span, 0), view.duration)

export const resized = (view, width) => ({ ...view, width: Math.max(width, 1) })
export const isWhole = (view) => view.span >= whole(view)

/** Zoomed by a factor (2 = closer); the moment under `anchor` stays where it is. */
export function zoomed(view, factor, anchor) {
  const share = (anchor - view.start) / view.span
  const span = Math.min(Math.max(view.span / factor, LEAST_SPAN), whole(view))
  return within(view, anchor - share * span, span)
}

export const panned = (view, seconds) => within(view, view.start + seconds, view.span)
export const startingAt = (view, seconds) => within(view, seconds, view.span)
export const fitted = (view) => within(view, 0, whole(view))

/** Shows a stretch with some air around it. */
export function showing(view, from, to) {
  const air = Math.max((to - from) * 0.25, LEAST_AIR)
  return within(view, from - air, to - from + 2 * air)
}

/** The view turned to the page that holds a moment, or the same view where it is in sight. */
export function revealing(view, seconds) {
  if (seconds >= view.start && seconds <= view.start + view.span) return view
  return within(view, seconds - view.span * 0.1, view.span)
}

const STEPS = [0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]

/** Ticks of the ruler: [{time, major}], labels at the major ones, at least `gap` pixels apart. */
export function ticks(view, gap = 80) {
  const wanted = (gap / view.width) * view.span
  const step = STEPS.find((candidate) => candidate >= wanted) ?? STEPS.at(-1)
  const parts = 5
  const found = []
  const first = Math.floor(view.start / step) * parts
  for (let n = first; ; n += 1) {
    const time = (n * step) / parts
    if (time > view.start + view.span || time > view.duration) break
    if (time >= view.start) found.push({ time, major: n % parts === 0 })
  }
  return { step, digits: Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)), found }
}

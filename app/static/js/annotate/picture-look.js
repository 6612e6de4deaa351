// How somebody looks at pictures: brighter or darker, with more or less contrast, in greys, through a magnifier, and which
// place of them. Plain frozen values; what was kept by an older page or by hand is read as far as it can be.

/** What is set by numbers: {least, most, step, plain}; brightness and contrast in percent, magnification in times. */
export const NUMBERS = Object.freeze({
  brightness: { least: 20, most: 300, step: 10, plain: 100 },
  contrast: { least: 20, most: 300, step: 10, plain: 100 },
  magnification: { least: 2, most: 12, step: 1, plain: 4 },
})
const SWITCHES = ["grey", "loupe"]

export const PLAIN = Object.freeze({ brightness: 100, contrast: 100, magnification: 4, grey: false, loupe: false })

/** A value of one name as it may be, or null where it is none. */
export function fitting(name, value) {
  if (SWITCHES.includes(name)) return typeof value === "boolean" ? value : null
  const range = NUMBERS[name]
  return range && Number.isFinite(value) ? Math.min(Math.max(Math.round(value), range.least), range.most) : null
}

export function looked(look, name, value) {
  const fits = fitting(name, value)
  return fits === null || fits === look[name] ? look : Object.freeze({ ...look, [name]: fits })
}

/** One step up (1) or down (-1), to the next whole step. */
export function stepped(look, name, way) {
  const { step } = NUMBERS[name]
  const steps = look[name] / step
  return looked(look, name, (way > 0 ? Math.floor(steps) + 1 : Math.ceil(steps) - 1) * step)
}

/** What was kept: {look, place}; `place` is null where the whole picture was shown. */
export function readKept(kept) {
  const given = kept !== null && typeof kept === "object" ? kept : {}
  const look = Object.keys(PLAIN).reduce((read, name) => looked(read, name, given[name]), PLAIN)
  const { zoom, x, y } = given.place ?? {}
  const isPlace = [zoom, x, y].every(Number.isFinite) && zoom > 0
  return { look, place: isPlace ? { zoom, x, y } : null }
}

/** The CSS filter that shows a look; "none" where the picture is shown as it is. */
export function filterOf({ brightness, contrast, grey }) {
  const filters = [
    ...(grey ? ["grayscale(1)"] : []),
    ...(brightness === 100 ? [] : [`brightness(${brightness / 100})`]),
    ...(contrast === 100 ? [] : [`contrast(${contrast / 100})`]),
  ]
  return filters.join(" ") || "none"
}

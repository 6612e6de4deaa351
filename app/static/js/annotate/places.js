// A place in a video as people write it: 120 is a frame; 1:02.5, 62.5s or 2.5 a time.

const CLOCK = /^(?:(\d+):)?(?:(\d+):)?(\d+(?:[.,]\d+)?)s?$/u

/** {frame} or {seconds}, or null where it is neither. */
export function readPlace(written) {
  const text = written.trim()
  if (/^\d+$/u.test(text)) return { frame: Number(text) }
  const match = CLOCK.exec(text)
  if (match === null) return null
  const [, first, second, last] = match
  const [hours, minutes] = second === undefined ? [0, first ?? 0] : [first, second]
  return { seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(last.replace(",", ".")) }
}

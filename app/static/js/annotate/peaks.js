// Waveform peaks as the server computes them from the very rendition that plays: little-endian "FPK1", u32 sample rate,
// u32 samples a peak, u32 number of peaks, u64 number of samples, then pairs of int8 (lowest, highest).

const HEAD = 24
const FACTOR = 4
const MAGIC = 0x314b5046 // "FPK1" read as a little-endian number

export function parsePeaks(buffer) {
  if (buffer.byteLength < HEAD) throw new Error("The waveform's file is too short.")
  const head = new DataView(buffer)
  if (head.getUint32(0, true) !== MAGIC) throw new Error("This is not a waveform file.")
  const [sampleRate, samplesPerPeak, count] = [4, 8, 12].map((at) => head.getUint32(at, true))
  const totalSamples = Number(head.getBigUint64(16, true))
  if (buffer.byteLength < HEAD + 2 * count || sampleRate === 0 || samplesPerPeak === 0) throw new Error("The waveform's file is cut short.")
  const pairs = new Int8Array(buffer, HEAD, 2 * count)
  return { sampleRate, samplesPerPeak, totalSamples, secondsPerPeak: samplesPerPeak / sampleRate, levels: pyramid(pairs) }
}

/** Each level holds the extremes of FACTOR peaks of the level below. */
export function pyramid(pairs) {
  const levels = [pairs]
  while (levels.at(-1).length > 2 * 64) levels.push(coarser(levels.at(-1)))
  return levels
}

function coarser(pairs) {
  const count = pairs.length / 2
  const made = new Int8Array(2 * Math.ceil(count / FACTOR))
  for (let n = 0; n < made.length / 2; n += 1) {
    const [low, high] = extremes(pairs, n * FACTOR, Math.min((n + 1) * FACTOR, count))
    made[2 * n] = low
    made[2 * n + 1] = high
  }
  return made
}

function extremes(pairs, from, to) {
  let low = pairs[2 * from]
  let high = pairs[2 * from + 1]
  for (let n = from + 1; n < to; n += 1) {
    if (pairs[2 * n] < low) low = pairs[2 * n]
    if (pairs[2 * n + 1] > high) high = pairs[2 * n + 1]
  }
  return [low, high]
}

/** The extremes of `width` equal columns of [start, start + span) seconds: pairs of int8; silence outside the sound. */
export function columns(peaks, start, span, width) {
  const perColumn = span / width / peaks.secondsPerPeak
  const level = Math.min(Math.max(Math.floor(Math.log(perColumn) / Math.log(FACTOR)), 0), peaks.levels.length - 1)
  const pairs = peaks.levels[level]
  const count = pairs.length / 2
  const first = start / peaks.secondsPerPeak / FACTOR ** level
  const step = perColumn / FACTOR ** level
  const made = new Int8Array(2 * width)
  for (let column = 0; column < width; column += 1) {
    const from = Math.floor(first + column * step)
    const to = Math.min(Math.max(Math.ceil(first + (column + 1) * step), from + 1), count)
    if (from < 0 || from >= count) continue
    const [low, high] = extremes(pairs, from, to)
    made[2 * column] = low
    made[2 * column + 1] = high
  }
  return made
}

/** The loudest peak of all, 0 to 128: a quiet recording is drawn larger. */
export function loudest(peaks) {
  const [low, high] = peaks.levels.at(-1).length > 0 ? extremes(peaks.levels.at(-1), 0, peaks.levels.at(-1).length / 2) : [0, 0]
  return Math.max(-low, high)
}

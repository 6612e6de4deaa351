// Tiles of a sound's frequencies ("FSG1", little-endian): u32 sample rate, u32 columns a tile, u32 rows, u32 levels, u64
// samples; of each level, the coarsest first, u32 samples a column, u32 tiles; then u64 where each tile begins and the last
// ends. Levels closer than the file holds are made by the server when they are looked at.

export const HEAD_BYTES = 65_536
const HEAD = 28
const MAGIC = 0x31475346 // "FSG1" read as a little-endian number
const FACTOR = 4
const CLOSEST_HOP = 16 // samples; below, a picture says nothing more
const COARSE = 2 // columns of the screen that one column may cover before a closer level is shown

export class SpectrogramTiles {
  rate
  columns
  samples
  levels // [{hop, first, tiles}]; `first` is null where the server makes the tiles
  #offsets

  constructor(buffer) {
    const head = new DataView(buffer)
    if (buffer.byteLength < HEAD || head.getUint32(0, true) !== MAGIC) throw new Error("This is no file of a spectrogram.")
    this.rate = head.getUint32(4, true)
    this.columns = head.getUint32(8, true)
    const count = head.getUint32(16, true)
    this.samples = Number(head.getBigUint64(20, true))
    let first = 0
    this.levels = Array.from({ length: count }, (_, n) => {
      const [hop, tiles] = [0, 4].map((at) => head.getUint32(HEAD + 8 * n + at, true))
      first += tiles
      return { hop, tiles, first: first - tiles }
    })
    const table = HEAD + 8 * count
    if (buffer.byteLength < table + 8 * (first + 1)) throw new Error("The spectrogram's file is cut short.")
    this.#offsets = Array.from({ length: first + 1 }, (_, n) => Number(head.getBigUint64(table + 8 * n, true)))
    for (let hop = Math.floor(this.levels.at(-1).hop / FACTOR); hop >= CLOSEST_HOP; hop = Math.floor(hop / FACTOR)) {
      this.levels.push({ hop, tiles: Math.ceil(this.samples / (hop * this.columns)), first: null })
    }
  }

  /** Tiles for a view: [{key, hop, column, start, end, bytes}]; `bytes` is where it lies in the file, or null. Seconds. */
  inView(start, span, width) {
    const perPixel = (span * this.rate) / width
    const level = this.levels.find(({ hop }) => hop <= perPixel * COARSE) ?? this.levels.at(-1)
    const length = (level.hop * this.columns) / this.rate
    const first = Math.max(Math.floor(start / length), 0)
    const last = Math.min(Math.floor((start + span) / length), level.tiles - 1)
    return Array.from({ length: Math.max(last - first + 1, 0) }, (_, n) => this.#tile(level, first + n, length))
  }

  #tile({ hop, first }, column, length) {
    const bytes = first === null ? null : [this.#offsets[first + column], this.#offsets[first + column + 1]]
    return { key: `${hop}/${column}`, hop, column, start: column * length, end: (column + 1) * length, bytes }
  }

  /** Marks on the frequency axis: [{hertz, share}], share 0 at the bottom. */
  axis() {
    const top = mel(this.rate / 2)
    return [250, 500, 1000, 2000, 4000, 8000, 16000].filter((hertz) => hertz < this.rate / 2.2).map((hertz) => ({ hertz, share: mel(hertz) / top }))
  }
}

const mel = (hertz) => 2595 * Math.log10(1 + hertz / 700)

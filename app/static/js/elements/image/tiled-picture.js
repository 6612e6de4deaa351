// A large picture, drawn on a canvas as large as the screen from the tiles that are seen. Where a tile is not there yet, what
// there is of coarser and finer ones stands in for it, so that nothing flickers.

import { above, areaOf, below, levelFor, levelsOf, tilesIn } from "../../annotate/tiles.js"
import { PIXELATED_FROM } from "../../annotate/viewport.js"
import { TileStore } from "./tile-store.js"
import { ground } from "./ground.js"

export class TiledPicture {
  #canvas
  #pen
  #media
  #tile
  #levels
  #store
  #seen = null // {view, screen}
  #beside = [] // tiles that are wanted for another canvas
  onTile = () => {} // is called when there is another tile
  #frame = 0
  #onLoad
  #onFail
  #isLoaded = false

  /** `media`: {width, height, tile, url}. */
  constructor(canvas, media, { signal, onLoad, onFail }) {
    this.#canvas = canvas
    this.#pen = canvas.getContext("2d")
    this.#media = media
    this.#tile = media.tile
    this.#levels = levelsOf(media, media.tile)
    this.#onLoad = onLoad
    this.#onFail = onFail
    this.#store = new TileStore(media.url, { signal, onTile: (tile) => this.#came(tile), onFail: (tile) => this.#missed(tile) })
    canvas.hidden = false
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame))
  }

  load() {
    this.#store.tryAgain()
    this.#draw()
  }

  get #coarsest() {
    return { level: this.#levels.length - 1, column: 0, row: 0 }
  }

  #came(tile) {
    if (!this.#isLoaded && tile.level === this.#coarsest.level) {
      this.#isLoaded = true
      this.#onLoad()
    }
    this.#redraw()
    this.onTile()
  }

  #missed(tile) {
    if (!this.#isLoaded && tile.level === this.#coarsest.level && this.#store.isGivenUp(tile)) this.#onFail()
    else this.#redraw()
  }

  #redraw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  /** Shows the picture under a view, on a screen of so many CSS pixels. */
  place(view, screen) {
    this.#seen = { view, screen }
    this.#draw()
  }

  #draw() {
    if (!this.#seen) return this.#store.want([this.#coarsest])
    const { view, screen } = this.#seen
    const ratio = window.devicePixelRatio
    const [width, height] = [Math.round(screen.width * ratio), Math.round(screen.height * ratio)]
    this.#resize(width, height, ratio)
    const sharp = { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio }
    const tiles = this.#paint(this.#pen, sharp, { width, height }, view.scale >= PIXELATED_FROM)
    this.#store.want([this.#coarsest, ...tiles, ...this.#beside])
    this.#canvas.toggleAttribute("data-complete", tiles.every((tile) => this.#store.get(tile)))
  }

  // Its size on the page is set along: a canvas stretched by half a pixel is blurred.
  #resize(width, height, ratio) {
    if (this.#canvas.width === width && this.#canvas.height === height) return
    Object.assign(this.#canvas, { width, height })
    this.#canvas.style.setProperty("inline-size", `${width / ratio}px`)
    this.#canvas.style.setProperty("block-size", `${height / ratio}px`)
  }

  /** Paints the picture under a view on another canvas, and fetches what is missing there until `leaveBeside`. */
  paint(pen, view, size, isPixelated) {
    const tiles = this.#paint(pen, view, size, isPixelated)
    const isMissing = tiles.some((tile) => !this.#store.get(tile))
    this.#beside = tiles
    if (isMissing && this.#seen) this.#redraw()
  }

  leaveBeside() {
    this.#beside = []
  }

  // With the tiles there are. Gives those that belong there.
  #paint(pen, { scale, x, y }, { width, height }, isPixelated) {
    const level = levelFor(scale, this.#levels.length)
    const area = { x: -x / scale, y: -y / scale, width: width / scale, height: height / scale }
    const tiles = tilesIn(area, level, this.#levels[level], this.#tile)
    const edge = this.#onScreen({ x: 0, y: 0, ...this.#size }, { scale, x, y })
    pen.clearRect(0, 0, width, height)
    pen.save()
    pen.beginPath()
    pen.rect(edge.x, edge.y, edge.width, edge.height)
    pen.clip() // the last pixels of a coarse level may lie half beyond the picture
    if (this.#store.hasAlpha) ground(pen, edge, { width, height })
    pen.imageSmoothingEnabled = !isPixelated
    for (const tile of tiles) this.#paintTile(pen, tile, { scale, x, y })
    pen.restore()
    return tiles
  }

  get #size() {
    return { width: this.#media.width, height: this.#media.height }
  }

  #paintTile(pen, tile, view) {
    const bitmap = this.#store.get(tile)
    if (bitmap) {
      const to = this.#onScreen(this.#areaOf(tile), view)
      pen.drawImage(bitmap, to.x, to.y, to.width, to.height)
      return
    }
    this.#paintCoarser(pen, tile, view)
    if (this.#store.hasAlpha || tile.level === 0) return
    for (const finer of below(tile)) {
      const known = this.#store.get(finer)
      if (!known) continue
      const to = this.#onScreen(this.#areaOf(finer), view)
      pen.drawImage(known, to.x, to.y, to.width, to.height)
    }
  }

  #paintCoarser(pen, tile, view) {
    for (let up = 1; tile.level + up < this.#levels.length; up += 1) {
      const coarse = above(tile, up)
      const bitmap = this.#store.get(coarse)
      if (!bitmap) continue
      const [part, whole] = [this.#areaOf(tile), this.#areaOf(coarse)]
      const unit = 2 ** coarse.level
      const to = this.#onScreen(part, view)
      const from = { x: (part.x - whole.x) / unit, y: (part.y - whole.y) / unit, width: part.width / unit, height: part.height / unit }
      pen.drawImage(bitmap, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height)
      return
    }
  }

  #areaOf(tile) {
    return areaOf(tile, this.#levels[tile.level], this.#tile)
  }

  // On whole pixels of the screen, so that neighbours touch without a seam.
  #onScreen(area, { scale, x, y }) {
    const [left, top] = [Math.round(area.x * scale + x), Math.round(area.y * scale + y)]
    const [right, bottom] = [Math.round((area.x + area.width) * scale + x), Math.round((area.y + area.height) * scale + y)]
    return { x: left, y: top, width: right - left, height: bottom - top }
  }
}

// The picture on its stage: which part of it is seen, and how large.

import * as viewport from "../../annotate/viewport.js"

const REST_MS = 120
const REST_AT_MOST = 400 // where frames come slowly: what is drawn at rest must not come between two of them
const PAUSE_MS = 1000 // between two gestures
const CORNER_MS = 250 // so long it is believed where the stage is: to ask after a change makes the browser lay out the page
const WHEEL = 0.0016
const WHEEL_LINE = 16

export class Stage {
  #host
  #picture
  #media
  #draw
  #carry
  #screen
  #rest = 0
  #corner = null
  #cornerUntil = 0
  #frame = 0
  #lastFrame = 0
  #pace = 0 // milliseconds between the last two frames of a gesture
  #isFitted = true
  #onPlace
  #wasAsked = false // whether somebody moved the view since it was told last

  /**
   * `picture.place(view, screen)` shows the picture; `draw(view, screen)` and `carry(view)` show what lies over it. `place` is
   * where one looks at first (viewport.js), null for the whole; `onPlace` hears of it when somebody has moved the view.
   */
  constructor(host, picture, media, { draw, carry, signal, place = null, onPlace = () => {} }) {
    Object.assign(this, { view: viewport.IDENTITY })
    this.#onPlace = onPlace
    this.#host = host
    this.#picture = picture
    this.#media = media
    this.#draw = draw
    this.#carry = carry
    this.#screen = this.#measure()
    const observer = new ResizeObserver(() => this.#resized())
    observer.observe(host)
    signal.addEventListener("abort", () => {
      observer.disconnect()
      clearTimeout(this.#rest)
      cancelAnimationFrame(this.#frame)
    })
    for (const [target, name] of [[host, "pointerdown"], [host, "pointerup"], [host, "pointerenter"], [window, "scroll"], [window, "resize"]]) {
      target.addEventListener(name, () => this.#forgetCorner(), { signal, capture: true, passive: true })
    }
    host.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false, signal })
    if (place) this.#moveTo(viewport.at(place, media, this.#screen), { isAsked: false })
    else this.#fit()
  }

  get screen() {
    return this.#screen
  }

  get scale() {
    return this.view.scale
  }

  get limits() {
    return viewport.limits(this.#media, this.#screen)
  }

  /** Where an event is, in pixels of the original; outside the picture too. */
  at(event) {
    return viewport.toMedia(this.view, this.screenPoint(event))
  }

  screenPoint({ clientX, clientY }) {
    const now = performance.now()
    if (now > this.#cornerUntil) {
      this.#corner = this.#host.getBoundingClientRect()
      this.#cornerUntil = now + CORNER_MS
    }
    return { x: clientX - this.#corner.left, y: clientY - this.#corner.top }
  }

  #forgetCorner() {
    this.#cornerUntil = 0
  }

  toScreen(point) {
    return viewport.toScreen(this.view, point)
  }

  middle() {
    const { width, height } = this.#screen
    const seen = viewport.toMedia(this.view, { x: width / 2, y: height / 2 })
    const inside = (value, most) => Math.round(Math.min(Math.max(value, 0), most))
    return { x: inside(seen.x, this.#media.width), y: inside(seen.y, this.#media.height) }
  }

  fit() {
    this.#wasAsked = true
    this.#fit()
  }

  #fit() {
    this.#isFitted = true
    this.#show(viewport.fit(this.#media, this.#screen))
  }

  zoom(factor, at = { x: this.#screen.width / 2, y: this.#screen.height / 2 }, { gesture = false } = {}) {
    this.#moveTo(viewport.zoomAbout(this.view, factor, at, this.#media, this.#screen), { gesture })
  }

  actualSize() {
    this.#moveTo(viewport.actualSize(this.view, this.#media, this.#screen))
  }

  zoomTo(area) {
    this.#moveTo(viewport.zoomTo(area, this.#media, this.#screen))
  }

  reveal(area) {
    const next = viewport.reveal(this.view, area, this.#media, this.#screen)
    if (next !== this.view) this.#moveTo(next, { isAsked: false })
  }

  pan(dx, dy, { gesture = false } = {}) {
    this.#moveTo(viewport.pan(this.view, dx, dy, this.#media, this.#screen), { gesture })
  }

  #moveTo(next, { gesture = false, isAsked = true } = {}) {
    this.#isFitted = false
    this.#wasAsked ||= isAsked
    if (!gesture) return this.#show(next)
    this.view = next
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => this.#show(this.view), Math.min(Math.max(REST_MS, 2 * this.#pace), REST_AT_MOST))
    this.#frame ||= requestAnimationFrame((now) => {
      const passed = now - this.#lastFrame
      this.#pace = passed < PAUSE_MS ? passed : 0
      this.#lastFrame = now
      this.#frame = 0
      this.#picture.place(this.view, this.#screen)
      this.#carry(this.view)
    })
  }

  #show(view) {
    clearTimeout(this.#rest)
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.view = view
    this.#picture.place(view, this.#screen)
    this.#draw(view, this.#screen)
    if (!this.#wasAsked) return
    this.#wasAsked = false
    this.#onPlace(this.#isFitted ? null : viewport.placeOf(view, this.#media, this.#screen))
  }

  #onWheel(event) {
    event.preventDefault()
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? this.#screen.height : 1
    if (event.shiftKey) return this.pan(-(event.deltaX || event.deltaY) * unit, 0, { gesture: true })
    const factor = Math.exp(-event.deltaY * unit * WHEEL * (event.ctrlKey ? 4 : 1))
    const next = viewport.zoomAbout(this.view, factor, this.screenPoint(event), this.#media, this.#screen)
    this.#moveTo(next, { gesture: true })
  }

  #measure() {
    return { width: Math.max(this.#host.clientWidth, 1), height: Math.max(this.#host.clientHeight, 1) }
  }

  #resized() {
    this.#forgetCorner()
    const before = this.#screen
    this.#screen = this.#measure()
    if (before.width === this.#screen.width && before.height === this.#screen.height) return
    if (this.#isFitted) this.#fit()
    else this.#show(viewport.resized(this.view, before, this.#media, this.#screen))
  }
}

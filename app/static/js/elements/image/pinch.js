// Two fingers on a picture: they zoom it about the place between them and carry it along. What the first finger had begun
// is dropped, so that nothing is drawn by it.

export class Pinch {
  #stage
  #fingers = new Map() // pointer id -> where it is on the screen
  #isOn = false

  constructor(stage) {
    this.#stage = stage
  }

  /** Whether two fingers move the picture; until all are lifted, none of them does anything else. */
  get isOn() {
    return this.#isOn
  }

  /** A finger was put down; true where it makes this a pinch. */
  down({ pointerId, pointerType }, place) {
    if (pointerType !== "touch") return false
    this.#fingers.set(pointerId, place)
    this.#isOn ||= this.#fingers.size > 1
    return this.#isOn
  }

  /** A finger moved; true where that was a pinch's. */
  move({ pointerId }, place) {
    if (!this.#isOn || !this.#fingers.has(pointerId)) return false
    const before = this.#pair()
    this.#fingers.set(pointerId, place)
    const after = this.#pair()
    if (!before) return true
    this.#stage.pan(after.middle.x - before.middle.x, after.middle.y - before.middle.y, { gesture: true })
    if (before.apart > 0 && after.apart > 0) this.#stage.zoom(after.apart / before.apart, after.middle, { gesture: true })
    return true
  }

  /** A finger was lifted, or is not followed any more; true where that was a pinch's. */
  up({ pointerId }) {
    if (!this.#fingers.delete(pointerId)) return false
    const was = this.#isOn
    if (this.#fingers.size === 0) this.#isOn = false
    return was
  }

  #pair() {
    const [one, other] = [...this.#fingers.values()]
    if (!other) return null
    const middle = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }
    return { middle, apart: Math.hypot(one.x - other.x, one.y - other.y) }
  }
}

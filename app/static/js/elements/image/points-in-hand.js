// The point of the selected mark that is in hand, to be moved, removed, split off or hidden without a mouse.

export class PointsInHand {
  #name = null

  constructor(desk) {
    this.desk = desk
  }

  /** Its name, or null where no point is in hand. */
  get name() {
    return this.#name
  }

  get #item() {
    return this.desk.selected
  }

  get #vertices() {
    return this.#item ? this.desk.shapeOf(this.#item).vertices : null
  }

  /** Where it is, or null. */
  get at() {
    return this.#name === null ? null : (this.#vertices?.at(this.#item.mark, this.#name) ?? null)
  }

  hold(name) {
    if (name === this.#name) return
    this.#name = name
    this.desk.tell("point")
    if (name !== null) this.#say()
  }

  /** The first point of the selected mark; false where its points cannot be changed. */
  begin() {
    const [first] = this.#vertices?.names(this.#item.mark) ?? []
    if (first === undefined || !this.desk.mayChange(this.#item)) return false
    this.hold(first)
    return true
  }

  /** Lets go; false where no point was in hand. */
  end() {
    if (this.#name === null) return false
    this.hold(null)
    return true
  }

  /** After the selection or the mark has changed: what is gone is not in hand. */
  check() {
    if (this.#name !== null && !this.at) this.hold(null)
  }

  /** The next point or the one before; false at the end. */
  step(way) {
    const names = this.#vertices.names(this.#item.mark)
    const next = names[names.indexOf(this.#name) + way]
    if (next === undefined) return false
    this.hold(next)
    return true
  }

  move(dx, dy, time) {
    const { desk } = this
    const to = { x: this.at.x + dx, y: this.at.y + dy }
    desk.marking.change(this.#item, this.#vertices.placed(this.#item.mark, this.#name, to, desk.size), time)
  }

  /** To the neighbour that is within reach. */
  snap() {
    const { desk } = this
    const to = desk.neighbourOf(this.at, this.#item)
    if (!to) return desk.say("Nothing to snap to is close enough.")
    desk.change(this.#item, this.#vertices.placed(this.#item.mark, this.#name, to, desk.size))
    return this.#say()
  }

  remove() {
    const { desk } = this
    const geometry = this.#vertices.without(this.#item.mark, this.#name, this.#definition)
    if (!geometry) return desk.say(`This is the fewest points that a ${desk.shapeOf(this.#item).noun} has.`)
    const at = Math.max(this.#vertices.names(this.#item.mark).indexOf(this.#name) - 1, 0)
    desk.change(this.#item, geometry)
    const names = this.#vertices.names(this.#item.mark)
    if (!names.includes(this.#name)) this.#name = names[at]
    desk.tell("point")
    return this.#say()
  }

  split() {
    this.splitAfter(this.#item, this.#name)
  }

  /** A new point in the middle of the edge after this one, in hand. */
  splitAfter(item, name) {
    const { desk } = this
    const split = desk.mayChange(item) ? desk.shapeOf(item).vertices.split(item.mark, name, item.definition) : null
    if (!split) return desk.say("No point can be added here.")
    desk.take(item)
    desk.change(item, split.geometry)
    return this.hold(split.vertex)
  }

  /** Whether the point in hand is one that can be hidden behind something. */
  get canOcclude() {
    return this.#name !== null && Boolean(this.#vertices?.occluded) && this.desk.mayChange(this.#item)
  }

  occlude() {
    const geometry = this.#vertices.occluded(this.#item.mark, this.#name)
    if (!geometry) return
    this.desk.change(this.#item, geometry)
    this.#say()
  }

  get #definition() {
    return this.#item.definition
  }

  #say() {
    const { x, y } = this.at
    const title = this.#vertices.title(this.#item.mark, this.#name, this.#definition, (thing) => this.desk.work.title(thing))
    this.desk.say(`${title}, ${x}, ${y}`)
  }
}

// What one does with the selected mark of a picture, by a key or a button: nudge, turn, copy, remove, give another choice,
// lock, hide, lift over another.

import { arrowStep } from "../../annotate/boxes.js"
import { boundsOf } from "../../annotate/shapes/registry.js"

const COPY_AWAY = 12
const BURST_MS = 800

export class SelectedMark {
  #burst = 0
  #lastNudge = -BURST_MS

  constructor(desk) {
    this.desk = desk
  }

  /** An arrow on a mark: moves it, with Alt its right and lower side. The new geometry, or null where nothing came of it. */
  nudge(item, event) {
    const { desk } = this
    const step = arrowStep(event)
    const shape = desk.shapeOf(item)
    const shaped = event.altKey ? shape.resized : shape.moved
    return this.change(item, shaped(item.mark, step.dx, step.dy, desk.size), event.timeStamp)
  }

  /** Changes by keys that follow each other quickly are one undo step. */
  change(item, geometry, time) {
    const { desk } = this
    if (!geometry) return null
    if (!desk.mayChange(item)) {
      desk.work.refusesChange(item.mark.id) // says so where it is locked
      return null
    }
    if (time - this.#lastNudge > BURST_MS) this.#burst += 1
    this.#lastNudge = time
    desk.change(item, geometry, { burst: `nudge ${desk.part.name} ${item.mark.id} ${this.#burst}` })
    return geometry
  }

  get canTurn() {
    const { selected } = this.desk
    return selected !== null && Boolean(this.desk.shapeOf(selected).turned) && this.desk.mayChange(selected)
  }

  turn(degrees) {
    const { desk } = this
    const item = desk.selected
    this.change(item, desk.shapeOf(item).turned(item.mark, degrees, desk.size), performance.now())
    desk.say(`Turned to ${desk.selected.mark.rotation}°`)
  }

  remove() {
    const { desk } = this
    const item = desk.selected
    if (!item || desk.work.readOnly) return
    const title = desk.titleOf(item)
    desk.work.removeMark(item.field, item.mark.id)
    if (desk.work.mark(item.field, item.mark.id) === undefined) desk.say(`${title} deleted, ${desk.items.length} left`)
  }

  duplicate() {
    const { desk } = this
    const item = desk.selected
    if (!item || desk.work.readOnly) return
    const { id, source, suggestion_id: suggestion, ...copy } = item.mark
    const { x, y, width, height } = boundsOf(item)
    const away = (start, length, room) => (start + length + COPY_AWAY <= room ? COPY_AWAY : -COPY_AWAY)
    const [dx, dy] = [away(x, width, desk.size.width), away(y, height, desk.size.height)]
    const moved = desk.shapeOf(item).moved(copy, dx, dy, desk.size) ?? {}
    desk.work.addMark(item.field, { ...copy, ...moved, part: desk.part.name }, { select: true })
    desk.take(desk.selected)
    desk.say(`${desk.titleOf(desk.selected)} copied, ${desk.shapeOf(item).describe(desk.selected.mark, item.definition)}`)
  }

  /** The next choice: of the selected mark, else for the next one. */
  cycleChoice(way) {
    const { desk } = this
    const { work } = desk
    const name = desk.selected?.field ?? desk.field?.name
    const choices = work.fieldOf(name)?.choices ?? []
    if (choices.length === 0 || work.readOnly) return
    const current = desk.selected ? desk.selected.mark.choice : work.activeChoice(name)
    const at = choices.findIndex(({ value }) => value === current)
    const next = choices[(at + way + choices.length) % choices.length]
    work.chooseFor(name, next.value)
    const isRefused = desk.selected !== null && desk.selected.mark.choice !== next.value // which was said
    if (!isRefused) desk.say(work.title(next))
  }

  // How it is looked at ---------------------------------------------------------------------------------------------

  lock() {
    const { desk } = this
    const { id } = desk.selected.mark
    const { work } = desk
    desk.points.end()
    work.lock(id)
    desk.say(`${desk.titleOf(desk.selected)} ${work.lockedMarks.has(id) ? "locked" : "unlocked"}`)
  }

  hide() {
    const { desk } = this
    const { id } = desk.selected.mark
    const { work } = desk
    desk.points.end()
    work.hide(id)
    desk.say(`${desk.titleOf(desk.selected)} ${work.hiddenMarks.has(id) ? "hidden" : "shown"}`)
  }

  /** Over (1) or under (-1) the next mark of its field that it touches. */
  lift(way) {
    const { desk } = this
    const { field, mark } = desk.selected
    const peers = new Map(desk.items.filter((item) => item.field === field).map((item) => [item.mark.id, boundsOf(item)]))
    const marks = desk.work.marks(field)
    const mine = peers.get(mark.id)
    let to = marks.indexOf(mark) + way
    while (marks[to] && !(peers.has(marks[to].id) && touch(mine, peers.get(marks[to].id)))) to += way
    if (!marks[to]) return desk.say(way > 0 ? "No mark that it touches lies over it." : "No mark that it touches lies under it.")
    desk.work.orderMark(field, mark.id, to)
    return desk.say(`${desk.titleOf(desk.selected)} ${way > 0 ? "brought forward" : "sent back"}, ${to + 1} of ${marks.length}`)
  }
}

const touch = (one, other) =>
  one.x <= other.x + other.width && other.x <= one.x + one.width && one.y <= other.y + other.height && other.y <= one.y + one.height

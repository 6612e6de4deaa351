// What one does with the selected mark of a picture, by a key or a button: nudge, copy, remove, give another choice.

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
    if (!geometry || !desk.mayChange(item)) return null
    if (time - this.#lastNudge > BURST_MS) this.#burst += 1
    this.#lastNudge = time
    desk.change(item, geometry, { burst: `nudge ${desk.part.name} ${item.mark.id} ${this.#burst}` })
    return geometry
  }

  remove() {
    const { desk } = this
    const item = desk.selected
    if (!item || !desk.mayChange(item)) return
    const title = desk.titleOf(item)
    desk.work.removeMark(item.field, item.mark.id)
    desk.say(`${title} deleted, ${desk.items.length} left`)
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
    desk.say(work.title(next))
  }
}

// What one does with boxes on one picture, whether by mouse or by keyboard: draw, choose, change, remove.
// Knows the work and the picture's size, not the DOM. Tells of itself by the events "draft" and "tool".

import { boxBetween, clampBox, clampPoint, moveBox, wholePoint } from "../../annotate/boxes.js"

const COPY_AWAY = 12
const BURST_MS = 800

export class Desk extends EventTarget {
  #tool = "select"
  #draft = null
  #burst = 0
  #isSeen = true // until the picture turns out not to load
  #lastNudge = -BURST_MS

  constructor(work, part) {
    super()
    this.work = work
    this.part = part
    this.size = { width: part.width, height: part.height }
    if (this.canDraw) this.#tool = "box"
  }

  get field() {
    return this.work.markFieldFor(this.part.name, ["boxes"])
  }

  get canDraw() {
    return this.field !== null && this.#isSeen && !this.work.readOnly
  }

  /** Nobody draws on a picture that could not be loaded. */
  set isSeen(seen) {
    this.#isSeen = seen
    this.dispatchEvent(new Event("tool"))
  }

  get items() {
    return this.work.marksOn(this.part.name).filter(({ field }) => this.work.fieldOf(field).kind === "boxes")
  }

  get selected() {
    const { selection } = this.work
    return selection ? (this.items.find(({ mark }) => mark.id === selection.id) ?? null) : null
  }

  get tool() {
    return this.canDraw ? this.#tool : "select"
  }

  set tool(name) {
    this.cancel()
    this.#tool = name
    this.dispatchEvent(new Event("tool"))
  }

  // Drawing -----------------------------------------------------------------------------------------------------

  /** {from, to} while a box is being drawn. */
  get draft() {
    return this.#draft
  }

  get draftBox() {
    return this.#draft && boxBetween(this.#draft.from, this.#draft.to, this.size)
  }

  begin(point) {
    if (!this.canDraw) return
    this.work.select(null)
    const at = this.inside(point)
    this.#drawing({ from: at, to: at })
  }

  stretch(point) {
    if (this.#draft) this.#drawing({ from: this.#draft.from, to: this.inside(point) })
  }

  /** Makes the mark and selects it; its id, or null where the box has no area. */
  commit() {
    const box = this.draftBox
    const { field } = this
    if (!box || !field) return null
    this.#drawing(null)
    const id = this.work.addMark(field.name, { ...box, part: this.part.name }, { select: true })
    const [item] = this.items.filter(({ mark }) => mark.id === id)
    if (item) this.work.announce(`${this.titleOf(item)} added, ${describe(item.mark)}`)
    return id
  }

  cancel() {
    if (this.#draft) this.#drawing(null)
  }

  #drawing(draft) {
    this.#draft = draft
    this.dispatchEvent(new Event("draft"))
  }

  inside(point) {
    return wholePoint(clampPoint(point, this.size))
  }

  // Marks -------------------------------------------------------------------------------------------------------

  select(item) {
    if (item) this.work.select(item.field, item.mark.id)
    else this.work.select(null)
  }

  /** The mark before or behind the selected one; null at the end. */
  neighbour(way) {
    const { items, selected } = this
    if (!selected) return (way > 0 ? items[0] : items.at(-1)) ?? null
    return items[items.findIndex(({ mark }) => mark === selected.mark) + way] ?? null
  }

  change(item, box, { burst = null } = {}) {
    const { x, y, width, height, rotation } = clampBox(box, this.size)
    this.work.changeMark(item.field, item.mark.id, { x, y, width, height, rotation }, { burst })
  }

  /** Nudges that follow each other quickly are one undo step. */
  nudge(item, box, time) {
    if (time - this.#lastNudge > BURST_MS) this.#burst += 1
    this.#lastNudge = time
    this.change(item, box, { burst: `nudge ${this.part.name} ${item.mark.id} ${this.#burst}` })
  }

  removeSelected() {
    const item = this.selected
    if (!item || this.work.readOnly) return
    const title = this.titleOf(item)
    this.work.removeMark(item.field, item.mark.id)
    this.work.announce(`${title} deleted, ${this.items.length} left`)
  }

  duplicateSelected() {
    const item = this.selected
    if (!item || this.work.readOnly) return
    const { id, source, suggestion_id: suggestion, ...copy } = item.mark
    const away = (start, length, room) => (start + length + COPY_AWAY <= room ? COPY_AWAY : -COPY_AWAY)
    const dx = away(copy.x, copy.width, this.size.width)
    const dy = away(copy.y, copy.height, this.size.height)
    this.work.addMark(item.field, { ...copy, ...moveBox(copy, dx, dy, this.size), part: this.part.name }, { select: true })
  }

  /** The next choice: of the selected box, else for the next one. */
  cycleChoice(way) {
    const name = this.selected?.field ?? this.field?.name
    const choices = this.work.fieldOf(name)?.choices ?? []
    if (choices.length === 0 || this.work.readOnly) return
    const current = this.selected ? this.selected.mark.choice : this.work.activeChoice(name)
    const at = choices.findIndex(({ value }) => value === current)
    const next = choices[(at + way + choices.length) % choices.length]
    this.work.chooseFor(name, next.value)
    this.work.announce(this.work.title(next))
  }

  // Words -------------------------------------------------------------------------------------------------------

  titleOf({ field, mark }) {
    const choice = this.work.choiceOf(field, mark.choice)
    return this.work.title(choice ?? this.work.fieldOf(field))
  }

  /** What the overlay draws. */
  drawables() {
    const { items } = this
    return items.map((item, at) => ({
      ...item,
      color: this.work.colorOf(item.field, item.mark.choice),
      title: this.titleOf(item),
      name: `${this.titleOf(item)}, box ${at + 1} of ${items.length}, ${describe(item.mark)}`,
    }))
  }
}

function describe({ x, y, width, height, rotation }) {
  const [left, top, wide, high] = [x, y, width, height].map((value) => Math.round(value * 10) / 10)
  return `left ${left}, top ${top}, ${wide} by ${high} pixels${rotation ? `, turned ${rotation}°` : ""}`
}

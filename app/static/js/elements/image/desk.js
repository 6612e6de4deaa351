// What lies on the desk while one picture is marked: its marks, the tool in hand and what is being drawn with it, whether by
// mouse or by keyboard. Knows the work and the picture's size, not the DOM.
//
// Events: "tool" (another tool, or other tools allowed), "draft" (what is being drawn changed), "items" (other marks are
// shown: another frame, hidden ones), "focus" (an item to be focused), "preview" ({item, geometry}: how a mark would become,
// null as it is), "point" (another point of the selected mark is in hand).

import { scoreWords } from "../../annotate/answer-words.js"
import { clampPoint, wholePoint } from "../../annotate/boxes.js"
import { itemAt, SHAPES } from "../../annotate/shapes/registry.js"
import { snapped } from "../../annotate/shapes/snapping.js"
import { studioOf } from "./masks.js"
import { PointsInHand } from "./points-in-hand.js"
import { SelectedMark } from "./selected-mark.js"
import { ToolBelt } from "./tool-belt.js"

const SLACK = 5 // screen pixels about a line or a dot that still are on it
const SNAP = 10 // screen pixels that a neighbour draws from

export class Desk extends ToolBelt {
  #items = null
  #frame = null
  #areAllHidden = false
  #suggestionInHand = null // its key, while it was pointed at last
  isSnapping = false

  /** `signal` ends its listening; the stage, which knows the scale, is put in afterwards. */
  constructor(work, part, signal) {
    super(work, part)
    this.size = { width: part.width, height: part.height }
    this.#frame = part.frame_count > 1 ? 0 : null
    this.stage = null
    this.marking = new SelectedMark(this)
    this.points = new PointsInHand(this)
    this.masks = studioOf(this, signal)
    work.addEventListener("change", () => this.#renew(), { signal })
    work.addEventListener("active", () => this.follow(), { signal })
    work.addEventListener("select", () => this.points.end(), { signal })
    for (const event of ["view", "suggested"]) work.addEventListener(event, () => this.tell("items"), { signal })
  }

  // Marks ---------------------------------------------------------------------------------------------------------

  /** The number of the frame that is shown; null where the picture has but one. Marks of other frames are not here. */
  get frame() {
    return this.#frame
  }

  set frame(number) {
    if (number === this.#frame) return
    this.cancel()
    const before = this.selected
    this.#frame = number
    this.#items = null
    if (before) this.work.select(null)
    this.tell("items")
  }

  /** [{field, definition, kind, mark}] of this picture and frame, from the bottom to the top. */
  get items() {
    this.#items ??= this.#itemsOf(this.work.marksOn(this.part.name))
    return this.#items
  }

  #itemsOf(marks) {
    const known = (item) => ({ ...item, definition: this.work.fieldOf(item.field), kind: this.work.fieldOf(item.field).kind })
    const isHere = ({ kind, mark }) => kind in SHAPES && (this.#frame === null || mark.frame === this.#frame)
    return marks.map(known).filter(isHere)
  }

  #renew() {
    this.#items = null
    this.points.check()
  }

  /** What machines suggest here and nobody has decided on: to be seen and taken, not to be changed. */
  get suggested() {
    return this.#itemsOf(this.work.suggestedOn(this.part.name))
  }

  /** The suggestion to decide on, if it lies here. */
  get currentSuggestion() {
    return this.suggested.find(({ key }) => key === this.work.suggested.current?.key) ?? null
  }

  get areAllHidden() {
    return this.#areAllHidden
  }

  set areAllHidden(hidden) {
    this.#areAllHidden = hidden
    this.tell("items")
  }

  isHidden({ mark }) {
    return this.#areAllHidden || this.work.hiddenMarks.has(mark.id)
  }

  isLocked({ mark }) {
    return this.work.lockedMarks.has(mark.id)
  }

  get selected() {
    const { selection } = this.work
    return selection ? (this.items.find(({ mark }) => mark.id === selection.id) ?? null) : null
  }

  shapeOf({ kind }) {
    return SHAPES[kind]
  }

  itemAt(point) {
    const isAnyHidden = this.#areAllHidden || this.work.hiddenMarks.size > 0
    const seen = isAnyHidden ? this.items.filter((item) => !this.isHidden(item)) : this.items
    return itemAt(seen, point, this.reach(SLACK)) ?? itemAt(this.suggested, point, this.reach(SLACK))
  }

  /** So many pixels of the screen, in pixels of the picture. */
  reach(pixels) {
    return pixels / (this.stage?.scale ?? 1)
  }

  select(item) {
    this.#suggestionInHand = item?.isSuggestion ? item.key : null
    if (item && !item.isSuggestion) this.work.select(item.field, item.mark.id)
    else this.work.select(null)
    if (item?.isSuggestion) this.work.suggested.focus(item.key)
  }

  /** Selects an item and gives it the focus. */
  take(item) {
    this.select(item)
    this.tell("focus", item)
  }

  /** The mark before or behind the one in hand, of those that are seen, and then what is suggested; null at the end. */
  neighbour(way) {
    const { selected } = this
    const seen = this.items.filter((item) => item.mark === selected?.mark || !this.isHidden(item))
    const items = [...seen, ...this.suggested]
    const at = items.findIndex(({ mark, key }) => (selected ? mark === selected.mark : key && key === this.#suggestionInHand))
    if (at < 0) return (way > 0 ? items[0] : items.at(-1)) ?? null
    return items[at + way] ?? null
  }

  mayChange(item) {
    return !this.work.readOnly && !item.isSuggestion && !this.isLocked(item) && !this.isHidden(item)
  }

  preview(item, geometry) {
    this.tell("preview", { item, geometry })
  }

  change(item, geometry, { burst = null } = {}) {
    if (!geometry || !this.mayChange(item)) return
    const clamped = this.shapeOf(item).clamped({ ...item.mark, ...geometry }, this.size)
    this.work.changeMark(item.field, item.mark.id, clamped, { burst })
  }

  // Drawing -------------------------------------------------------------------------------------------------------

  drawing() {
    this.tell("draft")
  }

  get isDrawing() {
    return this.draft !== null && !this.draft.idle
  }

  /** A place as marks get it: in the picture, on whole pixels. */
  inside(point) {
    return wholePoint(clampPoint(point, this.size))
  }

  /** The same, at a neighbour while snapping is on. Ctrl turns it about; places without a press (the crosshair) do not snap. */
  place(point, press = null, except = null) {
    const snaps = press !== null && this.isSnapping !== Boolean(press.ctrl)
    return (snaps && this.neighbourOf(point, except)) || this.inside(point)
  }

  neighbourOf(point, except = null) {
    const others = this.items.filter((item) => item.mark.id !== except?.mark.id && !this.isHidden(item))
    return snapped(clampPoint(point, this.size), others, this.reach(SNAP))
  }

  /** Makes a mark of the tool's field, selects and focuses it. Its id, or null where there is no field for it. */
  add(geometry) {
    const field = this.fieldFor(this.tool)
    this.drawing()
    if (!field) return null
    const frame = this.#frame === null ? {} : { frame: this.#frame }
    const id = this.work.addMark(field.name, { ...geometry, ...frame, part: this.part.name }, { select: true })
    const item = this.items.find(({ mark }) => mark.id === id)
    if (!item) return null
    this.say(`${this.titleOf(item)} added, ${this.shapeOf(item).describe(item.mark, field)}`)
    this.tell("focus", item)
    return id
  }

  // Words ---------------------------------------------------------------------------------------------------------

  say(sentence) {
    this.work.announce(sentence)
  }

  titleOf({ field, mark }) {
    const choice = this.work.choiceOf(field, mark.choice)
    return this.work.title(choice ?? this.work.fieldOf(field))
  }

  /** What the overlay draws: the marks, and under them what is suggested. */
  drawables() {
    const { items, suggested } = this
    const current = this.currentSuggestion
    const drawn = (item, words) => {
      const title = this.titleOf(item)
      const place = this.shapeOf(item).describe(item.mark, item.definition)
      const [hidden, locked] = [this.isHidden(item), this.isLocked(item)]
      const name = `${title}, ${words}, ${place}${locked ? ", locked" : ""}`
      const isCurrent = item.isSuggestion && item.key === current?.key
      return { ...item, color: this.work.colorOf(item.field, item.mark.choice), title, name, hidden, locked, isCurrent }
    }
    const asSuggested = (item) => {
      const sure = scoreWords(item.score)
      const made = drawn(item, `suggested ${this.shapeOf(item).noun}${sure && `, ${sure} sure`}`)
      return { ...made, title: `${made.title} · suggested ${sure}`.trim() }
    }
    return [
      ...suggested.map(asSuggested),
      ...items.map((item, at) => drawn(item, `${this.shapeOf(item).noun} ${at + 1} of ${items.length}`)),
    ]
  }
}

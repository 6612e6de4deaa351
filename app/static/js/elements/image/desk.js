// What lies on the desk while one picture is marked: its marks, the tool in hand and what is being drawn with it, whether by
// mouse or by keyboard. Knows the work and the picture's size, not the DOM.
//
// Events: "tool" (another tool, or other tools allowed), "draft" (what is being drawn changed), "items" (other marks are
// shown: another frame, hidden ones), "focus" (an item to be focused), "preview" ({item, geometry}: how a mark would become,
// null as it is), "vertex" (another point of the selected mark is in hand).

import { clampPoint, wholePoint } from "../../annotate/boxes.js"
import { itemAt, SHAPES } from "../../annotate/shapes/registry.js"
import { SelectedMark } from "./selected-mark.js"
import { TOOLS } from "./tools/registry.js"

const SLACK = 5 // screen pixels about a line or a dot that still are on it

export class Desk extends EventTarget {
  #tool
  #last = null // the tool that drew last
  #items = null
  #isSeen = true // until the picture turns out not to load
  #frame = null

  /** `signal` ends its listening; the stage, which knows the scale, is put in afterwards. */
  constructor(work, part, signal) {
    super()
    this.work = work
    this.part = part
    this.size = { width: part.width, height: part.height }
    this.stage = null
    this.tools = new Map(TOOLS.map((Kind) => [Kind.act, new Kind(this)]))
    this.marking = new SelectedMark(this)
    this.#tool = this.#fitting() ?? this.tools.get("select")
    work.addEventListener("change", () => (this.#items = null), { signal })
    work.addEventListener("active", () => this.#follow(), { signal })
  }

  // Which fields and tools ----------------------------------------------------------------------------------------

  /** Whether the schema asks for marks of these kinds on this picture, now or under a condition. */
  offers({ kinds }) {
    const here = (field) => kinds.includes(field.kind) && this.work.partsOf(field.name).includes(this.part.name)
    return kinds.length === 0 || this.work.schema.fields.some(here)
  }

  /** Whether a tool can be used now. */
  allows(tool) {
    return !tool.makes || (this.#isSeen && !this.work.readOnly && this.fieldFor(tool) !== null)
  }

  fieldFor({ kinds }) {
    return this.work.markFieldFor(this.part.name, kinds)
  }

  /** The field that the next mark goes to. */
  get field() {
    return this.tool.makes ? this.fieldFor(this.tool) : this.work.markFieldFor(this.part.name, Object.keys(SHAPES))
  }

  get canDraw() {
    return this.tool.makes
  }

  get tool() {
    return this.allows(this.#tool) ? this.#tool : this.tools.get("select")
  }

  /** Takes a tool by its name; its field comes into focus with it. */
  takeUp(act) {
    this.cancel()
    const tool = this.tools.get(act)
    const field = tool.makes ? this.fieldFor(tool) : null
    this.#hold(tool)
    if (field) this.work.activate(field.name)
    this.tell("tool")
  }

  #hold(tool) {
    this.#tool = tool
    if (tool.makes) this.#last = tool
  }

  /** To draw another: the tool that drew last, else the one that fits the field in focus. */
  takeUpAgain() {
    const tool = [this.#last, this.#fitting()].find((one) => one && this.allows(one))
    if (tool) this.takeUp(tool.act)
  }

  // A field in focus takes the tool in hand along, unless that one draws nothing or draws for this field.
  #follow() {
    const fitting = this.#fitting()
    if (!this.tool.makes || fitting === null || fitting === this.#tool) return
    this.cancel()
    this.#hold(fitting)
    this.tell("tool")
  }

  #fitting() {
    const field = this.work.markFieldFor(this.part.name, Object.keys(SHAPES))
    if (!field) return null
    if (this.#tool?.kinds.includes(field.kind)) return this.#tool
    return [...this.tools.values()].find((tool) => tool.constructor.isDefaultFor === field.kind) ?? null
  }

  /** Nobody draws on a picture that could not be loaded. */
  set isSeen(seen) {
    this.#isSeen = seen
    this.tell("tool")
  }

  // Marks ---------------------------------------------------------------------------------------------------------

  /** The number of the frame that is shown; null where the picture has but one. Marks of other frames are not here. */
  get frame() {
    return this.#frame
  }

  set frame(number) {
    if (number === this.#frame) return
    this.cancel()
    this.#frame = number
    this.#items = null
    if (this.work.selection && !this.selected) this.work.select(null)
    this.tell("items")
  }

  /** [{field, kind, mark}] of this picture and frame, from the bottom to the top. */
  get items() {
    this.#items ??= this.work
      .marksOn(this.part.name)
      .map(({ field, mark }) => ({ field, mark, kind: this.work.fieldOf(field).kind }))
      .filter(({ kind, mark }) => kind in SHAPES && (this.#frame === null || mark.frame === this.#frame))
    return this.#items
  }

  get selected() {
    const { selection } = this.work
    return selection ? (this.items.find(({ mark }) => mark.id === selection.id) ?? null) : null
  }

  shapeOf({ kind }) {
    return SHAPES[kind]
  }

  itemAt(point) {
    return itemAt(this.items, point, this.reach(SLACK))
  }

  /** So many pixels of the screen, in pixels of the picture. */
  reach(pixels) {
    return pixels / (this.stage?.scale ?? 1)
  }

  select(item) {
    if (item) this.work.select(item.field, item.mark.id)
    else this.work.select(null)
  }

  /** Selects an item and gives it the focus. */
  take(item) {
    this.select(item)
    this.tell("focus", item)
  }

  /** The mark before or behind the selected one; null at the end. */
  neighbour(way) {
    const { items, selected } = this
    if (!selected) return (way > 0 ? items[0] : items.at(-1)) ?? null
    return items[items.findIndex(({ mark }) => mark === selected.mark) + way] ?? null
  }

  mayChange() {
    return !this.work.readOnly
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

  get draft() {
    return this.tool.draft
  }

  drawing() {
    this.tell("draft")
  }

  cancel() {
    return this.tool.cancel()
  }

  /** A place as marks get it: in the picture, on whole pixels. */
  place(point) {
    return wholePoint(clampPoint(point, this.size))
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

  /** What the overlay draws. */
  drawables() {
    const { items } = this
    return items.map((item, at) => {
      const shape = this.shapeOf(item)
      const definition = this.work.fieldOf(item.field)
      const title = this.titleOf(item)
      const name = `${title}, ${shape.noun} ${at + 1} of ${items.length}, ${shape.describe(item.mark, definition)}`
      return { ...item, definition, color: this.work.colorOf(item.field, item.mark.choice), title, name }
    })
  }

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

// Where masks are painted: the brush in hand, the stroke under way, and those that are drawn but not stored yet. One stroke
// is one change of the work, made when it ends. Knows the desk, no DOM; mask-layer.js shows it.
//
// Events: "brush" (its size, or where it is), "paint" (strokes to show changed).

import { encloses, nextSize, settled, SIZES } from "../../annotate/mask-painting.js"
import { runs } from "../../annotate/shapes/masks.js"
import { MaskMaker } from "./mask-maker.js"

const SHARE = 40 // the first brush is this part of the picture's longer side
let ownSize = null // what the person chose last, also on the next picture

export class MaskStudio extends EventTarget {
  #maker
  #at = null
  #stroke = null
  #jobs = []
  #line = Promise.resolve()
  #size

  constructor(desk, signal) {
    super()
    this.desk = desk
    this.#maker = new MaskMaker(desk.size, signal)
    this.#size = ownSize ?? nextSize(Math.max(desk.size.width, desk.size.height) / SHARE, -1)
    desk.work.addEventListener("select", () => this.#part(), { signal })
  }

  // The brush -----------------------------------------------------------------------------------------------------

  /** Pixels of the picture across. */
  get size() {
    return this.#size
  }

  resize(way) {
    this.#size = nextSize(this.#size, way)
    ownSize = this.#size
    this.desk.say(`Brush ${this.#size} pixels`)
    this.#tell("brush")
  }

  get canGrow() {
    return this.#size < SIZES.at(-1)
  }

  get canShrink() {
    return this.#size > SIZES[0]
  }

  /** Where the brush is, as it would paint; null where it is not over the picture. */
  get at() {
    return this.#at && settled(this.#at, this.#size)
  }

  set at(point) {
    this.#at = point
    this.#tell("brush")
  }

  // Strokes -------------------------------------------------------------------------------------------------------

  get isPainting() {
    return this.#stroke !== null
  }

  get isBusy() {
    return this.#jobs.length > 0
  }

  /** Done once everything that was painted is in the answers. */
  get stored() {
    return this.#line
  }

  /** [{act, points, size, target}]: the strokes to be shown over the masks as they are stored. */
  get strokes() {
    return this.#stroke ? [...this.#jobs, this.#stroke] : this.#jobs
  }

  /** Puts the brush down; false where there is nothing to paint on. */
  begin(act, point) {
    const target = this.#targetOf(act, point)
    if (!target) return false
    this.#stroke = { act, size: this.#size, points: [settled(point, this.#size)], target }
    this.#tell("paint")
    return true
  }

  go(point) {
    const { points, size } = this.#stroke ?? {}
    if (!points) return
    const to = settled(point, size)
    const last = points.at(-1)
    if (to.x === last.x && to.y === last.y) return
    points.push(to)
    this.#tell("paint")
  }

  /** Lifts the brush: what was painted is stored. */
  end() {
    const stroke = this.#stroke
    this.#stroke = null
    if (stroke) this.#store(stroke)
  }

  cancel() {
    if (!this.#stroke) return false
    this.#stroke = null
    this.#tell("paint")
    return true
  }

  /** An act that is done at once: {act: "fill" | "cut", points} or {act: "hole", at}. False where there is no mask for it. */
  do(deed) {
    const target = this.#targetOf(deed.act, deed.at ?? deed.points[0])
    if (target) this.#store({ ...deed, target })
    return target !== null
  }

  /** Whether a place lies in a hole of the selected mask. */
  hasHole(point) {
    return this.selected !== null && encloses(runs(this.selected.mark), point)
  }

  // Another selection ends what strokes still to be stored are for.
  #part() {
    const { selection } = this.desk.work
    for (const { target } of this.#jobs) target.isOpen = target.id !== null && target.id === selection?.id
  }

  /** The next stroke begins a mask of its own, whatever is still being stored. */
  startAnew() {
    for (const { target } of this.#jobs) target.isOpen = false
  }

  // The mask that is painted on -----------------------------------------------------------------------------------

  #targetOf(act, point) {
    const { desk } = this
    const field = desk.fieldFor(desk.tool)
    if (!field || desk.work.readOnly) return null
    const pending = this.#jobs.at(-1)?.target
    if (pending?.isOpen) return pending
    const adds = act === "brush" || act === "fill"
    const item = this.selected ?? (adds ? null : this.#under(point))
    if (item && !desk.mayChange(item)) return this.#refuse("This mask is locked.")
    if (item) {
      desk.select(item)
      return { field: item.field, id: item.mark.id, frame: desk.frame, isOpen: true }
    }
    if (act === "hole") return null
    if (!adds) return this.#refuse("There is no mask here. Select one, then take away from it.")
    return { field: field.name, id: null, frame: desk.frame, choice: desk.work.activeChoice(field.name), isOpen: true }
  }

  get selected() {
    const { selected } = this.desk
    return selected?.kind === "masks" ? selected : null
  }

  #under(point) {
    const item = this.desk.itemAt(point)
    return item?.kind === "masks" && !item.isSuggestion ? item : null
  }

  #refuse(reason) {
    this.desk.say(reason)
    return null
  }

  // Storing -------------------------------------------------------------------------------------------------------

  #store(job) {
    this.#jobs = [...this.#jobs, job]
    this.#tell("paint")
    this.#line = this.#line.then(() => this.#make(job)).finally(() => {
      this.#jobs = this.#jobs.filter((one) => one !== job)
      this.#tell("paint")
    })
  }

  async #make({ target, ...deed }) {
    const { work } = this.desk
    for (;;) {
      const base = target.id ? work.mark(target.field, target.id)?.rle : null
      if (base === undefined) return // deleted meanwhile
      const { changed, rle } = await this.#maker.make(base, deed)
      const now = target.id ? work.mark(target.field, target.id)?.rle : null
      if (now !== base) continue // undone or changed meanwhile: once more, on what it is now
      if (changed) this.#keep(target, rle)
      else this.#refuse(NOTHING[deed.act])
      return
    }
  }

  #keep(target, rle) {
    const { desk } = this
    const { work } = desk
    if (rle === null) {
      work.removeMark(target.field, target.id)
      return desk.say("Nothing is left of the mask, so it is gone.")
    }
    if (target.id) work.changeMark(target.field, target.id, { rle })
    else target.id = this.#add(target, rle)
    const item = desk.items.find(({ mark }) => mark.id === target.id)
    if (item) desk.say(`${desk.titleOf(item)}: ${desk.shapeOf(item).describe(item.mark)}`)
  }

  #add({ field, frame, choice, isOpen }, rle) {
    const shape = { rle, part: this.desk.part.name, ...(frame === null ? {} : { frame }), ...(choice === undefined ? {} : { choice }) }
    return this.desk.work.addMark(field, shape, { select: isOpen })
  }

  #tell(name) {
    this.dispatchEvent(new Event(name))
  }
}

const NOTHING = {
  brush: "All of this is in the mask already.",
  fill: "All of this is in the mask already.",
  erase: "There is nothing of the mask here.",
  cut: "There is nothing of the mask here.",
  hole: "The mask does not close around this place.",
}

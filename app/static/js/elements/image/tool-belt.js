// The tools of one picture: which of them the schema asks for, which can be used now, and which one is in hand. The tool in
// hand and the field in focus go together: taking a tool brings its field into focus, and the other way round.

import { SHAPES } from "../../annotate/shapes/registry.js"
import { whyNotMarked } from "../../annotate/why-not.js"
import { TOOLS } from "./tools/registry.js"

export class ToolBelt extends EventTarget {
  #tool = null
  #last = null // the tool that drew last
  #isSeen = true // until the picture turns out not to load

  constructor(work, part) {
    super()
    this.work = work
    this.part = part
    this.tools = new Map([...TOOLS].map((Kind) => [Kind.act, new Kind(this)]))
    this.#tool = this.#fitting() ?? this.tools.get("select")
  }

  /** Whether the schema asks for marks of these kinds on this picture, now or under a condition. */
  offers({ kinds }) {
    const here = (field) => kinds.includes(field.kind) && this.work.partsOf(field.name).includes(this.part.name)
    return kinds.length === 0 || this.work.schema.fields.some(here)
  }

  /** Whether a tool can be used now. */
  allows(tool) {
    return !tool.makes || (this.#isSeen && !this.work.readOnly && this.fieldFor(tool) !== null)
  }

  /** What a tool waits for, in words; "" where it can be used, or cannot for a reason that the page tells already. */
  whyNot(tool) {
    const isTold = !this.#isSeen || this.work.readOnly
    return isTold ? "" : whyNotMarked(this.work, this.part.name, tool.kinds)
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
    if (tool.beginsMarks) this.#last = tool
  }

  /** To draw another: the tool that drew last, else the one that fits the field in focus. */
  takeUpAgain() {
    const tool = [this.#last, this.#fitting()].find((one) => one && this.allows(one))
    if (tool) this.takeUp(tool.act)
  }

  // A field in focus takes the tool in hand along, unless that one draws nothing or draws for this field.
  follow() {
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

  // What is being drawn -------------------------------------------------------------------------------------------

  get draft() {
    return this.tool.draft
  }

  cancel() {
    return this.tool.cancel()
  }

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

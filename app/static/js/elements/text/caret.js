// The caret in a text that is read, not edited: where it stands, what is selected, and how keys move it.
// Positions are UTF-16 indices; what is selected is also the browser's own selection, so that copying works.

import { bringIn } from "./bring-in.js"

export class Caret {
  #goal = null // where a run of up and down began, across

  constructor(host, mark, page) {
    this.host = host
    this.mark = mark
    this.page = page
    this.anchor = 0
    this.focus = 0
    this.isByWord = false // how the selection was stretched last
  }

  get isCollapsed() {
    return this.anchor === this.focus
  }

  get start() {
    return Math.min(this.anchor, this.focus)
  }

  get end() {
    return Math.max(this.anchor, this.focus)
  }

  /** Whether something else than what was selected here is selected in the text now. */
  get isStale() {
    const native = document.getSelection()
    if (!native || native.isCollapsed || !this.page.body.contains(native.anchorNode)) return false
    const places = [[native.anchorNode, native.anchorOffset], [native.focusNode, native.focusOffset]]
    const [anchor, focus] = places.map(([node, offset]) => this.page.positionOf(node, offset))
    return anchor !== this.anchor || focus !== this.focus
  }

  moveTo(at, { extend = false, byWord = false } = {}) {
    this.#goal = null
    this.isByWord = byWord
    this.#set(at, extend)
  }

  #set(at, extend) {
    this.focus = at
    if (!extend) this.anchor = at
    this.show()
  }

  select(start, end) {
    this.anchor = start
    this.isByWord = false
    this.#goal = null
    this.#set(end, true)
  }

  collapse() {
    this.#set(this.focus, false)
  }

  /** Takes over what the mouse selected; false where that is not in this text. */
  readNative() {
    const native = document.getSelection()
    if (!native || native.rangeCount === 0 || !this.page.body.contains(native.anchorNode)) return false
    this.anchor = this.page.positionOf(native.anchorNode, native.anchorOffset)
    this.focus = this.page.positionOf(native.focusNode, native.focusOffset)
    this.isByWord = false
    this.#goal = null
    return true
  }

  /** Draws the caret and the selection again, after a change of either or of the page under them. */
  show({ reveal = true } = {}) {
    const from = this.page.placeOf(this.anchor)
    const to = this.page.placeOf(this.focus)
    document.getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset)
    this.place()
    if (reveal) bringIn(this.host, () => this.#box())
  }

  #box() {
    this.place()
    return this.mark.getBoundingClientRect()
  }

  place() {
    const box = this.page.caretBox(this.focus)
    const origin = this.page.body.getBoundingClientRect()
    this.mark.style.setProperty("left", `${box.left - origin.left}px`)
    this.mark.style.setProperty("top", `${box.top - origin.top}px`)
    this.mark.style.setProperty("height", `${box.bottom - box.top}px`)
  }

  /** One step up or down, to the place nearest below or above where the run began. */
  vertical(way, { extend }) {
    const box = this.page.caretBox(this.focus)
    const goal = this.#goal ?? box.left
    const height = parseFloat(getComputedStyle(this.page.body).lineHeight)
    const middle = (box.top + box.bottom) / 2
    const frame = this.host.getBoundingClientRect()
    const y = middle + way * height
    const beyond = way < 0 ? Math.min(0, y - height / 2 - frame.top) : Math.max(0, y + height / 2 - frame.bottom)
    const before = this.host.scrollTop
    this.host.scrollTop += beyond
    const found = this.page.positionAt(goal, y - (this.host.scrollTop - before))
    const edge = way < 0 ? 0 : this.page.text.length
    const stays = found === null || found === this.focus || (way < 0 ? found > this.focus : found < this.focus)
    this.#set(stays ? edge : this.page.boundaries.snap(found, -1), extend)
    this.#goal = goal
  }
}

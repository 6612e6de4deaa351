// How this person looks at a picture, and whether the next pictures are to be looked at in the same way: then it is kept
// with the person, the place included.
//
// Events: "look" (another look), "keep" (kept or not any more).

import { filterOf, looked, PLAIN, readKept, stepped } from "../../annotate/picture-look.js"
import { prefer, preference } from "../../preferences.js"

const NAME = "image_view"

export class KeptLook extends EventTarget {
  #place

  constructor(signal) {
    super()
    this.#read()
    const follow = ({ detail: { name, by } }) => name === NAME && by !== this && this.#follow()
    document.addEventListener("fasit:preference", follow, { signal })
  }

  #read() {
    const { look, place } = readKept(preference(NAME))
    this.look = look
    this.#place = place
  }

  // Another picture of the ad was looked at in another way: this one is, too, but keeps its place.
  #follow() {
    const { look } = readKept(preference(NAME))
    if (this.isKept) this.#turnTo(look, { keep: false })
    this.#tell("keep")
  }

  get isKept() {
    return preference(NAME) !== undefined
  }

  set isKept(keep) {
    if (keep) this.#keep()
    else prefer(NAME, null)
    this.#tell("keep")
  }

  /** Where one looks at first; null for the whole picture. */
  get place() {
    return this.#place
  }

  set place(place) {
    this.#place = place
    if (this.isKept) this.#keep()
  }

  get filter() {
    return filterOf(this.look)
  }

  set(name, value) {
    this.#turnTo(looked(this.look, name, value))
  }

  step(name, way) {
    this.#turnTo(stepped(this.look, name, way))
  }

  reset() {
    this.#turnTo(PLAIN)
  }

  #turnTo(look, { keep = this.isKept } = {}) {
    if (Object.keys(PLAIN).every((name) => look[name] === this.look[name])) return
    this.look = look
    if (keep) this.#keep()
    this.#tell("look")
  }

  #keep() {
    prefer(NAME, { ...this.look, ...(this.#place ? { place: this.#place } : {}) }, this)
  }

  #tell(name) {
    this.dispatchEvent(new Event(name))
  }
}

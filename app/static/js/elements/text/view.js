// How a person reads texts: size of the letters, line numbers, wrapped lines, signs for what is not seen. Kept with the person;
// all texts on the page follow.

import { prefer, preference } from "../../preferences.js"

const STEP = 1.12
const [LEAST, MOST] = [-4, 8]
const TOGGLES = { numbers: false, wrap: true, unseen: false } // and what holds where nothing was chosen

export class View {
  #part
  #show

  /** `show(view)`: after it changed. */
  constructor(part, { signal, show }) {
    this.#part = part
    this.#show = show
    part.addEventListener("click", (event) => this.#press(event.target.closest("[data-view]")?.dataset.view), { signal })
    document.addEventListener("fasit:preference", ({ detail }) => detail.name === "text_view" && this.show(), { signal })
  }

  get view() {
    const { size = 0, ...kept } = preference("text_view") ?? {}
    return { ...TOGGLES, ...kept, size: Math.min(Math.max(Number(size) || 0, LEAST), MOST) }
  }

  show() {
    const { view } = this
    for (const name of Object.keys(TOGGLES)) {
      this.#part.toggleAttribute(`data-${name}`, view[name] === true)
      this.#button(name).setAttribute("aria-pressed", String(view[name] === true))
    }
    this.#part.style.setProperty("--zoom", String(STEP ** view.size))
    this.#button("smaller").disabled = view.size === LEAST
    this.#button("larger").disabled = view.size === MOST
    this.#show(view)
  }

  #button(name) {
    return this.#part.querySelector(`[data-view=${name}]`)
  }

  #press(name) {
    if (!name) return
    const { view } = this
    const by = { smaller: -1, larger: 1 }[name]
    prefer("text_view", by ? { ...view, size: view.size + by } : { ...view, [name]: !view[name] })
  }
}

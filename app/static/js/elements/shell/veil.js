// <fasit-veil>: hides what is hard to look at. Holding `w` hides the ad; who would rather look only when they choose to has
// it hidden until `w` is held. The button says which of the two, and is kept with the person.

import { isPressed } from "../../keys.js"
import { prefer, preference } from "../../preferences.js"

const KEY = "w"

class Veil extends HTMLElement {
  #quit = null
  #held = false

  connectedCallback() {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    document.addEventListener("keydown", (event) => isPressed(KEY, event) && this.#hold(true), { signal })
    document.addEventListener("keyup", (event) => event.key.toLowerCase() === KEY && this.#hold(false), { signal })
    window.addEventListener("blur", () => this.#hold(false), { signal })
    this.#button.addEventListener("click", () => {
      prefer("labeling", { ...preference("labeling"), veiled: !this.#usual })
      this.#show()
    }, { signal })
    this.#show()
  }

  disconnectedCallback() {
    this.#quit?.abort()
  }

  get #button() {
    return this.querySelector("button")
  }

  get #usual() {
    return preference("labeling")?.veiled === true
  }

  #hold(held) {
    if (held === this.#held) return
    this.#held = held
    this.#show()
  }

  #show() {
    this.closest("work-shell").toggleAttribute("data-veiled", this.#usual !== this.#held)
    this.#button.setAttribute("aria-pressed", String(this.#usual))
  }
}

customElements.define("fasit-veil", Veil)

// <fasit-go-to>: the dialog under Ctrl+K. The places come from the server when it opens; typing sifts them here, and asks
// the server for ads by the beginning of their id.

import { later } from "../later.js"

const ASK_AFTER_MS = 150

class GoTo extends HTMLElement {
  #places = []
  #at = 0
  #cancel = null
  #asked = 0

  connectedCallback() {
    this.closest("dialog").addEventListener("beforetoggle", (event) => event.newState === "open" && this.#open())
    this.#words.addEventListener("input", () => this.#typed())
    this.#words.addEventListener("keydown", (event) => this.#onKey(event))
  }

  get #words() {
    return this.querySelector(".go-to-words")
  }

  get #list() {
    return this.querySelector(".go-to-list")
  }

  get #shown() {
    return this.#places.filter((place) => !place.hidden)
  }

  #open() {
    this.#words.value = ""
    this.#fetch("")
  }

  #typed() {
    this.#sift()
    this.#cancel?.()
    this.#cancel = later(() => this.#fetch(this.#words.value), ASK_AFTER_MS)
  }

  async #fetch(words) {
    const turn = ++this.#asked
    let answer
    try {
      answer = await fetch(`${this.dataset.url}?words=${encodeURIComponent(words)}`)
    } catch {
      return // offline: what is listed already stays
    }
    if (turn !== this.#asked || !answer.ok) return
    const parsed = Document.parseHTMLUnsafe(await answer.text())
    this.#list.replaceChildren(...parsed.querySelectorAll(".go-to-entry"))
    this.#places = [...this.#list.children]
    this.#sift()
  }

  // Every word must be somewhere in the name or the kind.
  #sift() {
    const wanted = this.#words.value.toLowerCase().split(/\s+/u).filter(Boolean)
    for (const place of this.#places) {
      const text = place.textContent.toLowerCase()
      place.hidden = !wanted.every((word) => text.includes(word))
    }
    this.querySelector(".go-to-none").hidden = this.#shown.length > 0 || this.#places.length === 0
    this.#turnTo(0)
  }

  #turnTo(at) {
    const shown = this.#shown
    this.#at = Math.min(Math.max(at, 0), Math.max(shown.length - 1, 0))
    for (const place of this.#places) place.setAttribute("aria-selected", String(place === shown[this.#at]))
    const now = shown[this.#at]
    if (now === undefined) this.#words.removeAttribute("aria-activedescendant")
    else this.#words.setAttribute("aria-activedescendant", now.id)
    now?.scrollIntoView({ block: "nearest" })
  }

  #onKey(event) {
    if (event.isComposing) return
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (move !== undefined) this.#turnTo(this.#at + move)
    else if (event.key === "Enter") this.#shown[this.#at]?.click()
    else return
    event.preventDefault()
  }
}

customElements.define("fasit-go-to", GoTo)

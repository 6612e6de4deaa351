// Giving an action a key of one's own, in the sheet of keys: press the pencil, then the key. Esc leaves it as it was,
// Backspace restores the page's own.

import { faultOf, writtenKey } from "./annotate/own-keys.js"
import { actionOf, dropOwnKeys, hasOwnKey, keysOfChoices, placeOf, takeKey, titleOf } from "./own-keys.js"

export class KeyChanging {
  #sheet
  #redraw
  #waiting = null // {row, action, title, button} whose key is asked for

  constructor(sheet, { redraw }) {
    this.#sheet = sheet
    this.#redraw = redraw
    // Before the dialog hears of Esc, and before js/keys.js hears of anything.
    sheet.addEventListener("keydown", (event) => this.#onKey(event), { capture: true })
    sheet.addEventListener("cancel", (event) => this.#waiting && event.preventDefault())
    sheet.addEventListener("close", () => this.#stop())
    this.#restore.addEventListener("click", () => {
      dropOwnKeys()
      this.#say("All keys are the page's own again.")
      this.#redraw()
      sheet.querySelector(".key-groups").focus()
    })
  }

  offer(pencil, { row, action, title, button }) {
    pencil.addEventListener("click", () => {
      this.#stop()
      this.#waiting = { row, action, title, button, pencil }
      row.classList.add("is-waiting")
      this.#say(`Press the new key for “${title}”. Esc keeps the old one, Backspace restores the page's own.`)
    })
    pencil.addEventListener("blur", () => this.#waiting?.pencil === pencil && this.#stop())
  }

  showRestore() {
    this.#restore.hidden = document.querySelector("[data-key-default]") === null
  }

  get #restore() {
    return document.getElementById("restore-keys")
  }

  #onKey(event) {
    if (this.#waiting === null) return
    if (event.key === "Tab") return void this.#stop()
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat || event.isComposing) return
    if (event.key === "Escape") return void this.#stop()
    const { action, button } = this.#waiting
    const key = event.key === "Backspace" ? undefined : writtenKey(event)
    if (key === null) return
    const fault = key === undefined ? null : faultOf(key, rivalsOf(button, action))
    if (fault !== null) return void this.#say(fault)
    takeKey(action, key)
    this.#settle(action, key)
  }

  #settle(action, key) {
    const { title } = this.#waiting
    this.#stop()
    this.#redraw()
    this.#say(key === undefined ? `“${title}” has its usual key again.` : `“${title}” is ${key} now.`)
    const again = [...this.#sheet.querySelectorAll(".key-change")].find((pencil) => pencil.ariaLabel.includes(title))
    ;(again ?? this.#sheet.querySelector(".key-groups")).focus()
  }

  #stop() {
    if (this.#waiting === null) return
    this.#waiting.row.classList.remove("is-waiting")
    this.#waiting = null
    this.#say("")
  }

  #say(sentence) {
    this.#sheet.querySelector(".key-said").textContent = sentence
  }
}

// What lives beside the action: the choices of the questions, what works on the whole page, and tools of the same kind of part.
function rivalsOf(button, action) {
  const place = placeOf(button)
  const beside = [...document.querySelectorAll("[data-key]")].filter((other) => {
    const its = placeOf(other)
    return other !== button && actionOf(other) !== action && !other.closest(".question") && (its === place || its === "page" || place === "page")
  })
  const tools = beside.map((other) => ({
    title: titleOf(other),
    // An action that has a key of its own keeps its usual one too: it may come back to it.
    keys: [other.dataset.key, hasOwnKey(other) ? other.dataset.keyDefault : ""].join(" ").split(/\s+/u).filter(Boolean),
  }))
  return [...keysOfChoices(), ...tools]
}

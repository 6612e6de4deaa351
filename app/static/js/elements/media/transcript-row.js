// The transcript of the selected segment, typed while listening: Enter goes on to the next segment, Esc back to the
// timeline; the keys with Alt play without leaving the text.

import { TranscriptWords } from "./transcript-words.js"

export class TranscriptRow {
  #root
  #words
  #text
  #segments
  #asks

  constructor(root, { segments, signal, asks }) {
    this.#root = root
    this.#text = root.querySelector("textarea")
    this.#segments = segments
    this.#asks = asks // {next(), leave(), play(start, end)}
    this.#words = new TranscriptWords(root.querySelector(".media-words"), { signal, asks })
    this.#text.addEventListener("input", () => this.#keep(), { signal })
    this.#text.addEventListener("keydown", (event) => this.#onKey(event), { signal })
  }

  setTime(seconds) {
    this.#words.setTime(seconds)
  }

  focus() {
    if (this.#text.disabled) return
    this.#text.focus()
    this.#text.select()
  }

  /** `free`: the selected segment takes a transcript. */
  show({ readOnly, free }) {
    const { selected } = this.#segments
    const text = selected?.mark.transcript ?? ""
    this.#words.show(selected?.mark ?? null)
    if (this.#text.value !== text) this.#text.value = text
    this.#text.disabled = !free
    this.#text.readOnly = readOnly
    this.#root.classList.toggle("is-idle", !free)
  }

  #keep() {
    const { selected } = this.#segments
    if (selected !== null) this.#segments.setTranscript(selected, this.#text.value)
  }

  #onKey(event) {
    if (event.isComposing) return
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey
    if (event.key === "Enter" && plain && !event.shiftKey) {
      event.preventDefault()
      this.#asks.next()
    } else if (event.key === "Escape") {
      event.preventDefault()
      event.stopPropagation()
      this.#asks.leave()
    }
  }
}

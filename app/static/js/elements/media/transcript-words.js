// The words of a segment with their own times, where a suggestion brought them: a press on one plays from there, and the one
// that is heard now is marked.

export class TranscriptWords {
  #root
  #asks // {play(start, end)}
  #words = []
  #end = 0

  constructor(root, { signal, asks }) {
    this.#root = root
    this.#asks = asks
    root.addEventListener("click", (event) => this.#onClick(event), { signal })
  }

  /** `mark`: the selected segment, or null. */
  show(mark) {
    const words = mark?.words ?? []
    this.#root.hidden = words.length === 0
    this.#end = mark?.end ?? 0
    if (words === this.#words) return
    this.#words = words
    this.#root.replaceChildren(...words.map(button))
  }

  setTime(seconds) {
    this.#words.forEach(({ start, end }, n) => this.#root.children[n].toggleAttribute("data-heard", seconds >= start && seconds < end))
  }

  #onClick(event) {
    const at = [...this.#root.children].indexOf(event.target.closest("button"))
    if (at >= 0) this.#asks.play(this.#words[at].start, this.#end)
  }
}

function button({ text, start }) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "media-word"
  made.textContent = text
  made.title = `From ${start.toFixed(2)} s`
  return made
}

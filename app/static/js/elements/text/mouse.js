// The mouse on a text: dragging over words marks them, a double click a word, a third one the sentence; a click chooses a span
// or a relation. A span's tag dragged to another span ties the two, where the schema has relations.

import { trimSpaces } from "../../annotate/spans.js"

const FAR = 6 // pixels that make a press a drag

export class Mouse {
  #isSelecting = false
  #carried = null // {item, x, y, isDrag}: a tag that was pressed
  #word = null // the span that a double click made

  /** `made(id)`: a span or a relation was made; `chosen(item, at)`: one was pressed, or the text at a position. */
  constructor(host, { desk, page, caret, arcs, signal, mark, made, chosen }) {
    Object.assign(this, { host, desk, page, caret, arcs, mark, made, chosen })
    this.rubber = host.querySelector(".text-rubber")
    host.addEventListener("mousedown", (event) => event.button === 0 && this.#down(event), { signal })
    document.addEventListener("mousemove", (event) => this.#carried && this.#carry(event), { signal })
    document.addEventListener("mouseup", (event) => event.button === 0 && this.#up(event), { signal })
  }

  #itemOf(node) {
    const id = node?.closest?.(".text-handle, .text-tie")?.dataset.mark
    return id === undefined ? null : (this.desk.stops.find((one) => one.id === id) ?? null)
  }

  /** The shortest span under a place of the page, made or suggested. */
  #under(node) {
    const marks = node?.closest?.(".text-piece")?.dataset.marks?.split(" ") ?? []
    const spans = [...this.desk.items, ...this.desk.suggested].filter(({ id }) => marks.includes(id))
    return spans.sort((one, other) => one.end - one.start - (other.end - other.start))[0] ?? null
  }

  #down(event) {
    const item = this.#itemOf(event.target)
    const isThird = event.detail === 3 && item?.id === this.#word?.id // on the tag that has just come up under the mouse
    if (!item || isThird) {
      this.#isSelecting = true
      return
    }
    event.preventDefault()
    if (this.desk.ties.from && !item.isTie) return void (this.#carried = { item, isDrag: true })
    this.chosen(item)
    this.#carried = this.desk.ties.mayBegin(item) ? { item, x: event.clientX, y: event.clientY, isDrag: false } : null
  }

  #carry({ clientX: x, clientY: y }) {
    const carried = this.#carried
    if (carried.x === undefined) return
    if (!carried.isDrag && Math.hypot(x - carried.x, y - carried.y) < FAR) return
    if (!carried.isDrag) this.desk.ties.begin(carried.item)
    carried.isDrag = true
    const origin = this.host.querySelector(".text-frame").getBoundingClientRect()
    const line = `M${carried.x - origin.left} ${carried.y - origin.top}L${x - origin.left} ${y - origin.top}`
    this.rubber.removeAttribute("hidden")
    this.rubber.querySelector("path").setAttribute("d", line)
  }

  #up(event) {
    const carried = this.#carried
    this.#carried = null
    this.rubber.setAttribute("hidden", "")
    if (carried?.isDrag) return this.#drop(event, carried)
    if (!this.#isSelecting) return
    this.#isSelecting = false
    if (this.desk.ties.from) return this.#drop(event, {})
    if (event.detail === 3) return this.#markSentence(event)
    if (!this.caret.readNative()) return
    if (this.caret.isCollapsed) return this.#clicked(event)
    const { start, end } = this.caret
    const isDouble = event.detail === 2
    const range = isDouble ? this.#wordsOf(start, end) : { start, end }
    if (range === null) return this.#clicked(event)
    const before = this.desk.items.length
    this.mark(range.start, range.end)
    this.#word = isDouble && this.desk.items.length > before ? this.desk.selected : null
  }

  // Some systems select the space behind a word with it; a double click between two words marks nothing.
  #wordsOf(start, end) {
    const words = this.desk.boundaries.wholeWords(start, end)
    const { text } = this.desk.part
    return text.slice(words.start, words.end).trim() === "" ? null : trimSpaces(text, words.start, words.end)
  }

  // On a span it ties; a drag that ends elsewhere is given up, a click elsewhere leaves the relation in hand.
  #drop({ clientX, clientY }, { x }) {
    const node = document.elementFromPoint(clientX, clientY)
    const item = this.host.contains(node) ? (this.#itemOf(node) ?? this.#under(node)) : null
    const id = item ? this.desk.ties.finish(item) : null
    if (id) this.made(id)
    else if (x !== undefined) this.desk.ties.cancel()
  }

  #clicked({ target }) {
    this.chosen(this.#under(target), this.desk.boundaries.snap(this.caret.focus, -1))
  }

  /** The third click widens the word that the second one marked. */
  #markSentence({ clientX, clientY }) {
    const at = this.page.positionAt(clientX, clientY)
    const sentence = at === null ? null : this.desk.boundaries.sentenceAt(at)
    if (!sentence) return
    const word = this.#word && this.desk.items.find(({ id }) => id === this.#word.id)
    this.#word = null
    if (word) this.desk.widen(word, sentence)
    else this.mark(sentence.start, sentence.end)
  }
}

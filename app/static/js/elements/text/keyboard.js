// The keys of the text itself. With the focus on a span they change that span; else they move the caret.

const ARROWS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }

export class Keyboard {
  /** `go(item)` selects and focuses a span or a relation; `made(id)`: a relation was made. */
  constructor(host, { desk, page, caret, signal, onMove, go, made }) {
    Object.assign(this, { host, desk, page, caret, onMove, go, made })
    host.addEventListener("keydown", (event) => {
      if (!event.isComposing && !event.metaKey && this.#handle(event)) event.preventDefault()
    }, { signal })
  }

  #handle(event) {
    const { key } = event
    if (key === "Tab" && !event.ctrlKey && !event.altKey) return this.#tab(event.shiftKey ? -1 : 1)
    if (key === "Escape") return this.#leave()
    const onSpan = document.activeElement?.dataset?.mark !== undefined ? this.desk.selected : null
    if (key === "Enter" && onSpan && !event.ctrlKey) return this.#tie(onSpan)
    if (onSpan && key in ARROWS && (event.shiftKey || event.altKey)) return this.#stretch(onSpan, event)
    if (event.altKey) return key in ARROWS // Alt and an arrow would leave the page
    if (!this.#isCaretKey(event)) return false
    if (onSpan) this.#standAt(onSpan, event)
    else if (!document.activeElement.matches("[data-suggested]")) this.host.focus({ preventScroll: true }) // let go by a key
    this.#move(event)
    this.onMove()
    return true
  }

  #isCaretKey({ key, ctrlKey }) {
    return key in ARROWS || key === "Home" || key === "End" || (ctrlKey && key.toLowerCase() === "a")
  }

  // The logical direction: in a right-to-left line the left arrow goes forward.
  #way(key, at) {
    const turned = (key === "ArrowLeft" || key === "ArrowRight") && this.page.isRightToLeft(at)
    return turned ? -ARROWS[key] : ARROWS[key]
  }

  #move({ key, ctrlKey, shiftKey }) {
    const { caret, desk } = this
    const { boundaries } = desk
    const at = caret.focus
    const extend = { extend: shiftKey }
    if (key.toLowerCase() === "a") return caret.select(0, desk.part.text.length)
    if (key === "Home") return caret.moveTo(ctrlKey ? 0 : boundaries.lineOf(at).start, extend)
    if (key === "End") return caret.moveTo(ctrlKey ? desk.part.text.length : boundaries.lineOf(at).end, extend)
    const way = this.#way(key, at)
    const across = key === "ArrowLeft" || key === "ArrowRight"
    if (!across && !ctrlKey) return caret.vertical(way, extend)
    if (across && !ctrlKey && !shiftKey && !caret.isCollapsed) return caret.moveTo(way < 0 ? caret.start : caret.end)
    const unit = ctrlKey ? (across ? "word" : "sentence") : "character"
    caret.moveTo(boundaries[unit](at, way), { ...extend, byWord: ctrlKey })
  }

  #standAt(span, { key }) {
    const way = key in ARROWS ? this.#way(key, span.start) : -1
    this.desk.select(null)
    this.host.focus({ preventScroll: true })
    this.caret.moveTo(way < 0 ? span.start : span.end)
  }

  #stretch(span, { key, ctrlKey, altKey, timeStamp }) {
    const side = altKey ? "start" : "end"
    const across = key === "ArrowLeft" || key === "ArrowRight"
    this.desk.stretch(side, this.#way(key, span[side]), ctrlKey ? (across ? "word" : "sentence") : "character", timeStamp)
    this.page.reveal(span.id)
    return true
  }

  #tab(way) {
    const next = this.desk.neighbour(way)
    if (next) {
      this.go(next)
      return true
    }
    if (way > 0 || document.activeElement === this.host) return false // at the end Tab goes on to what follows
    this.desk.select(null)
    this.host.focus({ preventScroll: true })
    return true
  }

  /** With a relation in hand, Enter ties it to the span in focus. */
  #tie(span) {
    if (!this.desk.ties.from) return false
    const id = this.desk.ties.finish(span)
    if (id) this.made(id)
    return true
  }

  #leave() {
    if (this.desk.ties.from) this.desk.ties.cancel()
    else if (this.desk.inHand || document.activeElement !== this.host) {
      this.desk.select(null)
      this.host.focus({ preventScroll: true })
    } else if (!this.caret.isCollapsed) this.caret.collapse()
    else document.activeElement.blur()
    return true
  }
}

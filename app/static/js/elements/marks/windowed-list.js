// A long list of which only the rows in sight are in the page. All rows are of one height. One of them at a time is reached
// by Tab; arrows, Home, End and the page keys go on from there.

const BEYOND = 6 // rows kept above and below those in sight
const UNSEEN = 24 // rows made while the list has no height yet

export class WindowedList {
  #scroller
  #list
  #height
  #make
  #fill
  #moved
  #items = []
  #at = new Map() // key -> place
  #rows = new Map() // key -> row
  #current = null // key of the row that Tab reaches
  #frame = null
  // How far it is scrolled and how tall it is, as told by the browser: to ask in the middle of changes costs a layout each time.
  #top = 0
  #tall = 0

  /**
   * list: the `<ol>`, in an element that scrolls; height: of a row in pixels; make(item): a row; fill(row, item);
   * moved(item): an arrow key went there. An item has a `key`; one that `isGroup` is a heading, and passed over by keys.
   * What Tab reaches in a row carries `data-row`.
   */
  constructor(list, { height, make, fill, moved, signal }) {
    this.#list = list
    this.#scroller = list.parentElement
    this.#height = height
    this.#make = make
    this.#fill = fill
    this.#moved = moved
    list.replaceChildren() // where the task was on the page before
    const scrolled = () => {
      this.#top = this.#scroller.scrollTop
      this.#later()
    }
    this.#scroller.addEventListener("scroll", scrolled, { signal, passive: true })
    list.addEventListener("keydown", (event) => this.#key(event), { signal })
    list.addEventListener("focusin", (event) => this.#took(event.target), { signal })
    const sized = new ResizeObserver(() => this.#sized())
    sized.observe(this.#scroller)
    signal.addEventListener("abort", () => {
      sized.disconnect()
      cancelAnimationFrame(this.#frame)
    })
  }

  /** The same array as before: the same lines, looked at in another way. */
  show(items) {
    if (items !== this.#items) {
      this.#items = items
      this.#at = new Map(items.map(({ key }, at) => [key, at]))
      this.#count()
      this.#list.style.setProperty("block-size", `${items.length * this.#height}px`)
    }
    if (!this.#at.has(this.#current)) this.#current = items.find(({ isGroup }) => !isGroup)?.key ?? null
    this.#render({ anew: true })
  }

  #places = new Map() // key -> which of the items it is, headings not counted
  #count() {
    const counted = this.#items.filter(({ isGroup }) => !isGroup)
    this.#places = new Map(counted.map(({ key }, at) => [key, at + 1]))
  }

  /** Makes this the row that Tab reaches, and scrolls to it. */
  reveal(key) {
    const at = this.#at.get(key)
    if (at === undefined) return
    this.#current = key
    const [top, bottom] = [at * this.#height, (at + 1) * this.#height]
    if (this.#tall === 0) this.#tall = this.#scroller.clientHeight
    if (top < this.#top) this.#scrollTo(top)
    else if (bottom > this.#top + this.#tall) this.#scrollTo(bottom - this.#tall)
    this.#render()
  }

  /** What was seen of the row in focus stays seen where the list has become shorter. */
  #sized() {
    const top = this.#at.get(this.#current) * this.#height
    const wasSeen = top >= this.#top && top + this.#height <= this.#top + this.#tall
    this.#tall = this.#scroller.clientHeight
    if (wasSeen) this.reveal(this.#current)
    else this.#later()
  }

  #scrollTo(top) {
    this.#scroller.scrollTop = top
    this.#top = this.#scroller.scrollTop
  }

  focus(key) {
    this.reveal(key)
    this.#focusable(this.#rows.get(key))?.focus({ preventScroll: true })
  }

  get holdsFocus() {
    return this.#list.contains(document.activeElement)
  }

  #later() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#render()
    })
  }

  #inSight() {
    const seen = this.#tall === 0 ? UNSEEN : Math.ceil(this.#tall / this.#height)
    const first = Math.max(Math.floor(this.#top / this.#height) - BEYOND, 0)
    const items = this.#items.slice(first, first + seen + 2 * BEYOND)
    // The row in focus stays in the page wherever it is: otherwise the focus would be lost by scrolling.
    const current = this.#at.get(this.#current)
    if (current === undefined || (current >= first && current < first + items.length)) return items
    return current < first ? [this.#items[current], ...items] : [...items, this.#items[current]]
  }

  #render({ anew = false } = {}) {
    const items = this.#inSight()
    const kept = new Set(items.map(({ key }) => key))
    const focused = document.activeElement
    const hadFocus = this.holdsFocus
    for (const [key, row] of this.#rows) {
      if (kept.has(key)) continue
      row.remove()
      this.#rows.delete(key)
    }
    let next = this.#list.firstElementChild
    for (const item of items) {
      const known = this.#rows.get(item.key)
      const row = known ?? this.#make(item)
      if (!known) this.#rows.set(item.key, row)
      if (anew || !known) this.#fill(row, item)
      this.#place(row, item)
      if (row === next) next = next.nextElementSibling
      else this.#list.insertBefore(row, next)
    }
    if (hadFocus && !focused.isConnected) this.#focusable(this.#rows.get(this.#current))?.focus({ preventScroll: true })
  }

  #place(row, item) {
    row.style.setProperty("translate", `0 ${this.#at.get(item.key) * this.#height}px`)
    if (item.isGroup) return
    row.setAttribute("aria-setsize", String(this.#places.size))
    row.setAttribute("aria-posinset", String(this.#places.get(item.key)))
    const focusable = this.#focusable(row)
    focusable.tabIndex = item.key === this.#current ? 0 : -1
    focusable.dataset.rowKey = item.key
  }

  #focusable(row) {
    return row?.matches("[data-row]") ? row : row?.querySelector("[data-row]")
  }

  #took(target) {
    const key = target.closest("[data-row]")?.dataset.rowKey
    if (key === undefined || key === this.#current) return
    this.#current = key
    for (const [other, row] of this.#rows) {
      const focusable = this.#focusable(row)
      if (focusable) focusable.tabIndex = other === key ? 0 : -1
    }
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !event.target.closest("[data-row]")) return
    const page = Math.max(Math.floor(this.#scroller.clientHeight / this.#height) - 1, 1)
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = this.#from(this.#at.get(this.#current) ?? 0, step)
    if (next === null) return
    this.focus(next.key)
    this.#moved(next)
  }

  #from(at, step) {
    const last = this.#items.length - 1
    const way = Math.sign(step)
    let to = Math.min(Math.max(at + step, 0), last)
    while (this.#items[to]?.isGroup && to + way >= 0 && to + way <= last) to += way
    while (this.#items[to]?.isGroup) to -= way // a heading at the very end: back to the row beside it
    return to === at ? null : (this.#items[to] ?? null)
  }
}

// What of a draft or of a suggestion cannot be shown under this schema and this ad: what it is, why, what it says, and a
// button to drop it. Until then it is kept.

export class Unreadable {
  #box
  #work
  #copy
  #pieces = []

  constructor(box, { work, copy, signal }) {
    this.#box = box
    this.#work = work
    this.#copy = copy
    box.addEventListener("click", (event) => this.#drop(event.target.closest("[data-act=drop]")), { signal })
  }

  show(pieces) {
    if (pieces.length === this.#pieces.length && pieces.every(({ key }, at) => key === this.#pieces[at].key)) return this.#free()
    this.#pieces = pieces
    this.#box.hidden = pieces.length === 0
    const things = pieces.length === 1 ? "1 piece of work" : `${pieces.length} pieces of work`
    this.#box.querySelector("[data-unreadable-count]").textContent = `${things} cannot be read`
    this.#box.querySelector(".unreadable-list").replaceChildren(...pieces.map((piece) => this.#row(piece)))
    this.#free()
  }

  #free() {
    for (const button of this.#box.querySelectorAll("[data-act=drop]")) button.disabled = this.#work.readOnly
  }

  #row({ key, path, reason, value, by }) {
    const row = this.#copy("unreadable-piece")
    const where = this.#where(path)
    row.dataset.key = key
    row.querySelector(".unreadable-where").textContent = where
    row.querySelector(".unreadable-reason").textContent = reason
    row.querySelector(".unreadable-by").textContent = by ? `Suggested by ${by}.` : "From your draft."
    row.querySelector("pre").textContent = JSON.stringify(value, null, 1)
    row.querySelector("[data-act=drop]").setAttribute("aria-label", `Drop ${where}`)
    return row
  }

  /** "/answers/objects/2/fields/brand" -> "Objects, mark 3, brand" */
  #where(path) {
    const [, , field, at, , own] = path.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    const asked = this.#work.fieldOf(field)
    const words = [asked ? this.#work.title(asked) : (field ?? "The answers")]
    if (at !== undefined) words.push(`mark ${Number(at) + 1}`)
    if (own !== undefined) words.push(own)
    return words.join(", ")
  }

  #drop(button) {
    const row = button?.closest(".unreadable-piece")
    const piece = this.#pieces.find(({ key }) => key === row?.dataset.key)
    if (!piece) return
    const at = this.#pieces.indexOf(piece)
    this.#work.dropUnreadable(piece)
    this.#work.announce(`Dropped, ${this.#pieces.length} left. Undo brings it back.`)
    const left = this.#box.querySelectorAll("[data-act=drop]")
    ;(left[Math.min(at, left.length - 1)] ?? null)?.focus()
  }
}

// A text area with line numbers beside it, and a list of faults that lead to their lines.

class CodeEditor extends HTMLElement {
  #quit = null
  #text = null
  #numbers = null

  connectedCallback() {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.#text = this.querySelector("textarea")
    this.#numbers = this.querySelector(".code-lines")
    this.#text.addEventListener("input", () => this.#number(), { signal })
    this.#text.addEventListener("scroll", () => this.#follow(), { signal })
    this.addEventListener("click", (event) => this.#jump(event.target), { signal })
    document.addEventListener("htmx:after:swap", () => this.#flag(), { signal })
    this.#number()
    this.#flag()
  }

  disconnectedCallback() {
    this.#quit.abort()
  }

  // One number a line; made or removed at the end only, since the others stay as they are.
  #number() {
    const wanted = this.#text.value.split("\n").length
    while (this.#numbers.childElementCount > wanted) this.#numbers.lastElementChild.remove()
    while (this.#numbers.childElementCount < wanted) {
      const number = document.createElement("span")
      number.textContent = String(this.#numbers.childElementCount + 1)
      this.#numbers.append(number)
    }
    this.#follow()
  }

  #follow() {
    this.#numbers.scrollTop = this.#text.scrollTop
  }

  #flag() {
    const lines = new Set((this.querySelector("[data-lines]")?.dataset.lines ?? "").split(" "))
    for (const number of this.#numbers.children) number.classList.toggle("faulty", lines.has(number.textContent))
    this.#text.setAttribute("aria-invalid", String(!lines.has("")))
  }

  #jump(target) {
    const button = target.closest("[data-line]")
    if (!button) return
    const line = Number(button.dataset.line)
    const before = this.#text.value.split("\n").slice(0, line - 1)
    const start = before.join("\n").length + (line > 1 ? 1 : 0)
    const end = this.#text.value.indexOf("\n", start)
    this.#text.focus()
    this.#text.setSelectionRange(start, end < 0 ? this.#text.value.length : end)
    const height = parseFloat(getComputedStyle(this.#text).lineHeight)
    this.#text.scrollTop = Math.max(0, (line - 1) * height - this.#text.clientHeight / 3)
    this.#text.scrollLeft = 0
  }
}

customElements.define("fasit-code-editor", CodeEditor)

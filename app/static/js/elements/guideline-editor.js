// Writing a guideline: a picture goes into the text where the cursor is, and a fresh preview stays where it was scrolled to.

class GuidelineEditor extends HTMLElement {
  #quit = null
  #scrolled = 0

  connectedCallback() {
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.addEventListener("click", (event) => this.#insert(event.target), { signal })
    this.addEventListener("scroll", () => this.#remember(), { signal, capture: true })
    document.addEventListener("htmx:after:swap", () => this.#restore(), { signal })
  }

  disconnectedCallback() {
    this.#quit.abort()
  }

  get #preview() {
    return this.querySelector("#preview")
  }

  #remember() {
    this.#scrolled = this.#preview.scrollTop
  }

  #restore() {
    this.#preview.scrollTop = this.#scrolled
  }

  #insert(target) {
    const words = target.closest("[data-insert]")?.dataset.insert
    if (!words) return
    const text = this.querySelector("textarea[name=body]")
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end")
    text.focus()
    text.dispatchEvent(new Event("input", { bubbles: true }))
  }
}

customElements.define("fasit-guideline-editor", GuidelineEditor)

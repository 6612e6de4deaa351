// A sentence over the work when the page cannot go on by itself, with the button that leads on.

export class Banner {
  #shell
  #place

  constructor(shell) {
    this.#shell = shell
    this.#place = shell.querySelector(".work-banner")
  }

  get kind() {
    return this.#place.hidden ? null : this.#place.dataset.kind
  }

  show(kind, { sentence = null, details = null } = {}) {
    const content = this.#shell.querySelector(`template[data-banner=${kind}]`).content.cloneNode(true)
    write(content, "[data-sentence]", sentence)
    write(content, "[data-details]", details)
    this.#place.replaceChildren(content)
    this.#place.dataset.kind = kind
    this.#place.hidden = false
  }

  hide() {
    this.#place.hidden = true
    this.#place.replaceChildren()
  }
}

function write(content, selector, words) {
  const element = content.querySelector(selector)
  if (element) {
    element.textContent = words ?? ""
    element.hidden = words === null || words === ""
  }
}

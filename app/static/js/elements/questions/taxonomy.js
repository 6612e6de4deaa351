// A taxonomy: what is chosen as chips, what was chosen lately, a field to type into, and the tree to look around in. Branches
// of a large tree are made when they are opened. Every way to a node is a `.choice` with its path, which the question's
// control turns into an answer.

import { Finder, pathsOf } from "../../annotate/finding.js"
import { several } from "./controls.js"
import { lately, rememberLately } from "./lately.js"

const SHOWN = 50
const QUICK = 5

const choosing = several((button) => JSON.parse(button.dataset.path))

/** The control, as controls.js has them. */
export function taxonomy(fieldset, binding, signal) {
  const showChoices = choosing(fieldset, binding, signal)
  const tree = new Tree(fieldset, binding, signal)
  return () => {
    showChoices()
    tree.show()
  }
}

class Tree {
  #fieldset
  #binding
  #entries
  #finder = null
  #byPath
  #input
  #list
  #chips
  #quick
  #template
  #at = 0
  #shown = null
  #seen = new Set()

  constructor(fieldset, binding, signal) {
    const { field, titleOf, templates } = binding
    this.#fieldset = fieldset
    this.#binding = binding
    this.#entries = pathsOf(field, titleOf)
    this.#byPath = new Map(this.#entries.map((entry) => [JSON.stringify(entry.path), entry]))
    const pieces = templates.querySelector("[data-taxonomy-template]").content.firstElementChild.cloneNode(true)
    this.#template = templates.querySelector("[data-node-template]")
    this.#chips = pieces.querySelector(".taxonomy-chips")
    this.#quick = pieces.querySelector(".taxonomy-quick")
    this.#input = pieces.querySelector("[data-search]")
    this.#list = pieces.querySelector("[role=listbox]")
    this.#name(fieldset)
    fieldset.querySelector(".taxonomy-tools")?.remove() // where the task was on the page before
    fieldset.querySelector(".taxonomy").before(pieces)
    this.#offerQuick()
    this.#input.addEventListener("input", () => this.#search(), { signal })
    this.#input.addEventListener("keydown", (event) => this.#onKey(event), { signal })
    this.#input.addEventListener("blur", () => this.#close(), { signal })
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal }) // the field keeps the focus
    this.#chips.addEventListener("click", (event) => this.#drop(event.target.closest("button")), { signal })
    fieldset.addEventListener("toggle", (event) => this.#fill(event.target), { signal, capture: true })
  }

  /** Shows what is chosen now. */
  show() {
    const chosen = this.#binding.get() ?? []
    if (JSON.stringify(chosen) === this.#shown) return
    this.#shown = JSON.stringify(chosen)
    for (const path of chosen) this.#noteLately(JSON.stringify(path))
    this.#chips.replaceChildren(...chosen.map((path) => this.#chip(path)))
    this.#chips.hidden = chosen.length === 0
  }

  #name(fieldset) {
    const id = `found-${fieldset.id}`
    this.#list.id = id
    this.#input.setAttribute("aria-controls", id)
    const title = fieldset.querySelector("legend").firstChild.textContent.trim()
    this.#input.setAttribute("aria-label", `Search ${title}`)
    this.#list.setAttribute("aria-label", `Found in ${title}`)
  }

  // Typing --------------------------------------------------------------------------------------------------------

  #search() {
    if (this.#input.value.trim() === "") return this.#close()
    this.#finder ??= new Finder(this.#entries)
    const found = this.#finder.find(this.#input.value, SHOWN)
    this.#list.replaceChildren(...found.map((entry, at) => this.#option(entry, at)))
    this.#list.hidden = found.length === 0
    this.#input.setAttribute("aria-expanded", String(found.length > 0))
    this.#fieldset.querySelector(".taxonomy-none").hidden = found.length > 0
    this.#goTo(0)
  }

  #option({ path, titles }, at) {
    const option = this.#node(titles.at(-1), path)
    option.id = `${this.#list.id}-${at}`
    option.setAttribute("role", "option")
    option.tabIndex = -1
    const above = titles.slice(0, -1).join(" › ")
    if (above) option.querySelector(".choice-title").after(withClass("span", "taxonomy-above", above))
    const isChosen = (this.#binding.get() ?? []).some((one) => String(one) === String(path))
    option.setAttribute("aria-selected", "false")
    option.setAttribute("aria-checked", String(isChosen))
    return option
  }

  #goTo(at) {
    const options = [...this.#list.children]
    this.#at = Math.min(Math.max(at, 0), Math.max(options.length - 1, 0))
    for (const [place, option] of options.entries()) option.setAttribute("aria-selected", String(place === this.#at))
    const active = options[this.#at]
    this.#input.setAttribute("aria-activedescendant", active?.id ?? "")
    active?.scrollIntoView({ block: "nearest" })
  }

  #onKey(event) {
    if (event.isComposing) return
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }
    if (event.key in steps && !this.#list.hidden) {
      this.#goTo(this.#at + steps[event.key])
      event.preventDefault()
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.repeat) {
      const option = this.#list.hidden ? null : this.#list.children[this.#at]
      if (option) {
        option.click()
        this.#input.value = ""
        this.#close()
      }
      event.preventDefault()
    } else if (event.key === "Escape") {
      if (this.#input.value === "") this.#input.blur()
      this.#input.value = ""
      this.#close()
      event.stopPropagation()
    }
  }

  #close() {
    this.#list.hidden = true
    this.#fieldset.querySelector(".taxonomy-none").hidden = true
    this.#input.setAttribute("aria-expanded", "false")
    this.#input.removeAttribute("aria-activedescendant")
  }

  // Chips ---------------------------------------------------------------------------------------------------------

  #chip(path) {
    const titles = this.#byPath.get(JSON.stringify(path))?.titles ?? path
    const chip = this.#fieldset.querySelector("[data-chip-template]").content.firstElementChild.cloneNode(true)
    chip.dataset.chip = JSON.stringify(path)
    chip.querySelector("span").textContent = titles.join(" › ")
    chip.setAttribute("aria-label", `Remove ${titles.join(" › ")}`)
    return chip
  }

  #drop(chip) {
    if (!chip) return
    this.#binding.set((this.#binding.get() ?? []).filter((path) => JSON.stringify(path) !== chip.dataset.chip))
    this.#input.focus({ preventScroll: true })
  }

  /** Nodes with a key that lie deep in the tree, and those chosen lately: one press away. */
  #offerQuick() {
    const isWide = !this.#fieldset.dataset.owner
    const keyed = this.#entries.filter(({ path, node }) => isWide && node.key && path.length > 1)
    const known = new Set(keyed.map(({ path }) => JSON.stringify(path)))
    const recent = lately(this.#fieldset.id).filter((path) => this.#byPath.has(path) && !known.has(path))
    for (const { path, titles, node } of keyed) this.#quick.append(this.#keyedNode(path, titles, node))
    for (const path of recent.slice(0, QUICK)) {
      const { titles, path: steps } = this.#byPath.get(path)
      const button = this.#node(titles.at(-1), steps)
      button.title = titles.join(" › ")
      this.#quick.append(button)
    }
    this.#quick.hidden = this.#quick.childElementCount === 0
  }

  #keyedNode(path, titles, { key }) {
    for (const twin of this.#fieldset.querySelectorAll(".taxonomy [data-path]")) {
      if (twin.dataset.path === JSON.stringify(path)) delete twin.dataset.key
    }
    const button = this.#node(titles.at(-1), path)
    button.title = titles.join(" › ")
    button.dataset.key = key.length === 1 && key !== key.toLowerCase() ? `Shift+${key}` : key
    button.append(withClass("kbd", "", key))
    return button
  }

  #noteLately(path) {
    if (this.#seen.has(path)) return
    this.#seen.add(path)
    rememberLately(this.#fieldset.id, path)
  }

  // The tree ------------------------------------------------------------------------------------------------------

  #fill(details) {
    if (!details.open || !("lazy" in details.dataset)) return
    delete details.dataset.lazy
    const above = JSON.parse(details.closest("li").querySelector(":scope > .choice").dataset.path)
    const { node } = this.#byPath.get(JSON.stringify(above))
    const level = this.#template.content.querySelector("ul").cloneNode()
    for (const child of node.children) level.append(this.#branch(child, [...above, child.value]))
    details.append(level)
    this.#binding.shown()
  }

  #branch(node, path) {
    const item = this.#template.content.querySelector("li").cloneNode(true)
    const { titles } = this.#byPath.get(JSON.stringify(path))
    write(item.querySelector(".choice"), titles.at(-1), path)
    const below = item.querySelector("details")
    if (node.children?.length) below.querySelector("summary").textContent = node.children.length
    else below.remove()
    return item
  }

  #node(title, path) {
    const button = this.#template.content.querySelector(".choice").cloneNode(true)
    write(button, title, path)
    return button
  }
}

function write(button, title, path) {
  button.dataset.path = JSON.stringify(path)
  button.querySelector(".choice-title").textContent = title
}

function withClass(name, className, words) {
  const element = document.createElement(name)
  if (className) element.className = className
  element.textContent = words
  return element
}

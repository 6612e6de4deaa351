// The keys of the labeling page, read from its own templates, which stand here asleep: what the list says is what a page does.

import { drawGroups, groupsOf } from "../key-list.js"

class HelpKeys extends HTMLElement {
  connectedCallback() {
    const page = this.querySelector("template").content
    this.append(...drawGroups(groupsOf(page.querySelectorAll("[data-key], [data-key-note]"))))
  }
}

customElements.define("fasit-help-keys", HelpKeys)

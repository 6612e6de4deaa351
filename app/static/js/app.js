// What every page has: keys and their sheet, the theme, messages, and htmx held to our rules.

import "./elements/go-to.js"
import { startKeptForms } from "./kept-forms.js"
import { startKeySheet } from "./key-sheet.js"
import { startKeys } from "./keys.js"
import { startSentForms } from "./sent-forms.js"
import { startTheme } from "./theme.js"
import { toast } from "./toasts.js"
import { startTypedEarly } from "./typed-early.js"

startTheme()
startKeys()
startKeySheet()
startKeptForms()
startSentForms()
startTypedEarly()
colourMarks(document)

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf-token]").content
})
document.addEventListener("htmx:after:swap", () => colourMarks(document))
document.addEventListener("htmx:error", () => toast("The server did not answer. Nothing was changed; try again.", "danger"))
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.raw.status >= 500) {
    toast("Something went wrong on the server. Nothing was changed; try again.", "danger")
  }
})
document.addEventListener("fasit:toast", (event) => toast(event.detail.sentence, event.detail.kind))

// A schema may give a choice its own colour; a style attribute is not allowed, so the property is set here.
function colourMarks(root) {
  for (const element of root.querySelectorAll("[data-color]")) {
    element.style.setProperty("--mark", element.dataset.color)
  }
}

// A form that sends itself when a field of it changes: filters.
document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit()
})

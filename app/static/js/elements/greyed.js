// A button that does nothing now but can be asked why: by pointing at it, by reading it out, by pressing it or its key.

import { toast } from "../toasts.js"

let said = null // takes the last reason away

/** Why something was not done, to be seen and heard; one reason at a time. */
export function sayWhy(why) {
  said?.()
  said = toast(why)
}

/** `why`: a sentence, or "" where the button works. */
export function grey(button, why) {
  if ((button.dataset.why ?? "") === why) return
  const [name] = button.title.split("\n")
  if (why === "") {
    delete button.dataset.why
    for (const attribute of ["aria-disabled", "aria-description"]) button.removeAttribute(attribute)
    button.title = name
  } else {
    button.dataset.why = why
    button.setAttribute("aria-disabled", "true")
    button.setAttribute("aria-description", why)
    button.title = `${name}\n${why}`
  }
}

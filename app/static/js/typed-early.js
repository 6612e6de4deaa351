// What is typed while a page's scripts are still on their way is heard by nobody: no draft is kept, no fault is shown.
// Once htmx listens, such fields say again that they were typed into.

const WATCHED = "[hx-trigger^=input]"
const FIELDS = "textarea, input:not([type=hidden])"

function tellOfThem() {
  for (const watched of document.querySelectorAll(WATCHED)) {
    const fields = watched.matches(FIELDS) ? [watched] : watched.querySelectorAll(FIELDS)
    for (const field of fields) {
      if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }))
    }
  }
}

export function startTypedEarly() {
  tellOfThem() // where htmx came first
  document.addEventListener("htmx:after:process", (event) => {
    if (event.target === document.body) tellOfThem()
  })
}

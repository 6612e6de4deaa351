// What was typed into a form stays when the server refuses it: the way back from the refusal leads to the form as it
// was sent. Kept in this tab only, and dropped with the next page that is no refusal. Passwords and files are not kept.

const KEPT = "fasit.kept-form"
const NEVER = new Set(["password", "file", "hidden", "submit", "button"])

/** Names and values of fields as a form has them: [name, value, checked]. */
export function valuesOf(fields) {
  return [...fields]
    .filter((field) => field.name && !NEVER.has(field.type))
    .map((field) => [field.name, field.value, Boolean(field.checked)])
}

/** Puts values back. Boxes and radios are found by name and value, all others by name and in order. */
export function fill(fields, values) {
  const remaining = [...values]
  for (const field of fields) {
    if (!field.name || NEVER.has(field.type)) continue
    const ticked = field.type === "checkbox" || field.type === "radio"
    const at = remaining.findIndex(([name, value]) => name === field.name && (!ticked || value === field.value))
    if (at < 0) continue
    const [[, value, checked]] = remaining.splice(at, 1)
    if (ticked) field.checked = checked
    else field.value = value
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT))
  } catch {
    return null
  }
}

function write(kept) {
  try {
    if (kept) sessionStorage.setItem(KEPT, JSON.stringify(kept))
    else sessionStorage.removeItem(KEPT)
  } catch {
    // Storage is full or switched off: the form works as forms do.
  }
}

const formAt = (action) => [...document.querySelectorAll("form[method=post]")].find((form) => form.action === action)

export function startKeptForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target
    if (event.defaultPrevented || form.method !== "post") return
    const values = valuesOf(form.elements)
    write(values.length ? { action: form.action, values, refused: false } : null)
  })
  const kept = read()
  if (!kept) return
  if (document.querySelector("#refusal")) {
    write({ ...kept, refused: true })
    const words = document.querySelector("#kept-form")
    if (words) words.hidden = false
    return
  }
  const form = kept.refused && formAt(kept.action)
  if (form) fill(form.elements, kept.values)
  write(null)
}

// What was chosen lately in each taxonomy, in this browser: a convenience, which may be gone.

const MOST = 12

const nameOf = (question) => `fasit.lately.${location.pathname}.${question}`

export function lately(question) {
  return JSON.parse(localStorage.getItem(nameOf(question)) ?? "[]")
}

export function rememberLately(question, path) {
  const others = lately(question).filter((one) => one !== path)
  localStorage.setItem(nameOf(question), JSON.stringify([path, ...others].slice(0, MOST)))
}

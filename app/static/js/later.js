/** Runs `act` after `delay` milliseconds; gives back a function that cancels it. */
export function later(act, delay) {
  const timer = setTimeout(act, delay)
  return () => clearTimeout(timer)
}

/**
 * Work that is left until the page has shown what was done: `ask()` as often as one likes, it is run once. `now()` runs it
 * at once where it is due.
 */
export function onceShown(act) {
  let isDue = false
  const now = () => {
    if (!isDue) return
    isDue = false
    act()
  }
  const ask = () => {
    if (isDue) return
    isDue = true
    requestAnimationFrame(() => setTimeout(now)) // a frame, then what follows it
  }
  return { ask, now }
}

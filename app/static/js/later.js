/** Runs `act` after `delay` milliseconds; gives back a function that cancels it. */
export function later(act, delay) {
  const timer = setTimeout(act, delay)
  return () => clearTimeout(timer)
}

// The header's true words: whether the work is saved, and where the time goes.

const WORDS = {
  saved: "Saved",
  saving: "Saving",
  kept: "Kept on this computer",
  refused: "Needs you",
  sending: "Sending",
}

export function showSaved(task, state) {
  const output = task.querySelector(".work-saved")
  if (!output || output.dataset.state === state) {
    return
  }
  output.dataset.state = state
  output.querySelector(".work-saved-words").textContent = WORDS[state]
}

export function showClock(task, timing) {
  const state = timing.state
  const seconds = Math.floor(timing.total("active") / 1000)
  const minutes = String(Math.floor(seconds / 60)).padStart(2, "0")
  task.querySelector(".work-clock-time").textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`
  task.querySelector(".work-clock-state").textContent = state
  task.querySelector(".work-clock").dataset.state = state
}

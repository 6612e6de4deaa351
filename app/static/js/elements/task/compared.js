// The buttons above parts that a question compares. Each stands for a button of the question: pressing it presses that
// one, and it shows the place or the choice that the question shows.

export function connectCompared(task, work, signal) {
  const buttons = [...task.querySelectorAll("[data-compare]")].map((button) => {
    const { compareOf: name, compare: value } = button.dataset
    const question = task.querySelector(`fieldset[data-field="${name}"]:not([data-owner])`)
    const choice = [...question.querySelectorAll(".choice")].find((one) => one.dataset.value === value)
    return { button, name, value, choice, question }
  })

  const show = () => {
    for (const { button, name, value, choice, question } of buttons) {
      const answer = work.answer(name)
      const at = Array.isArray(answer) ? answer.indexOf(value) : -1
      const isChosen = at >= 0 || answer === value
      button.hidden = !work.asked.includes(name)
      button.disabled = work.readOnly
      button.setAttribute("aria-pressed", String(isChosen))
      button.classList.toggle("is-first", answer === value || at === 0)
      button.querySelector(".compare-place").textContent = at >= 0 ? String(at + 1) : isChosen ? "✓" : ""
      button.querySelector("kbd").textContent = choice.querySelector("kbd").textContent
      const place = at >= 0 ? `, place ${at + 1}` : ""
      const words = `${choice.querySelector(".choice-title").textContent}: ${question.querySelector("legend").firstChild.textContent.trim()}`
      button.setAttribute("aria-label", words + place)
    }
  }
  for (const { button, choice } of buttons) button.addEventListener("click", () => choice.click(), { signal })
  // After the questions: they write the keys.
  for (const event of ["change", "active", "readonly"]) work.addEventListener(event, () => queueMicrotask(show), { signal })
  queueMicrotask(show)
}

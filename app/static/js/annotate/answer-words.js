// Answers to plain questions in words, as lists and histories show them.

const joined = (values) => values.join(", ")

const WORDS = {
  choice: (work, field, value) => titleOf(work, field, value),
  choices: (work, field, values) => joined(values.map((value) => titleOf(work, field, value))),
  ranking: (work, field, values) => values.map((value) => titleOf(work, field, value)).join(" › "),
  taxonomy: (work, field, paths) => joined(paths.map((path) => pathOf(work, field, path))),
  text: (_work, _field, value) => `“${value}”`,
}

export function answerWords(work, field, value) {
  if (value === undefined) return "not answered"
  return WORDS[field.kind]?.(work, field, value) ?? String(value)
}

const titleOf = (work, field, value) => {
  const choice = (field.choices ?? []).find((one) => one.value === value)
  return choice ? work.title(choice) : String(value)
}

function pathOf(work, field, path) {
  let level = field.nodes ?? field.choices ?? []
  const titles = path.map((value) => {
    const node = level.find((one) => one.value === value)
    level = node?.children ?? []
    return node ? work.title(node) : value
  })
  return titles.join(" › ")
}

/** How sure a model is: a share as per cent, any other number as it is; nothing where it did not say. */
export function scoreWords(score) {
  if (score === null || score === undefined) return ""
  return score >= 0 && score <= 1 ? `${Math.round(score * 100)} %` : String(Number(score.toFixed(2)))
}

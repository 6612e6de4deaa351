// What ties marks, on any parts, to a decision: an answer to a question with choices. A decision is {field, choice, clause?,
// title}; evidence as it is sent is {field, choice, clause?, marks: [ids]}.

const DECIDED = {
  choice: (field, value) => field.choices.filter((choice) => choice.value === value),
  choices: (field, values) => field.choices.filter((choice) => values.includes(choice.value)),
  taxonomy: (field, paths) => paths.map((path) => leafOf(field, path)).filter(Boolean),
}

export const decisionKey = ({ field, choice }) => `${field} ${choice ?? ""}`

/** The decisions made so far, in the order of the questions that are asked. */
export function decisionsOf(questionnaire, asked, answers) {
  return asked.flatMap((name) => {
    const field = questionnaire.fieldOf(name)
    if (!(field.kind in DECIDED) || answers[name] === undefined) return []
    return DECIDED[field.kind](field, answers[name]).map((choice) => {
      const clause = choice.clause ?? field.clause
      const title = [questionnaire.title(field), questionnaire.title(choice)].join(": ")
      return { field: name, choice: choice.value, ...(clause === undefined ? {} : { clause }), title }
    })
  })
}

/** A draft's evidence by decision; what is no evidence at all is left out. */
export function readEvidence(list) {
  const sound = (Array.isArray(list) ? list : []).filter((one) => typeof one?.field === "string" && Array.isArray(one.marks ?? []))
  return Object.fromEntries(sound.map((one) => [decisionKey(one), { ...one, marks: one.marks ?? [] }]))
}

/** A decision's evidence with one mark more or less; undefined where none is left. */
export function tied(entry, { field, choice, clause }, id, on) {
  const others = (entry?.marks ?? []).filter((mark) => mark !== id)
  const marks = on ? [...others, id] : others
  return marks.length === 0 ? undefined : { field, choice, ...(clause === undefined ? {} : { clause }), marks }
}

/** What may be sent: of decisions that still stand, and marks that are still there. */
export function sendableEvidence(entries, decisions, answers) {
  const standing = new Set(decisions.map(decisionKey))
  const there = new Set(Object.values(answers).flatMap((answer) => (Array.isArray(answer) ? answer.map((one) => one?.id) : [])))
  return Object.values(entries)
    .filter((entry) => standing.has(decisionKey(entry)) || (entry.choice === undefined && entry.field in answers))
    .map((entry) => ({ ...entry, marks: entry.marks.filter((id) => there.has(id)) }))
    .filter(({ marks }) => marks.length > 0)
}

function leafOf(field, path) {
  let level = field.nodes ?? []
  let found
  for (const value of path) {
    found = level.find((node) => node.value === value)
    level = found?.children ?? []
  }
  return found
}

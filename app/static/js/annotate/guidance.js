// What a submit still lacks, in words and as a place to go to; and the place that a refusal of the server is about.

const NAMED = 3

/** `missing`: [{field, mark?, own?}]. Gives {summary, sentence, place} of the first, or null where nothing is missing. */
export function guidance(work, missing) {
  if (missing.length === 0) return null
  const [place] = missing
  const names = [...new Set(missing.map((one) => nameOf(work, one)))]
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ""
  const listed = names.slice(0, NAMED).join(", ") + more
  const summary = names.length === 1 ? `Not answered yet: ${listed}` : `${names.length} questions are not answered yet: ${listed}`
  return { summary, sentence: sentenceOf(work, place), place }
}

/** `Brand visible (Objects 2, Bottle)` */
function nameOf(work, { field, mark = null, own = null }) {
  const question = work.fieldOf(field)
  if (own === null) return work.title(question)
  const asked = question.fields.find((one) => one.name === own)
  return `${work.title(asked)} (${markName(work, field, mark)})`
}

/** `Objects 2, Bottle` */
export function markName(work, field, id) {
  const number = work.marks(field).findIndex((mark) => mark.id === id) + 1
  const choice = work.choiceOf(field, work.mark(field, id)?.choice)
  return `${work.title(work.fieldOf(field))} ${number}${choice ? `, ${work.title(choice)}` : ""}`
}

function sentenceOf(work, { field, mark = null, own = null }) {
  const question = work.fieldOf(field)
  if (own !== null) return `${markName(work, field, mark)} needs this before you can submit.`
  if (work.isMarkField(field)) return "Mark at least one before you submit."
  const given = work.answer(field)
  const least = question.min ?? 1
  const few = Array.isArray(given) && given.length > 0
  return few ? `Choose at least ${least} before you submit.` : "Answer this before you submit."
}

/** Where a problem's path (`/answers/objects/1/fields/brand`) leads on the page: {field, mark?, own?}, or null. */
export function placeOf(work, path) {
  const steps = path.split("/").slice(1)
  const at = steps.findIndex((step) => work.asked.includes(step))
  if (at < 0) return null
  const field = steps[at]
  const sent = work.isMarkField(field) ? work.sendable().answers[field] : undefined
  const mark = sent?.[Number(steps[at + 1])]?.id
  if (mark === undefined) return { field }
  const own = steps[at + 2] === "fields" ? steps[at + 3] : undefined
  const isKnown = work.fieldOf(field).fields?.some(({ name }) => name === own)
  return isKnown ? { field, mark, own } : { field, mark }
}

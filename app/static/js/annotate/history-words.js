// What a step of the history did, in words.

import { answerWords } from "./answer-words.js"
import { KINDS } from "./summaries.js"

/** `changes`: those of one step, as the sheet makes them. */
export function stepWords(work, changes) {
  const marks = marksOf(changes)
  const [first] = marks
  const answers = changes.filter(({ section, id }) => !section && id === undefined)
  if (marks.length === 1 && answers.length === 0) return markWords(work, first, changes)
  if (marks.length > 0) return severalWords(work, marks, answers)
  if (answers.length > 0) return answersWords(work, answers, changes)
  return sectionWords(work, changes)
}

/** A mark that was changed several times in one step (a drag) is one change from the first to the last. */
function marksOf(changes) {
  const found = new Map()
  for (const change of changes.filter(({ section, id }) => !section && id !== undefined)) {
    const key = `${change.field} ${change.id}`
    found.set(key, { ...change, before: found.has(key) ? found.get(key).before : change.before })
  }
  return [...found.values()].filter(({ before, after }) => before !== after)
}

function markWords(work, { field, before, after }, changes) {
  const title = titleOf(work, field, after ?? before)
  const refused = changes.some(({ section, after: to }) => section === "refused" && to !== undefined)
  if (before === undefined) return after.source === "suggestion" ? `Suggestion accepted: ${title}` : `${title} added`
  if (after === undefined) return refused ? `${title} deleted: suggestion refused` : `${title} deleted`
  if (before.choice !== after.choice) return `${titleOf(work, field, before)} is now ${title}`
  if (before.transcript !== after.transcript) return `${title}: words written`
  const own = changedOwn(work, field, before.fields ?? {}, after.fields ?? {})
  return own ? `${title}: ${own}` : `${title} changed: ${KINDS[work.fieldOf(field).kind]?.summary(after, (id) => work.find(id)) ?? ""}`.replace(/: $/u, "")
}

function changedOwn(work, field, before, after) {
  const own = (work.fieldOf(field).fields ?? []).find(({ name }) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  return own && `${work.title(own)} ${answerWords(work, own, after[own.name])}`
}

function severalWords(work, marks, answers) {
  const counted = marks.length === 1 ? "1 mark" : `${marks.length} marks`
  const all = (test) => marks.every(test)
  const and = answers.length > 0 ? `, ${answers.length === 1 ? "1 answer" : `${answers.length} answers`}` : ""
  if (all(({ before, after }) => before === undefined && after.source === "suggestion")) return `Suggestions accepted: ${counted}${and}`
  if (all(({ before }) => before === undefined)) return `${counted} added${and}`
  if (all(({ after }) => after === undefined)) return `${counted} deleted${and}`
  return `${counted} changed${and}`
}

function answersWords(work, answers, changes) {
  const taken = changes.some(({ section, after }) => section === "sources" && after?.source === "suggestion")
  if (answers.length === 1 || !taken) return `${taken ? "Suggestion accepted: " : ""}${answers.map((one) => answerChange(work, one)).join(", ")}`
  return `Suggestions accepted: ${answers.length} answers`
}

function answerChange(work, { field, after }) {
  const asked = work.fieldOf(field)
  return after === undefined ? `${work.title(asked)} cleared` : `${work.title(asked)}: ${answerWords(work, asked, after)}`
}

function sectionWords(work, changes) {
  const refused = changes.filter(({ section }) => section === "refused")
  if (refused.length > 1) return `${refused.length} suggestions refused`
  if (refused.length === 1) return refusedWords(work, refused[0])
  const evidence = changes.find(({ section }) => section === "evidence")
  if (evidence) return evidenceWords(work, evidence)
  const order = changes.find(({ section }) => section === "order")
  if (order) return `${titleOf(work, order.field, order.mark)} moved ${order.after > order.before ? "up" : "down"}`
  return "Unreadable piece dropped"
}

function evidenceWords(work, { field, before, after }) {
  const more = (after?.marks.length ?? 0) > (before?.marks.length ?? 0)
  const { choice } = after ?? before
  const words = work.title(work.choiceOf(field, choice) ?? work.fieldOf(field))
  return more ? `Mark tied to ${words}` : `Mark no longer tied to ${words}`
}

function refusedWords(work, { field, key, after, before }) {
  if ((after ?? before).reason === "unreadable") return "Unreadable piece dropped"
  const piece = work.suggested.piece(key)
  if (piece?.mark) return `Suggestion refused: ${titleOf(work, field, piece.mark)}`
  const asked = work.fieldOf(field)
  if (piece) return `Suggestion refused: ${work.title(asked)}: ${answerWords(work, asked, piece.value)}`
  return `Suggestion refused: ${asked ? work.title(asked) : field}`
}

function titleOf(work, field, mark) {
  const asked = work.fieldOf(field)
  return work.title(work.choiceOf(field, mark?.choice) ?? asked)
}

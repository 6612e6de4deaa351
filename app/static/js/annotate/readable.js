// What of a draft or a suggestion can be read under the schema and the ad at hand. The rest is set apart piece by piece with
// the reason, so that it neither breaks the page nor gets lost: {path, reason, value}. This asks whether a piece can be
// shown; whether it is allowed is the server's to say.

import { readEvidence } from "./evidence.js"
import { SHAPES } from "./readable-shapes.js"
import { keyOf } from "./suggested.js"

/** A draft: {answers, sources, refused, unreadable, evidence}; `refused`, `unreadable` and `evidence` by their keys. */
export function readContent(questionnaire, parts, content) {
  const { answers = {}, sources = {}, evidence = [], refused_suggestions: refused = [], unreadable = [] } = objectOr(content)
  const read = readAnswers(questionnaire, parts, answers)
  const named = Object.entries(objectOr(sources)).filter(([name]) => name in read.answers)
  return {
    answers: read.answers,
    sources: Object.fromEntries(named),
    evidence: readEvidence(evidence),
    refused: byKey(refused, ({ suggestion_id: suggestion, field, mark }) => keyOf(suggestion, field, mark)),
    unreadable: byKey([...listOr(unreadable), ...read.unreadable], ({ path, value }) => `${path} ${JSON.stringify(value)}`),
  }
}

/** A suggestion whose answers can be read; `unreadable` holds what the server could not read, and what the page cannot. */
export function readSuggestion(questionnaire, parts, suggestion) {
  const { answers, unreadable } = readAnswers(questionnaire, parts, suggestion.answers)
  const from = { suggestion: suggestion.id, by: `${suggestion.model} ${suggestion.model_version}` }
  return { ...suggestion, answers, whole: suggestion.answers, unreadable: [...listOr(suggestion.unreadable), ...unreadable].map((one) => ({ ...one, ...from })) }
}

export function readAnswers(questionnaire, parts, given) {
  const answers = {}
  const unreadable = []
  const setApart = (path, reason, value) => unreadable.push({ path, reason, value })
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    setApart("/answers", "These are no answers.", given)
    return { answers, unreadable }
  }
  const ids = new Set()
  for (const [name, value] of Object.entries(given)) {
    const path = `/answers/${name}`
    const reason = whyNotAsked(questionnaire, name)
    if (reason) setApart(path, reason, value)
    else if (questionnaire.isMarkField(name)) {
      const marks = readMarks(questionnaire, parts, { name, value, ids, path, setApart })
      if (marks.length > 0) answers[name] = marks
    } else {
      const wrong = whyNot(questionnaire.fieldOf(name), value)
      if (wrong) setApart(path, wrong, value)
      else answers[name] = value
    }
  }
  return { answers: endsThere(questionnaire, answers, ids, setApart), unreadable }
}

function whyNotAsked(questionnaire, name) {
  const field = questionnaire.fieldOf(name)
  if (!field) return "There is no such question in this version of the schema."
  const isPlaced = questionnaire.isMarkField(name) || field.part || field.parts
  if (isPlaced && questionnaire.partsOf(name).length === 0) return "The part it is about is not in this ad."
  return null
}

// Plain answers -------------------------------------------------------------------------------------------------

const isChoiceOf = (field) => (value) => typeof value === "string" && field.choices.some((choice) => choice.value === value)
const isPathOf = (field) => (path) => {
  let level = field.nodes ?? field.choices ?? []
  return Array.isArray(path) && path.length > 0 && path.every((value) => {
    const node = level.find((one) => one.value === value)
    level = node?.children ?? []
    return node !== undefined
  })
}

const PLAIN = {
  choice: (field, value) => (isChoiceOf(field)(value) ? null : "This choice is not in this version of the schema."),
  choices: (field, value) => listed(value, isChoiceOf(field), "One of these choices is not in this version of the schema."),
  taxonomy: (field, value) => listed(value, isPathOf(field), "One of these topics is not in this version of the schema."),
  ranking: (field, value) => listed(value, (one) => typeof one === "string", "This is no order of choices."),
  rating: (field, value) => (Number.isInteger(value) ? null : "This is no rating."),
  number: (field, value) => (Number.isFinite(value) ? null : "This is no number."),
  text: (field, value) => (typeof value === "string" ? null : "This is no text."),
}

const listed = (value, fits, reason) => (!Array.isArray(value) ? "This is no list." : value.every(fits) ? null : reason)
const whyNot = (field, value) => PLAIN[field.kind]?.(field, value) ?? null

// Marks ---------------------------------------------------------------------------------------------------------

function readMarks(questionnaire, parts, { name, value, ids, path, setApart }) {
  if (!Array.isArray(value)) {
    setApart(path, "These are no marks.", value)
    return []
  }
  return value.flatMap((mark, at) => {
    const reason = whyNoMark(questionnaire, parts, name, mark, ids)
    if (reason) {
      setApart(`${path}/${at}`, reason, mark)
      return []
    }
    ids.add(mark.id)
    return [withReadableFields(questionnaire.fieldOf(name), mark, `${path}/${at}/fields`, setApart)]
  })
}

function whyNoMark(questionnaire, parts, name, mark, ids) {
  const field = questionnaire.fieldOf(name)
  if (mark === null || typeof mark !== "object" || typeof mark.id !== "string" || mark.id === "") return "This is no mark."
  if (ids.has(mark.id)) return "Another mark has the same id."
  if (field.choices && !isChoiceOf(field)(mark.choice)) return "Its choice is not in this version of the schema."
  const here = questionnaire.partsOf(name)
  if (mark.part !== undefined && !here.includes(mark.part)) return "The part it lies on is not in this ad."
  if (mark.part === undefined && questionnaire.namesPart(name) && here.length > 1) return "It does not say on which part it lies."
  const part = parts.find((one) => one.name === (mark.part ?? here[0]))
  return SHAPES[field.kind]?.(mark, part) === false ? "Its place or shape does not fit this ad." : null
}

function withReadableFields(field, mark, path, setApart) {
  if (mark.fields === undefined) return mark
  const { fields, ...rest } = mark
  const kept = {}
  for (const [name, value] of Object.entries(objectOr(fields))) {
    const own = (field.fields ?? []).find((one) => one.name === name)
    const reason = own ? whyNot(own, value) : "There is no such question in this version of the schema."
    if (reason) setApart(`${path}/${name}`, reason, value)
    else kept[name] = value
  }
  return Object.keys(kept).length > 0 ? { ...rest, fields: kept } : rest
}

/** A relation needs both marks that it ties. */
function endsThere(questionnaire, answers, ids, setApart) {
  for (const [name, marks] of Object.entries(answers)) {
    if (questionnaire.fieldOf(name).kind !== "relations") continue
    const kept = marks.filter(({ from, to }) => ids.has(from) && ids.has(to))
    for (const [at, mark] of marks.entries()) {
      if (!kept.includes(mark)) setApart(`/answers/${name}/${at}`, "One of the two marks that it ties is not there.", mark)
    }
    if (kept.length > 0) answers[name] = kept
    else delete answers[name]
  }
  return answers
}

const objectOr = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) ? value : {})
const listOr = (value) => (Array.isArray(value) ? value : [])
const byKey = (list, keyFor) => Object.fromEntries(listOr(list).filter((one) => one).map((one) => [keyFor(one), one]))

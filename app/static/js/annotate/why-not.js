// Why no mark can be made now, in words: the question that it would answer waits for another answer.

const LISTED = new Set(["choices", "taxonomy"])

/** "" where a mark of one of these kinds can be made on the part, or where the schema never asks for one there. */
export function whyNotMarked(work, part, kinds) {
  const fields = work.schema.fields.filter(({ name, kind }) => kinds.includes(kind) && work.partsOf(name).includes(part))
  if (fields.length === 0 || fields.some(({ name }) => work.asked.includes(name))) return ""
  const [field] = fields
  const conditions = Object.entries(field.when ?? {}).map(([name, values]) => conditionWords(work, work.fieldOf(name), values))
  return `“${work.title(field)}” is asked when ${conditions.join(" and ")}.`
}

function conditionWords(work, field, values) {
  const titles = values.map((value) => `“${work.title(work.choiceOf(field.name, value)) || value}”`)
  const last = titles.pop()
  const verb = LISTED.has(field.kind) || work.isMarkField(field.name) ? "has" : field.kind === "ranking" ? "begins with" : "is"
  return `“${work.title(field)}” ${verb} ${titles.length > 0 ? `${titles.join(", ")} or ${last}` : last}`
}

// Which questions of a schema are asked, given the parts that are there and the answers so far, and what is missing.

/** The modalities that a kind of mark lies on. */
export const MARKED = {
  boxes: ["image"],
  polygons: ["image"],
  polylines: ["image"],
  keypoints: ["image"],
  masks: ["image"],
  spans: ["text"],
  relations: ["text"],
  segments: ["audio", "video"],
  tracks: ["video"],
}

export const isMarkField = (field) => field.kind in MARKED

/** Names of the schema's parts that a field speaks of; null for a question about the whole ad. */
export function partsOf(field, schema) {
  if (field.part) return [field.part]
  if (field.parts?.length) return field.parts
  if (!isMarkField(field)) return null
  return schema.parts.filter((part) => MARKED[field.kind].includes(part.modality)).map((part) => part.name)
}

/** Does a mark of this field have to name its part? */
export function namesPart(field, schema) {
  return (partsOf(field, schema)?.length ?? 0) > 1
}

export function isEmpty(value) {
  if (value === undefined || value === null) return true
  if (typeof value === "string") return value.trim() === ""
  return Array.isArray(value) && value.length === 0
}

/** Names of the fields asked now, in schema order. `present` holds the names of the ad's parts. */
export function asked(fields, answers, { schema, present }) {
  const byName = new Map(fields.map((field) => [field.name, field]))
  const known = new Map()
  const isAsked = (name) => {
    if (known.has(name)) return known.get(name)
    known.set(name, false) // a condition that leads back to itself does not hold
    const field = byName.get(name)
    const verdict = field !== undefined && isPresent(field, schema, present) && holds(field)
    known.set(name, verdict)
    return verdict
  }
  const holds = (field) =>
    Object.entries(field.when ?? {}).every(([name, values]) => isAsked(name) && matches(byName.get(name), answers[name], values))
  return fields.filter((field) => isAsked(field.name)).map((field) => field.name)
}

function isPresent(field, schema, present) {
  const parts = partsOf(field, schema)
  return parts === null || parts.some((name) => present.has(name))
}

function matches({ kind }, answer, values) {
  const given = Array.isArray(answer) ? answer.slice(0, kind === "ranking" ? 1 : answer.length) : [answer]
  return given.some((one) => values.some((value) => same(one, value)))
}

/** A ranking is matched by its first, a marks field by the choices of its marks, a taxonomy by any step of its paths. */
function same(given, value) {
  if (Array.isArray(given)) return given.includes(value)
  if (typeof given === "object" && given !== null) return given.choice === value
  return given === value
}

/** The answers that may be sent: only to fields asked now, nothing empty. */
export function sendable(fields, answers, context) {
  const kept = {}
  for (const name of asked(fields, answers, context)) {
    if (isEmpty(answers[name])) continue
    const field = fields.find((one) => one.name === name)
    kept[name] = isMarkField(field) ? answers[name].map((mark) => sendableMark(field, mark, context)) : answers[name]
  }
  return kept
}

/** Frames and samples of segments are the server's to add; those of an earlier save may not fit a moved mark. */
function sendableMark(field, mark, context) {
  const { fields, start_frame: _sf, end_frame: _ef, start_sample: _ss, end_sample: _es, ...rest } = mark
  if (fields === undefined) return rest
  const kept = sendable((field.fields ?? []).filter(({ changes }) => !changes), fields, context)
  return Object.keys(kept).length > 0 ? { ...rest, fields: kept } : rest
}

/** What a mark answers itself: of what changes over time, how it begins. */
export const ownAnswers = (mark) => ({ ...mark.fields, ...mark.keyframes?.[0]?.fields })

/** What a submit still lacks, in schema order: [{field, mark?, own?}] where `own` is a question of that mark. */
export function missing(fields, answers, context) {
  const lacking = []
  for (const name of asked(fields, answers, context)) {
    const field = fields.find((one) => one.name === name)
    if (isEmpty(answers[name]) ? field.required : tooFew(field, answers[name], context)) lacking.push({ field: name })
    if (!isMarkField(field) || !field.fields) continue
    for (const mark of answers[name] ?? []) {
      for (const { field: own } of missing(field.fields, ownAnswers(mark), context)) {
        lacking.push({ field: name, mark: mark.id, own })
      }
    }
  }
  return lacking
}

function tooFew(field, answer, { schema, present }) {
  if (!Array.isArray(answer) || isMarkField(field)) return false
  return answer.length < (field.kind === "ranking" ? ranked(field, present).length : (field.min ?? 0))
}

/** What a ranking puts in order: its choices; where it has none, those of its parts that the ad has. */
export function ranked(field, present) {
  return field.choices?.map(({ value }) => value) ?? field.parts.filter((name) => present.has(name))
}

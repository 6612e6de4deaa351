// The kinds of fields that a schema asks for, those of the questions of its marks included.

/** A Set of kinds. */
export const kindsIn = ({ fields }) => new Set(fields.flatMap(({ kind, fields: own = [] }) => [kind, ...own.map((one) => one.kind)]))

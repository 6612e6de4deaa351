// A schema with plain questions, a conditional one, and marks on two pictures and a text.

const choices = (...values) => values.map((value) => ({ value, title: { en: value.toUpperCase() } }))

export const SCHEMA = {
  name: "Ads",
  version: 1,
  parts: [
    { name: "creative", modality: "image" },
    { name: "landing_page", modality: "image" },
    { name: "caption", modality: "text", required: false },
  ],
  fields: [
    { name: "verdict", kind: "choice", required: true, title: { en: "Verdict", nb: "Avgjørelse" }, choices: choices("allow", "reject") },
    { name: "reasons", kind: "choices", required: true, when: { verdict: ["reject"] }, choices: choices("alcohol", "minors") },
    { name: "objects", kind: "boxes", part: "creative", choices: choices("bottle", "glass"), fields: [{ name: "brand", kind: "choice", required: true, choices: choices("yes", "no") }] },
    { name: "faces", kind: "boxes", choices: choices("face") },
    { name: "claims", kind: "spans", choices: choices("health") },
  ],
}

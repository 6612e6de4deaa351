// The code of those kinds of fields that not every schema has, loaded before there is a task of such a schema.

import { kindsIn } from "../../annotate/kinds.js"
import { loadShapes } from "../../annotate/shapes/registry.js"
import { loadControls } from "../questions/controls.js"

export async function loadSchema(schema) {
  const kinds = kindsIn(schema)
  await Promise.all([loadShapes(kinds), loadControls(kinds)])
}

// Open lines.

import { lineShape } from "./lines.js"

export const polylines = lineShape({ noun: "line", isClosed: false, least: 2 })

// An open line by its points.

import { LineTool } from "./line.js"

export class PolylineTool extends LineTool {
  static act = "polyline"
  static kinds = ["polylines"]
  static isDefaultFor = "polylines"
}

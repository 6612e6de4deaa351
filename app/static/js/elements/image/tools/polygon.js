// A closed line by its points; a press on the first one closes it too.

import { LineTool } from "./line.js"

export class PolygonTool extends LineTool {
  static act = "polygon"
  static kinds = ["polygons"]
  static isDefaultFor = "polygons"
  static isClosed = true
}

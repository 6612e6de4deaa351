// An ellipse, drawn like the box that holds it and kept as a polygon.

import { ellipseIn, polygons } from "../../../annotate/shapes/polygons.js"
import { BoxTool } from "./box.js"

export class EllipseTool extends BoxTool {
  static act = "ellipse"
  static kinds = ["polygons"]
  static isDefaultFor = null

  get noun() {
    return "ellipse"
  }

  outlineOf(box) {
    return polygons.outline(this.geometryOf(box))
  }

  geometryOf(box) {
    return ellipseIn(box, this.desk.size, this.desk.fieldFor(this)?.max_points)
  }
}

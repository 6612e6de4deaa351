// Selects what is pressed and moves it; beside all marks, moves the picture.

import { moving } from "./changing.js"
import { Tool } from "./tool.js"

export class SelectTool extends Tool {
  static act = "select"

  get cursor() {
    return "default"
  }

  begin(at) {
    const { desk } = this
    const under = desk.itemAt(at)
    if (!under) return { pans: true, click: () => desk.select(null) }
    desk.take(under)
    return desk.mayChange(under) ? moving(desk, under) : null
  }
}

// What every tool of a picture is (registry.js says what each of these means).

export class Tool {
  static act = ""
  static kinds = []
  static isDefaultFor = null

  constructor(desk) {
    this.desk = desk
  }

  get act() {
    return this.constructor.act
  }

  get kinds() {
    return this.constructor.kinds
  }

  get makes() {
    return this.kinds.length > 0
  }

  get beginsMarks() {
    return this.makes
  }

  keeps() {
    return false
  }

  get draft() {
    return null
  }

  get steps() {
    return {}
  }

  get cursor() {
    return "crosshair"
  }

  begin() {
    return null
  }

  hover() {}

  aim() {}

  leave() {}

  enter() {}

  finish() {}

  takeBack() {
    return false
  }

  key() {
    return false
  }

  cancel() {
    return false
  }
}

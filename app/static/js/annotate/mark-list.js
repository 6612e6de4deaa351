// The list that mirrors the marks on the media: its lines in order and in groups, and those that a filter leaves.

import { KINDS } from "./summaries.js"

const SOURCES = { suggestion: "Suggested", suggestion_edited: "Suggested, changed" }

/** Says what it says when it is asked: of thousands of lines only some are seen. */
class Line {
  #work
  #words = null

  constructor(work, field, mark) {
    this.#work = work
    Object.assign(this, { key: `${field} ${mark.id}`, field, mark })
  }

  get title() {
    const work = this.#work
    return work.title(work.choiceOf(this.field, this.mark.choice) ?? work.fieldOf(this.field))
  }

  get color() {
    return this.#work.colorOf(this.field, this.mark.choice)
  }

  get source() {
    return SOURCES[this.mark.source] ?? ""
  }

  get isTie() {
    return this.mark.from !== undefined
  }

  get summary() {
    const { mark, field } = this
    const frame = mark.frame === undefined ? "" : `frame ${mark.frame}: `
    const find = (id) => this.#work.find(id) // a relation says what its two marks say
    return `${frame}${mark.transcript ?? KINDS[this.#work.fieldOf(field).kind]?.summary(mark, find) ?? ""}`
  }

  /** What a filter looks in. */
  get words() {
    if (this.#words !== null && !this.isTie) return this.#words
    const { title, summary, source, field, mark } = this
    this.#words = [title, summary, source, this.#work.title(this.#work.fieldOf(field)), mark.choice ?? ""].join(" ").toLowerCase()
    return this.#words
  }
}

export class MarkList {
  #work
  #known = new WeakMap() // mark -> its line: marks are never altered, only replaced

  constructor(work) {
    this.#work = work
  }

  /**
   * [{isGroup: true, key, title} | {key, field, mark, title, summary, source}]: from the bottom to the top of each part.
   * Groups are there where there is more than one.
   */
  lines() {
    const work = this.#work
    const groups = work.task.asset.parts.flatMap(({ name }) => this.#groupsOn(name))
    if (groups.length < 2) return groups.flatMap(({ lines }) => lines)
    const severalParts = work.task.asset.parts.length > 1
    return groups.flatMap(({ part, field, lines }) => {
      const titles = [...(severalParts ? [named(part)] : []), work.title(work.fieldOf(field))]
      return [{ isGroup: true, key: `group ${part} ${field}`, title: titles.join(" · "), count: lines.length }, ...lines]
    })
  }

  #groupsOn(part) {
    const groups = new Map()
    for (const { field, mark } of this.#work.marksOn(part)) {
      if (!groups.has(field)) groups.set(field, { part, field, lines: [] })
      groups.get(field).lines.push(this.lineOf(field, mark))
    }
    return [...groups.values()]
  }

  lineOf(field, mark) {
    if (!this.#known.has(mark)) this.#known.set(mark, new Line(this.#work, field, mark))
    return this.#known.get(mark)
  }

  /** The lines that hold every word of the filter; "locked", "hidden" and "not answered" are words too. */
  matching(lines, filter) {
    const wanted = filter.toLowerCase().split(/\s+/u).filter(Boolean)
    if (wanted.length === 0) return lines
    const kept = lines.filter((line) => line.isGroup || wanted.every((word) => this.#has(line, word)))
    return kept.filter((line, at) => !line.isGroup || (kept[at + 1] && !kept[at + 1].isGroup))
  }

  #has({ words, field, mark }, word) {
    if (words.includes(word)) return true
    const { lockedMarks, hiddenMarks } = this.#work
    if ("locked".startsWith(word) && lockedMarks.has(mark.id)) return true
    if ("hidden".startsWith(word) && hiddenMarks.has(mark.id)) return true
    return "unanswered".startsWith(word) && this.#work.lacks(field, mark)
  }
}

const named = (part) => {
  const words = part.replaceAll("_", " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

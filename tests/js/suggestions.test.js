// Suggestions in the work on a task: open until decided, never part of the answers before, every decision a step to undo.

import assert from "node:assert/strict"
import { test } from "node:test"

import { answerWords, scoreWords } from "../../app/static/js/annotate/answer-words.js"
import { stepWords } from "../../app/static/js/annotate/history-words.js"
import { MarkList } from "../../app/static/js/annotate/mark-list.js"
import { Work } from "../../app/static/js/annotate/work.js"
import { SCHEMA } from "./schema-of-ads.js"

const PARTS = [{ name: "creative", modality: "image", width: 100, height: 80 }, { name: "landing_page", modality: "image", width: 10, height: 10 }]
const BOX = { choice: "bottle", x: 1, y: 2, width: 3, height: 4 }
const GIVEN = {
  id: "abcdefgh1234",
  model: "finder",
  model_version: "2",
  answers: { verdict: "reject", reasons: ["alcohol"], objects: [{ id: "s1", ...BOX }, { id: "s2", ...BOX, choice: "glass" }] },
  scores: { verdict: 0.93, objects: { s1: 0.5 }, s2: 7 },
}
const OTHER = { ...GIVEN, id: "zzzzzzzz1234", model: "second", answers: { verdict: "allow", objects: [{ id: "s1", ...BOX, x: 9 }] }, scores: {} }

function work(suggestions = [GIVEN], draft = undefined, options = {}) {
  let count = 0
  let now = 0
  const data = { claim: { id: "c" }, task: { id: "t", asset: { parts: PARTS }, schema: SCHEMA, draft, suggestions } }
  return new Work(data, { newId: () => `m${++count}`, clock: () => ++now, ...options })
}

const keys = (one) => one.suggested.open.map(({ field, mark, value }) => `${field} ${mark?.id ?? JSON.stringify(value)}`)
const words = (one) => one.history.steps.map(({ changes }) => stepWords(one, changes))

test("suggestions are open and no answers; questions that are not asked yet are not suggested yet", () => {
  const one = work()
  assert.deepEqual(keys(one), ['verdict "reject"', "objects s1", "objects s2"])
  assert.deepEqual(one.sendable().answers, {})
  assert.deepEqual(one.suggested.open.map(({ score }) => score), [0.93, 0.5, 7])
  assert.equal(one.suggested.current.by, "finder 2")
})

test("what is accepted stands in the label with its source, and leads on to the next", () => {
  const one = work()
  one.suggested.accept()
  assert.deepEqual(keys(one), ['reasons ["alcohol"]', "objects s1", "objects s2"])
  assert.equal(one.suggested.current.mark.id, "s1")
  one.suggested.accept()
  const { answers, sources } = one.sendable()
  assert.deepEqual(sources, { verdict: { source: "suggestion", suggestion_id: GIVEN.id } })
  assert.deepEqual(answers.objects, [{ id: "s1", ...BOX, source: "suggestion", suggestion_id: GIVEN.id }])
})

test("what is changed after it was accepted says so, and is not open again", () => {
  const one = work()
  const { mark } = one.suggested.accept(one.suggested.open[1])
  one.changeMark("objects", mark.id, { fields: { brand: "yes" } })
  assert.equal(one.mark("objects", "s1").source, "suggestion")
  one.changeMark("objects", mark.id, { x: 2 })
  assert.equal(one.mark("objects", "s1").source, "suggestion_edited")
  one.suggested.accept(one.suggested.open[0])
  one.setAnswer("verdict", "allow")
  assert.deepEqual(one.sources.verdict, { source: "suggestion_edited", suggestion_id: GIVEN.id })
  assert.deepEqual(keys(one), ["objects s2"])
})

test("what is refused is noted, and a mark that was accepted and deleted is refused", () => {
  const one = work()
  one.suggested.refuse(one.suggested.open[2])
  one.suggested.accept(one.suggested.open[1])
  one.removeMark("objects", "s1")
  assert.deepEqual(one.sendable().refused_suggestions, [
    { suggestion_id: GIVEN.id, field: "objects", mark: "s2" },
    { suggestion_id: GIVEN.id, field: "objects", mark: "s1" },
  ])
  one.undo()
  assert.equal(one.mark("objects", "s1").source, "suggestion")
  one.undo()
  one.undo()
  assert.deepEqual(keys(one), ['verdict "reject"', "objects s1", "objects s2"])
  assert.equal(one.sendable().refused_suggestions, undefined)
})

test("all at once are one step, and answers that the person gave stay", () => {
  const one = work()
  one.setAnswer("verdict", "allow")
  assert.equal(one.suggested.acceptAll(), 2)
  assert.deepEqual(Object.keys(one.sources), [])
  assert.deepEqual(keys(one), ['verdict "reject"'])
  one.undo()
  assert.equal(one.marks("objects").length, 0)
  const other = work()
  assert.equal(other.suggested.acceptAll(), 4)
  assert.equal(other.suggested.refuseAll(), 0)
  other.undo()
  assert.equal(other.suggested.refuseAll(), 3)
  assert.deepEqual(other.suggested.open, [])
})

test("of two models that use one id, both marks can stand, and a reload knows which was taken", () => {
  const one = work([GIVEN, OTHER])
  assert.deepEqual(keys(one).filter((key) => key.startsWith("objects")), ["objects s1", "objects s2", "objects s1-zzzzzzzz"])
  one.suggested.accept(one.suggested.open.find(({ mark }) => mark?.id === "s1-zzzzzzzz"))
  const again = work([OTHER, GIVEN], { ...one.draftable(), seq: 1 })
  assert.deepEqual(keys(again).filter((key) => key.startsWith("objects")).length, 2)
  assert.equal(again.suggested.pieceBehind("objects", again.marks("objects")[0]).by, "second 2")
})

test("where the focus goes, and that read-only work decides nothing", () => {
  const one = work()
  const [first, second] = one.suggested.open
  assert.equal(one.suggested.neighbour(1), second)
  assert.equal(one.suggested.neighbour(-1), null)
  one.suggested.focus(second.key)
  assert.equal(one.suggested.neighbour(-1), first)
  one.readOnly = true
  assert.equal(one.suggested.accept(), null)
  assert.equal(one.suggested.refuse(), null)
  assert.equal(one.suggested.refuseAll(), 0)
})

test("what cannot be read is set apart with its reason, kept in the draft, and dropped only on purpose", () => {
  const draft = { seq: 1, answers: { verdict: "gone", old: 7, objects: [{ id: "a", ...BOX, width: "wide" }, { id: "b", ...BOX }, "?"] } }
  const one = work([], draft)
  assert.deepEqual(one.unreadable.map(({ path }) => path), ["/answers/verdict", "/answers/old", "/answers/objects/0", "/answers/objects/2"])
  assert.ok(one.unreadable.every(({ reason }) => reason.length > 10))
  assert.deepEqual(one.draftable().answers, { objects: [{ id: "b", ...BOX }] })
  assert.deepEqual(one.draftable().unreadable[1].value, 7)
  assert.equal(one.sendable().unreadable, undefined)
  one.dropUnreadable(one.unreadable[1])
  assert.equal(one.unreadable.length, 3)
  assert.deepEqual(words(one), ["Unreadable piece dropped"])
  one.undo()
  assert.equal(one.unreadable.length, 4)
  assert.deepEqual(work([], one.draftable()).unreadable.length, 4)
})

test("what cannot be read of a suggestion is shown with whose it is, and dropped as refused", () => {
  const bad = { ...GIVEN, answers: { verdict: "gone", objects: [{ id: "s1", ...BOX, fields: { brand: "perhaps" } }] } }
  const one = work([{ ...bad, unreadable: [{ path: "/answers/old", reason: "Is not known here.", value: 1 }] }])
  assert.deepEqual(one.unreadable.map(({ path, by }) => [path, by]), [
    ["/answers/old", "finder 2"], ["/answers/verdict", "finder 2"], ["/answers/objects/0/fields/brand", "finder 2"],
  ])
  one.suggested.accept()
  assert.equal(one.mark("objects", "s1").source, "suggestion_edited")
  one.dropUnreadable(one.unreadable[0])
  const refused = { suggestion_id: GIVEN.id, field: "old", mark: "/answers/old", reason: "unreadable" }
  assert.deepEqual(one.sendable().refused_suggestions, [refused])
  assert.equal(work([bad], one.draftable()).unreadable.length, 2)
  assert.equal(work([{ ...bad, answers: "all" }]).unreadable[0].path, "/answers")
})

test("every step of the history is told in words with its time, and one goes to any of them", () => {
  const one = work()
  one.suggested.accept()
  one.setAnswer("verdict", "allow")
  const id = one.addMark("objects", { x: 1, y: 2, width: 3, height: 4 })
  one.changeMark("objects", id, { x: 5 }, { burst: "drag" })
  one.changeMark("objects", id, { x: 6 }, { burst: "drag" })
  one.changeMark("objects", id, { choice: "glass" })
  one.changeMark("objects", id, { fields: { brand: "yes" } })
  one.addMark("objects", { x: 2, y: 2, width: 3, height: 4 })
  one.orderMark("objects", id, 1)
  one.suggested.refuse()
  one.setAnswer("verdict", undefined)
  one.suggested.acceptAll()
  one.removeMark("objects", id)
  assert.deepEqual(words(one), [
    "Suggestion accepted: Verdict: REJECT", "Verdict: ALLOW", "BOTTLE added", "BOTTLE changed: 3 × 4 at 6, 2",
    "BOTTLE is now GLASS", "GLASS: brand YES", "BOTTLE added", "GLASS moved up", "Suggestion refused: BOTTLE",
    "Verdict cleared", "Suggestions accepted: 1 mark, 2 answers", "GLASS deleted",
  ])
  assert.deepEqual(one.history.steps.map(({ at }) => at).slice(0, 5), [1, 2, 3, 5, 6])
  one.goTo(0)
  assert.deepEqual([one.history.place, one.sendable().answers], [0, {}])
  assert.equal(words(one).length, 12)
  one.goTo(2)
  assert.deepEqual(one.sendable().answers, { verdict: "allow" })
  one.goTo(12)
  assert.equal(one.mark("objects", id), undefined)
})

test("the list of marks is grouped by part and question, and its filter takes words in any order", () => {
  const one = work()
  one.suggested.acceptAll()
  one.addMark("faces", { x: 1, y: 1, width: 2, height: 2, part: "landing_page" })
  const list = new MarkList(one)
  const lines = list.lines()
  assert.deepEqual(lines.map(({ isGroup, title }) => [isGroup ?? false, title]), [
    [true, "Creative · objects"], [false, "BOTTLE"], [false, "GLASS"], [true, "Landing page · faces"], [false, "FACE"],
  ])
  const titles = (filter) => list.matching(lines, filter).filter(({ isGroup }) => !isGroup).map(({ title }) => title)
  assert.deepEqual(titles("sugg bott"), ["BOTTLE"])
  assert.deepEqual(titles("face"), ["FACE"])
  assert.deepEqual(list.matching(lines, "nothing"), [])
  assert.deepEqual(titles("unans"), ["BOTTLE", "GLASS"])
  one.lock("s2")
  assert.deepEqual(titles("locked"), ["GLASS"])
  assert.equal(list.lines()[1], lines[1])
})

test("answers and scores in words", () => {
  const one = work()
  const field = { kind: "taxonomy", nodes: [{ value: "health", title: { en: "Health" }, children: [{ value: "diet" }] }] }
  assert.equal(answerWords(one, field, [["health", "diet"], ["gone"]]), "Health › diet, gone")
  assert.equal(answerWords(one, { kind: "rating" }, 4), "4")
  assert.equal(answerWords(one, { kind: "text" }, "a"), "“a”")
  assert.equal(answerWords(one, { kind: "ranking", choices: [{ value: "a", title: "A" }] }, ["a", "b"]), "A › b")
  assert.deepEqual([0.934, 1, 12.345, null].map(scoreWords), ["93 %", "100 %", "12.35", ""])
})

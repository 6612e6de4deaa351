import assert from "node:assert/strict"
import { test } from "node:test"
import { leveled, levelsOf, pathsOf, STEP } from "../../app/static/js/annotate/arcs.js"

const arc = (from, to, more = {}) => ({ strip: 0, from: { x: from, y: 40 }, to: { x: to, y: 40 }, label: 30, ...more })
const levels = (arcs, room = 800) => leveled(arcs, room).map(({ level }) => level)

test("arcs that meet lie on levels of their own, short ones below; others share the lowest", () => {
  assert.deepEqual(levels([arc(0, 300), arc(100, 200), arc(400, 500)]), [1, 0, 0])
  assert.deepEqual(levels([arc(0, 100), arc(80, 200), arc(190, 300)]), [0, 1, 0])
})

test("words wider than their arc keep neighbours off", () => {
  assert.deepEqual(levels([arc(100, 110, { label: 90 }), arc(150, 160, { label: 30 })]), [1, 0])
})

test("lines of letters have levels of their own", () => {
  assert.deepEqual(levels([arc(0, 300), arc(100, 200, { strip: 60 })]), [0, 0])
})

test("no two arcs of a level meet, however many there are", () => {
  const many = Array.from({ length: 60 }, (_, n) => arc((n * 97) % 700, (n * 53 + 40) % 700, { label: 20 + (n % 5) * 15 }))
  const placed = leveled(many, 760)
  for (const [at, one] of placed.entries()) {
    for (const other of placed.slice(at + 1)) {
      if (one.level === other.level) assert.ok(one.right <= other.left || other.right <= one.left)
    }
  }
  assert.equal(levelsOf(placed), Math.max(...placed.map(({ level }) => level)) + 1)
})

test("feet on one span stand apart", () => {
  const feet = leveled([arc(100, 300), arc(100, 500), arc(100, 700)], 800).map(({ from }) => from.x)
  assert.equal(new Set(feet).size, 3)
})

test("a stub goes towards its other end, or back where its words have no room", () => {
  const stub = (x, way) => leveled([{ strip: 0, from: { x, y: 40 }, way, label: 100 }], 400)[0]
  assert.ok(stub(100, 1).middle > 100)
  assert.ok(stub(380, 1).middle < 380)
  assert.ok(stub(20, -1).middle > 20)
  assert.ok(stub(380, 1).right <= 400)
})

test("an arc goes up to its level and ends in a point; one that goes on elsewhere has none", () => {
  const [whole] = leveled([arc(100, 300)], 800)
  const { y, line, point } = pathsOf({ ...whole, level: 2 })
  assert.equal(y, 40 - 6 - 2 * STEP)
  assert.match(line, /^M100 40V.*H.*V36$/)
  assert.notEqual(point, "")
  const [stub] = leveled([{ strip: 0, from: { x: 100, y: 40 }, way: 1, label: 60 }], 800)
  assert.equal(pathsOf(stub).point, "")
})

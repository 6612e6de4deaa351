// The position of the selected mark as numbers to read and to type.

import { changeOf, KINDS, numberFields, numbersOf } from "../../annotate/summaries.js"
import { sayWhy } from "../greyed.js"

export function drawNumbers(holder, work, selection) {
  const { field } = selection()
  const kind = work.fieldOf(field).kind
  const marks = holder.closest("fasit-marks")
  const copy = (name) => marks.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
  const inputs = new Map()
  const { piece, pieces } = KINDS[kind]
  const chooser = pieces ? copy("mark-piece") : null
  const chosen = () => chooser?.querySelector("select").value || null
  const mark = () => work.mark(field, selection()?.id)
  const partOf = () => work.part(mark().part ?? work.partsOf(field)[0])

  for (const { name, label, step, isWide = false } of numberFields(kind, partOf())) {
    const row = copy("mark-number")
    row.classList.toggle("is-wide", isWide)
    row.querySelector("span").textContent = label
    const input = row.querySelector("input")
    input.step = step
    input.addEventListener("change", () => change(name, input))
    inputs.set(name, { row, input })
  }
  const rows = [...inputs.values()].map(({ row }) => row)
  holder.querySelector(".mark-number-fields").replaceChildren(...(chooser ? [chooser] : []), ...rows)
  if (chooser) chooser.querySelector("span").textContent = piece
  chooser?.addEventListener("change", show)

  function change(name, input) {
    if (!mark()) return // let go of meanwhile: its fields were hidden, and so left
    const around = { part: partOf(), piece: chosen(), field: work.fieldOf(field), others: work.marks(field) }
    const changes = changeOf(kind, mark(), name, input.valueAsNumber, around)
    if (changes) {
      work.changeMark(field, mark().id, changes)
    } else {
      sayWhy("That would put the mark outside the ad or over another one, or leave nothing of it, so it stays as it was.")
    }
    show()
  }

  function show() {
    const current = mark()
    if (!current) {
      return
    }
    if (chooser) offer(chooser.querySelector("select"), pieces(current, work.fieldOf(field), (thing) => work.title(thing)))
    for (const { name, value } of numbersOf(kind, current, chosen())) {
      const { input } = inputs.get(name) ?? {}
      if (!input) continue
      input.disabled = work.readOnly
      if (input !== document.activeElement || input.valueAsNumber !== value) {
        input.value = String(value)
      }
    }
  }

  return { show }
}

function offer(select, pieces) {
  const said = pieces.map(({ name, title }) => `${name} ${title}`).join()
  if (select.dataset.said === said) return
  const chosen = select.value
  select.dataset.said = said
  select.replaceChildren(...pieces.map(({ name, title }) => new Option(title, name)))
  select.value = pieces.some(({ name }) => name === chosen) ? chosen : pieces[0].name
}

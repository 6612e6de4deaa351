// The position of the selected mark as numbers to read and to type.

import { changeOf, KINDS, numbersOf } from "../../annotate/summaries.js"

export function drawNumbers(holder, work, selection) {
  const { field } = selection()
  const kind = work.fieldOf(field).kind
  const marks = holder.closest("fasit-marks")
  const copy = (name) => marks.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
  const inputs = new Map()
  const keyframe = KINDS[kind].keyframes ? copy("mark-keyframe") : null
  const chosen = () => (keyframe ? Math.max(keyframe.querySelector("select").selectedIndex, 0) : 0)
  const mark = () => work.mark(field, selection()?.id)

  for (const { name, label, step } of KINDS[kind].numbers) {
    const row = copy("mark-number")
    row.querySelector("span").textContent = label
    const input = row.querySelector("input")
    input.step = step
    input.addEventListener("change", () => change(name, input))
    inputs.set(name, { row, input })
  }
  const rows = [...inputs.values()].map(({ row }) => row)
  holder.querySelector(".mark-number-fields").replaceChildren(...(keyframe ? [keyframe] : []), ...rows)
  keyframe?.addEventListener("change", show)

  function change(name, input) {
    const part = work.part(mark().part ?? work.partsOf(field)[0])
    const changes = changeOf(kind, mark(), name, input.valueAsNumber, { part, keyframe: chosen() })
    if (changes) {
      work.changeMark(field, mark().id, changes)
    } else {
      work.announce("That would put the mark outside the ad, so it stays where it was.")
    }
    show()
  }

  function show() {
    const current = mark()
    if (!current) {
      return
    }
    if (keyframe) {
      offerKeyframes(keyframe.querySelector("select"), current.keyframes)
    }
    for (const { name, value } of numbersOf(kind, current, chosen())) {
      const { input } = inputs.get(name)
      input.disabled = work.readOnly
      if (input !== document.activeElement || input.valueAsNumber !== value) {
        input.value = String(value)
      }
    }
  }

  return { show }
}

function offerKeyframes(select, keyframes) {
  const frames = keyframes.map((keyframe) => String(keyframe.frame))
  if ([...select.options].map((option) => option.value).join() === frames.join()) {
    return
  }
  const chosen = select.value
  select.replaceChildren(...frames.map((frame) => new Option(`Frame ${frame}`, frame)))
  select.value = frames.includes(chosen) ? chosen : frames[0]
}

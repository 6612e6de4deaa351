// How each kind of question shows its answer and takes a new one. A control connects one fieldset to a binding
// {field, get(), set(value, {burst}), choose(value), chosen(), refuse(sentence), shown(), titleOf(thing), templates} and
// gives back the function that shows it; `shown()` shows it anew after it has grown, `templates` holds the pieces.
// One function and one line of the table a kind; a large one has a module of its own and a line of MODULES.

const buttonsOf = (fieldset) =>
  [...fieldset.querySelectorAll(".choice")].filter((button) => button.closest("fieldset") === fieldset)

function check(fieldset, isOn) {
  for (const button of buttonsOf(fieldset)) {
    button.setAttribute("aria-checked", String(isOn(button)))
  }
}

function onChoice(fieldset, signal, act) {
  fieldset.addEventListener("click", choose, { signal })
  function choose(event) {
    const button = event.target.closest(".choice")
    if (button?.closest("fieldset") === fieldset) {
      act(button)
    }
  }
}

function single(read) {
  return (fieldset, binding, signal) => {
    onChoice(fieldset, signal, (button) => {
      const value = read(button)
      const again = binding.get() === value
      binding.set(again && !binding.field.required ? undefined : value)
    })
    return () => check(fieldset, (button) => binding.get() === read(button))
  }
}

export function several(read) {
  return (fieldset, binding, signal) => {
    const most = binding.field.max ?? Infinity
    const has = (value) => (binding.get() ?? []).some((one) => String(one) === String(value))
    onChoice(fieldset, signal, (button) => {
      const value = read(button)
      const others = (binding.get() ?? []).filter((one) => String(one) !== String(value))
      if (has(value)) {
        binding.set(others)
      } else if (others.length < most) {
        binding.set([...others, value])
      } else if (most === 1) {
        binding.set([value])
      } else {
        binding.refuse(`At most ${most} can be chosen here. Take one away first.`)
      }
    })
    return () => check(fieldset, (button) => has(read(button)))
  }
}

function marks(fieldset, binding, signal) {
  onChoice(fieldset, signal, (button) => binding.choose(button.dataset.value))
  return () => check(fieldset, (button) => binding.chosen() === button.dataset.value)
}

function number(fieldset, binding, signal) {
  const input = fieldset.querySelector("[data-input]")
  input.addEventListener("input", () => binding.set(input.value === "" ? undefined : input.valueAsNumber, { burst: "typing" }), {
    signal,
  })
  return () => {
    const value = binding.get()
    if (value === undefined && input.validity.badInput) return // what is typed is no number yet: "-"
    if (input.valueAsNumber !== value) {
      input.value = value ?? ""
    }
  }
}

function text(fieldset, binding, signal) {
  const input = fieldset.querySelector("[data-input]")
  input.addEventListener("input", () => binding.set(input.value, { burst: "typing" }), { signal })
  return () => {
    const value = binding.get() ?? ""
    // Spaces alone are no answer; the person may still be typing them.
    if (input.value !== value && (value !== "" || input.value.trim() !== "")) {
      input.value = value
    }
  }
}

export const CONTROLS = {
  choice: single((button) => button.dataset.value),
  rating: single((button) => Number(button.dataset.value)),
  choices: several((button) => button.dataset.value),
  number,
  text,
  boxes: marks,
  polygons: marks,
  polylines: marks,
  keypoints: marks,
  masks: marks,
  spans: marks,
  relations: marks,
  segments: marks,
  tracks: marks,
}

const MODULES = {
  ranking: async () => (await import("./ranking.js")).ranking,
  taxonomy: async () => (await import("./taxonomy.js")).taxonomy,
}

/** Loads the controls of these kinds that are not here yet; to be awaited before such a question is connected. */
export async function loadControls(kinds) {
  const missing = Object.keys(MODULES).filter((kind) => kinds.has(kind) && !(kind in CONTROLS))
  await Promise.all(missing.map(async (kind) => (CONTROLS[kind] = await MODULES[kind]())))
}

// Asks before a task is put aside: for a note, and of a skip which of its three ways it is. Gives what to send, or null when
// the person thought better of it.

const TO_HELP = "so that somebody can help."
const ASKED = {
  skip: { question: "Why? A manager reads it. You may leave it empty." },
  cannot_judge: { question: "Why? A manager reads it.", fault: `Say in a few words what is missing, ${TO_HELP}` },
  wellbeing: {},
  flag: {
    title: "Flag this task",
    question: "What is wrong with it? Nobody gets it until a manager has looked.",
    fault: `Say in a few words what is wrong, ${TO_HELP}`,
  },
  escalate: {
    title: "Escalate this task",
    question: "What should an expert decide? They see your note.",
    fault: `Say in a few words what is wrong, ${TO_HELP}`,
  },
}

/** `reason`: what the note says at first. `begun`: whether answers are lost. Gives {outcome, note}, without a note where none is given. */
export function askNote(dialog, asked, { reason, begun }) {
  const form = dialog.querySelector("form")
  const ways = dialog.querySelector(".note-ways")
  const note = dialog.querySelector("textarea")
  const fault = dialog.querySelector(".field-error")
  form.reset()
  ways.hidden = asked !== "skip"
  note.value = reason
  const outcome = () => (ways.hidden ? asked : form.elements.outcome.value)
  const show = () => {
    const { question } = ASKED[outcome()]
    note.parentElement.hidden = question === undefined
    note.ariaRequired = String("fault" in ASKED[outcome()])
    dialog.querySelector("#note-question").textContent = question ?? ""
    say("")
  }
  const say = (sentence) => {
    fault.textContent = sentence
    fault.hidden = sentence === ""
    note.ariaInvalid = String(sentence !== "")
  }
  dialog.querySelector("#note-title").textContent = ASKED[asked].title ?? "Skip this task?"
  dialog.querySelector("#note-after").textContent = `It does not come back to you.${begun ? " Your answers so far are let go." : ""}`
  show()
  dialog.showModal()
  const first = ways.hidden ? note : ways.querySelector(":checked")
  first.focus()
  return new Promise((resolve) => {
    const quit = new AbortController()
    const { signal } = quit
    const end = (given) => {
      quit.abort()
      dialog.close()
      resolve(given)
    }
    const send = () => {
      const written = note.parentElement.hidden ? "" : note.value.trim()
      const needed = ASKED[outcome()].fault
      if (needed && written === "") {
        say(needed)
        note.focus()
        fault.scrollIntoView({ block: "nearest" })
      } else {
        end(written === "" ? { outcome: outcome() } : { outcome: outcome(), note: written })
      }
    }
    ways.addEventListener("change", ({ target }) => (show(), target.focus()), { signal })
    dialog.querySelector("[data-act=cancel]").addEventListener("click", () => end(null), { signal })
    dialog.addEventListener("cancel", () => end(null), { signal })
    form.addEventListener("submit", (event) => (event.preventDefault(), send()), { signal })
  })
}

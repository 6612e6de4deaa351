// Asks for a note before a task is put aside. Gives the note, or null when the person thought better of it.

const ASKED = {
  skip: {
    title: "Skip this task?",
    question: "It goes to somebody else and does not come back to you. Your answers so far are let go. You may say why.",
    required: false,
  },
  flag: {
    title: "Flag this task",
    question: "What is wrong with it? Nobody gets it until a manager has looked.",
    required: true,
  },
  escalate: { title: "Escalate this task", question: "What should an expert decide? They see your note.", required: true },
}

export function askNote(dialog, outcome, reason = "") {
  const { title, question, required } = ASKED[outcome]
  const note = dialog.querySelector("textarea")
  const fault = dialog.querySelector(".field-error")
  dialog.querySelector("#note-title").textContent = title
  dialog.querySelector("#note-question").textContent = question
  note.value = reason
  fault.hidden = true
  dialog.showModal()
  note.focus()
  return new Promise((resolve) => {
    const quit = new AbortController()
    const { signal } = quit
    const end = (given) => {
      quit.abort()
      dialog.close()
      resolve(given)
    }
    const send = () => {
      if (required && note.value.trim() === "") {
        fault.hidden = false
        note.focus()
      } else {
        end(note.value.trim())
      }
    }
    dialog.querySelector("[data-act=send-note]").addEventListener("click", send, { signal })
    dialog.querySelector("[data-act=cancel]").addEventListener("click", () => end(null), { signal })
    dialog.addEventListener("cancel", () => end(null), { signal })
    dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault(), { signal })
  })
}

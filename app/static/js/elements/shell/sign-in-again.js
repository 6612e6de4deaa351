// The sign-in ran out, or somebody signed in again in another tab: get a CSRF token that counts, asking for the password
// in place where it is needed. Another person's sign-in is never taken: the work on the page is not theirs.

const ASKING = { "X-Fasit": "1", Accept: "application/json" }

export class SignInAgain {
  #dialog
  #person

  constructor(dialog, person) {
    this.#dialog = dialog
    this.#person = person
    // Nothing behind it can go on, so Escape does not close it.
    dialog.addEventListener("cancel", (event) => event.preventDefault())
  }

  /** A token for requests of the same person. */
  async renew() {
    const now = await this.#whoIsHere()
    if (now.person === this.#person) {
      return now.csrf_token
    }
    const stranger = now.person === null ? "" : "Somebody else is signed in here now. Sign in as yourself to go on."
    return this.#ask(stranger)
  }

  async #whoIsHere() {
    const response = await fetch("/sign-in", { headers: ASKING, cache: "no-store" })
    return response.json()
  }

  #ask(fault) {
    const form = this.#dialog.querySelector("form")
    const password = form.elements.password
    this.#say(fault)
    if (!this.#dialog.open) {
      this.#dialog.showModal()
    }
    password.focus()
    return new Promise((resolve) => {
      form.onsubmit = async (event) => {
        event.preventDefault()
        const token = await this.#tryPassword(form)
        if (token !== null) {
          password.value = ""
          this.#dialog.close()
          resolve(token)
        }
      }
    })
  }

  async #tryPassword(form) {
    let response
    try {
      const here = await this.#whoIsHere()
      const headers = { ...ASKING, "X-CSRF-Token": here.csrf_token }
      response = await fetch(form.action, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) })
    } catch {
      this.#say("The server did not answer. Your work is kept; try again in a moment.")
      return null
    }
    const answer = await response.json()
    if (!response.ok) {
      this.#say(answer.detail ?? "That did not work. Try again.")
      return null
    }
    if (answer.person !== this.#person) {
      this.#say("That is another person. The work on this page is not theirs; sign in as yourself.")
      return null
    }
    return answer.csrf_token
  }

  #say(sentence) {
    const fault = this.#dialog.querySelector("#again-error")
    fault.textContent = sentence
    fault.hidden = sentence === ""
  }
}

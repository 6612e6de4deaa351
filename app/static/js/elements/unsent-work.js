// On one's home: what was submitted without a network, on a page that is closed since. It is sent now, and that is said.

import { Outbox } from "../annotate/outbox.js"
import { refusalOf, Server } from "../annotate/server.js"
import { openKeeping } from "../keeping.js"
import { later } from "../later.js"
import { pageId } from "../page-id.js"
import { sendKept, submitsOf } from "./shell/submits.js"

class UnsentWork extends HTMLElement {
  async connectedCallback() {
    const { person } = this.dataset
    const { drafts, outbox } = await openKeeping()
    const store = submitsOf(outbox, person)
    const waiting = (await store.all()).length
    if (waiting === 0) return
    this.hidden = false
    this.#show("waiting", waiting)
    const server = await this.#server()
    const box = new Outbox({ store, send: (entry) => sendKept(server, entry), later })
    const answers = { sent: 0, refused: 0 }
    box.answered = async ({ task }, response) => {
      answers[response.ok ? "sent" : "refused"] += 1
      if (response.ok) await drafts.remove(`${person}/${task}`)
      else this.querySelector("[data-reason]").textContent = (await refusalOf(response)).sentence
      for (const [what, count] of Object.entries(answers)) this.#show(what, count)
      this.#show("waiting", waiting - answers.sent - answers.refused)
    }
    await box.send()
  }

  /** One whose sign-in or page has become too old to send is loaded anew: what is kept stays kept. */
  async #server() {
    const token = document.querySelector("meta[name=csrf-token]").content
    const renew = () => new Promise(() => location.reload())
    return new Server({ fetch: fetch.bind(window), token, holder: await pageId(), renew })
  }

  #show(what, count) {
    const line = this.querySelector(`[data-unsent="${what}"]`)
    line.hidden = count === 0
    line.querySelector("[data-count]").textContent = count === 1 ? "1 submit" : `${count} submits`
  }
}

customElements.define("fasit-unsent", UnsentWork)

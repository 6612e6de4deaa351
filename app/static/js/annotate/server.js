// Talking to our own server: the headers every request carries, one retry after a sign-in that ran out, and one word
// (Unreachable) for every way in which no answer came. `fetch` and the ways to renew the sign-in are handed in.

const PATIENCE_MS = 30_000
const TOO_EARLY = new Set([429, 502, 503, 504])

/** No answer, or one that says to come back later. Nothing is known to have been done. */
export class Unreachable extends Error {}

export class Server {
  #fetch
  #renew
  #renewing = null

  /** `renew({expired})` gives a fresh CSRF token, after asking for the password if the sign-in has expired. */
  constructor({ fetch, token, holder, renew }) {
    this.#fetch = fetch
    this.#renew = renew
    this.token = token
    this.holder = holder
  }

  async send(method, url, { json = undefined, headers = {}, keepalive = false } = {}) {
    for (let tries = 0; ; tries += 1) {
      const response = await this.#once(method, url, { json, headers, keepalive })
      const expired = response.status === 401
      const stale = response.status === 403 && response.headers.get("X-Fasit-Refusal") === "stale-page"
      if ((!expired && !stale) || tries === 2) {
        return response
      }
      this.#renewing ??= this.#renew({ expired }).finally(() => {
        this.#renewing = null
      })
      this.token = await this.#renewing
    }
  }

  async #once(method, url, { json, headers, keepalive }) {
    const carried = { "X-CSRF-Token": this.token, "X-Fasit": "1", "Claim-Holder": this.holder, ...headers }
    const options = { method, headers: carried, keepalive, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) }
    if (json !== undefined) {
      options.body = JSON.stringify(json)
      carried["Content-Type"] = "application/json"
    }
    let response
    try {
      response = await this.#fetch(url, options)
    } catch (error) {
      throw new Unreachable("The server did not answer.", { cause: error })
    }
    if (TOO_EARLY.has(response.status)) {
      throw new Unreachable(`The server answered ${response.status}.`)
    }
    return response
  }
}

/** What a refusal says: {sentence, problems: [{path, message}]}, from problem+json or from a page's region. */
export async function refusalOf(response) {
  const type = response.headers.get("Content-Type") ?? ""
  if (!type.includes("json")) {
    return { sentence: `The server refused this (${response.status}).`, problems: [] }
  }
  const { detail, errors = [] } = await response.json()
  return { sentence: detail, problems: errors }
}

// One frame of a picture that moves, shown as the still that was kept of it. All stills lie in one file; the frame table
// says where each begins and how long it is. Until the still is there, what lies over the picture is not shown.

class StillPicture extends HTMLElement {
  #leaving = null
  #address = null

  async connectedCallback() {
    this.#leaving = new AbortController()
    const { signal } = this.#leaving
    const { frame, frames, stills } = this.dataset
    try {
      const table = await (await fetched(frames, { signal })).json()
      const [start, length] = table.stills[Number(frame)]
      const range = { Range: `bytes=${start}-${start + length - 1}` }
      const still = await (await fetched(stills, { signal, headers: range })).blob()
      if (signal.aborted) return
      this.#address = URL.createObjectURL(still.size === length ? still : still.slice(start, start + length))
      const picture = this.querySelector("img")
      picture.src = this.#address
      await picture.decode()
      this.dataset.isShown = ""
    } catch (error) {
      if (!signal.aborted) this.dataset.failure = error.message
    }
  }

  disconnectedCallback() {
    this.#leaving?.abort()
    if (this.#address) URL.revokeObjectURL(this.#address)
  }
}

async function fetched(address, options) {
  const answer = await fetch(address, options)
  if (!answer.ok) throw new Error(`The frame could not be fetched (${answer.status}).`)
  return answer
}

customElements.define("fasit-still", StillPicture)

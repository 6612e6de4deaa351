// Levels a player's loudness: softer by its own volume, louder through WebAudio, which is only set up where it is needed and
// wakes with the person's own key or click.

export class SoundLevel {
  #media
  #gain
  #node = null
  #context = null

  constructor(media, { gain, signal }) {
    this.#media = media
    this.#gain = gain
    media.addEventListener("play", () => this.#context?.resume(), { signal })
    signal.addEventListener("abort", () => this.#context?.close())
  }

  set(on) {
    const gain = on ? this.#gain : 1
    if (gain > 1 && this.#node === null) this.#connect()
    this.#media.volume = Math.min(gain, 1)
    if (this.#node !== null) this.#node.gain.value = Math.max(gain, 1)
  }

  #connect() {
    this.#context = new AudioContext()
    this.#node = this.#context.createGain()
    this.#context.createMediaElementSource(this.#media).connect(this.#node).connect(this.#context.destination)
    if (!this.#media.paused) this.#context.resume()
  }
}

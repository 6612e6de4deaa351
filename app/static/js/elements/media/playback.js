// A media element under keys: play, shuttle, speed, and which stretches were really played.

const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4]
const SHUTTLE = [1, 2, 4]
const REPORT_EVERY = 1 // seconds of the medium
const BACK_EVERY = 100 // milliseconds between the jumps of a shuttle backwards: browsers cannot play in reverse

export class Playback {
  #media
  #part
  #work
  #speed = 1
  #shuttle = 0 // steps of SHUTTLE forwards (1, 2, 3) or backwards (-1, -2, -3); 0: plain play or pause
  #backwards = null
  #open = null // where the stretch that plays now began
  #last = 0
  #until = null
  #rate = 1
  #origin
  #onChange
  #rest
  #stretch
  #align // sends the player where the person is, if it is not there yet
  #loops = false

  /**
   * `origin`: where the part's time 0 lies on the player's clock. `rest(end)`: a stretch played on its own came to its end.
   * `stretch()`: {start, end} of what a loop repeats, or null for all of it.
   */
  constructor(media, { part, work, signal, origin, onChange, rest, stretch = () => null, align = () => {} }) {
    this.#media = media
    this.#origin = origin
    this.#rest = rest
    this.#stretch = stretch
    this.#align = align
    this.#part = part
    this.#work = work
    this.#onChange = onChange
    const on = (names, listener) => names.split(" ").forEach((name) => media.addEventListener(name, listener, { signal }))
    media.preservesPitch = true
    work.addEventListener("playing", ({ detail }) => detail.part !== part && this.isPlaying && this.pause(), { signal })
    on("playing", () => this.#begin())
    on("timeupdate", () => this.tick())
    on("pause ended emptied waiting", () => this.#finish())
    on("seeking", () => this.#jumped())
    on("ratechange", () => this.#cut())
    on("ended", () => this.#repeats())
    on("play pause ended volumechange ratechange", () => this.#onChange())
    signal.addEventListener("abort", () => this.#leave())
  }

  get isPlaying() {
    return this.#backwards !== null || (!this.#media.paused && !this.#media.ended)
  }

  get time() {
    return this.#media.currentTime - this.#origin
  }

  get speed() {
    return this.#shuttle === 0 ? this.#speed : Math.sign(this.#shuttle) * this.#speed * SHUTTLE[Math.abs(this.#shuttle) - 1]
  }

  get muted() {
    return this.#media.muted
  }

  toggle() {
    if (this.isPlaying) this.pause()
    else this.play()
  }

  play() {
    this.#align()
    this.#stopBackwards()
    this.#shuttle = 0
    this.#until = null
    this.#start()
  }

  /** Plays one stretch and stops at its end. */
  playStretch(start, end) {
    this.#stopBackwards()
    this.#shuttle = 0
    this.seek(start)
    this.#until = end
    this.#start()
  }

  pause() {
    this.#stopBackwards()
    this.#shuttle = 0
    this.#until = null
    this.#media.pause()
    this.#onChange()
  }

  seek(seconds) {
    this.#until = null
    this.#media.currentTime = seconds + this.#origin
  }

  get loops() {
    return this.#loops
  }

  /** Repeats the selected stretch, or all of it. */
  toggleLoop() {
    this.#loops = !this.#loops
    this.#work.announce(this.#loops ? "Repeats the selected mark, or all of it." : "Plays on past the end of a mark.")
    if (this.#loops && !this.isPlaying) this.#again()
    this.#onChange()
  }

  #again() {
    const { start = 0 } = this.#stretch() ?? {}
    this.#media.currentTime = start + this.#origin
    this.#start()
  }

  // Whether it was sent back to the beginning of what repeats.
  #repeats() {
    if (!this.#loops || this.#shuttle < 0) return false
    const stretch = this.#stretch()
    const isOver = stretch === null ? this.#media.ended : this.time >= stretch.end || this.#media.ended
    if (isOver) this.#again()
    return isOver
  }

  shuttleForward() {
    if (!this.isPlaying) this.#align()
    this.#stopBackwards()
    this.#shuttle = this.isPlaying ? Math.min(Math.max(this.#shuttle, 1) + 1, SHUTTLE.length) : 1
    this.#start()
  }

  shuttleBack() {
    this.#takeTurn()
    if (!this.isPlaying) this.#align()
    this.#media.pause()
    this.#shuttle = Math.max(Math.min(this.#shuttle, 0) - 1, -SHUTTLE.length)
    this.#until = null
    this.#backwards ??= setInterval(() => this.#goBack(), BACK_EVERY)
    this.#onChange()
  }

  faster() {
    this.#setSpeed(SPEEDS.find((speed) => speed > this.#speed) ?? SPEEDS.at(-1))
  }

  slower() {
    this.#setSpeed(SPEEDS.findLast((speed) => speed < this.#speed) ?? SPEEDS[0])
  }

  toggleMute() {
    this.#media.muted = !this.#media.muted
  }

  /** Tells what was played until now; it may play on. */
  tellPlayed() {
    if (this.#open === null || this.#media.seeking) return
    this.#last = this.#media.currentTime
    this.#report()
    this.#open = this.#last
  }

  /** Called often while playing: remembers how far the sound came, and ends a stretch played on its own. */
  tick() {
    if (this.#open === null || this.#media.seeking) return
    this.#last = this.#media.currentTime
    if (this.#last - this.#open > REPORT_EVERY) {
      this.tellPlayed()
      this.#onChange()
    }
    if (this.#repeats()) return
    if (this.#until === null || this.time < this.#until) return
    const end = this.#until
    this.pause()
    this.#rest(end)
  }

  // The parts of an ad play one at a time.
  #takeTurn() {
    this.#work.tell("playing", { part: this.#part })
  }

  #start() {
    this.#takeTurn()
    if (this.#media.ended) this.#media.currentTime = 0
    this.#media.playbackRate = Math.min(this.speed, 16)
    this.#media.play().catch((error) => {
      if (error.name !== "AbortError") this.#work.announce("This part cannot be played here.")
    })
    this.#onChange()
  }

  #setSpeed(speed) {
    this.#speed = speed
    if (this.#shuttle >= 0) this.#media.playbackRate = this.speed
    this.#work.announce(`Speed ${speed}`)
    this.#onChange()
  }

  #goBack() {
    if (this.#media.seeking) return
    const time = this.time + this.speed * (BACK_EVERY / 1000)
    this.#media.currentTime = Math.max(time, 0) + this.#origin
    if (time <= 0) this.pause()
  }

  #stopBackwards() {
    clearInterval(this.#backwards)
    this.#backwards = null
  }

  #begin() {
    if (this.#open === null) this.#open = this.#last = this.#media.currentTime
    this.#work.setPlaying(this.#part, true)
  }

  #finish() {
    if (!this.#media.seeking) this.#last = Math.max(this.#last, this.#open === null ? 0 : this.#media.currentTime)
    this.#report()
    this.#open = null
    this.#work.setPlaying(this.#part, false)
  }

  #jumped() {
    this.#report()
    this.#open = this.#media.paused ? null : this.#media.currentTime
    this.#last = this.#media.currentTime
  }

  // The rate has changed already: what was heard until now is reported at the rate before.
  #cut() {
    this.#report()
    if (this.#open !== null) this.#open = this.#last = this.#media.currentTime
    this.#rate = this.#media.playbackRate
  }

  #report() {
    const [start, end] = [this.#open, this.#last].map((time) => Math.max(time - this.#origin, 0))
    if (this.#open !== null && end > start) this.#work.played(this.#part, start, end, this.#rate)
  }

  #leave() {
    this.#stopBackwards()
    this.#finish()
    this.#media.pause()
    this.#media.removeAttribute("src")
    this.#media.load()
  }
}

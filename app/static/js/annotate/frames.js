// The frames of a video, from the server's table of presentation times: which frame is shown when, and where to seek
// to see it. Times in the table are whole microseconds from the first frame; frame n is shown during
// [times[n], times[n + 1]), the last one until `end`.

export class FrameTable {
  #times
  #end

  /** Frames at which a shot begins, and those that the file holds whole (its keyframes), rising; none where nobody knows. */
  shots
  keys

  constructor({ times, end, shots = [], keys = [] }) {
    if (!Array.isArray(times) || times.length === 0) throw new Error("This video has no table of frames.")
    this.#times = times
    this.shots = shots
    this.keys = keys
    this.#end = end > times.at(-1) ? end : times.at(-1) + 1
  }

  get count() {
    return this.#times.length
  }

  get last() {
    return this.#times.length - 1
  }

  /** Where the last frame ends, in microseconds. */
  get end() {
    return this.#end
  }

  /** Start of frame n, in microseconds; for n = count the end of the video. */
  start(n) {
    return n >= this.count ? this.#end : this.#times[this.clamp(n)]
  }

  /** Presentation time of frame n in seconds, as marks carry it. */
  seconds(n) {
    return this.start(n) / 1e6
  }

  duration(n) {
    return this.start(n + 1) - this.start(n)
  }

  /** Where to seek for frame n, in seconds: its middle, so that no rounding can land on a neighbour. */
  midpoint(n) {
    const frame = this.clamp(n)
    return (this.start(frame) + this.start(frame + 1)) / 2e6
  }

  clamp(n) {
    return Math.min(Math.max(n, 0), this.last)
  }

  /** The frame on the screen at this time in seconds; before the first and after the last, those. */
  at(seconds) {
    const time = Math.round(seconds * 1e6)
    let low = 0
    let high = this.last
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#times[middle] <= time) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The frame whose own time this is: within half of its duration, else null. */
  identify(seconds) {
    const time = seconds * 1e6
    const before = this.at(seconds)
    const next = this.clamp(before + 1)
    const near = Math.abs(this.start(next) - time) < Math.abs(this.start(before) - time) ? next : before
    return Math.abs(this.start(near) - time) <= this.duration(near) / 2 ? near : null
  }

  /** Index of the boundary (start of a frame, or the end of the video) nearest to a time in seconds. */
  nearestBoundary(seconds) {
    const before = this.at(seconds)
    const time = seconds * 1e6
    return Math.abs(this.start(before + 1) - time) < Math.abs(this.start(before) - time) ? before + 1 : before
  }

  /** Do all frames last equally long, but for a rounding error and the last one? */
  get isEven() {
    if (this.count < 3) return true
    const mean = (this.#times.at(-1) - this.#times[0]) / this.last
    return this.#times.every((time, n) => Math.abs(time - this.#times[0] - n * mean) <= Math.max(mean * 0.1, 1500))
  }
}

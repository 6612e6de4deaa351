// Where a sound is silent, as the server found it: for edges that snap to where something begins or ends to be heard.

export class Silences {
  #stretches // [[start, end]] in seconds, in order

  constructor({ rate, silences }) {
    this.#stretches = silences.map(([start, end]) => [start / rate, end / rate])
  }

  /** Every moment at which silence begins or ends. */
  get edges() {
    return this.#stretches.flat()
  }

  /**
   * A segment fitted to what is heard in it: its start to the nearest end of a silence, its end to the nearest beginning of
   * one, each within `reach` seconds. What has nothing near stays.
   */
  fitted({ start, end }, reach) {
    const from = nearest(this.#stretches.map(([, over]) => over), start, reach)
    const to = nearest(this.#stretches.map(([begin]) => begin), end, reach)
    return from < to ? { start: from, end: to } : { start, end }
  }
}

function nearest(moments, seconds, reach) {
  const apart = (moment) => Math.abs(moment - seconds)
  return moments.reduce((best, moment) => (apart(moment) <= reach && (best === null || apart(moment) < apart(best)) ? moment : best), null) ?? seconds
}

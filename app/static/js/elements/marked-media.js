// Audio or video of a submitted label: a press on the line of time goes there, a thin needle shows where it plays, and
// the boxes of tracks move with the picture.

import { boxAt } from "../annotate/tracks.js"

const SVG = "http://www.w3.org/2000/svg"

class MarkedMedia extends HTMLElement {
  #listening = null

  connectedCallback() {
    this.#listening = new AbortController()
    const media = this.querySelector("audio, video")
    if (media === null) return
    this.#followLine(media)
    this.#followTracks(media)
  }

  disconnectedCallback() {
    this.#listening?.abort()
  }

  #followLine(media) {
    const line = this.querySelector(".time-line")
    if (line === null) return
    const { signal } = this.#listening
    const needle = draw(line, "line", { class: "time-needle", y1: 0, y2: "100%" })
    const move = () => put(needle, at(media), "x1", "x2")
    media.addEventListener("timeupdate", move, { signal })
    const go = (event) => {
      const box = line.getBoundingClientRect()
      media.currentTime = ((event.clientX - box.left) / box.width) * (media.duration || 0)
    }
    line.addEventListener("click", go, { signal })
  }

  #followTracks(video) {
    const data = this.querySelector(".track-data")
    const marks = this.querySelector(".marks")
    if (data === null || marks === null) return
    const boxes = JSON.parse(data.textContent).map((track) => new MovingBox(marks, track))
    // What was drawn for a still picture (where each track begins and ends) gives way once the picture moves.
    const show = (time) => {
      marks.classList.add("moving")
      for (const box of boxes) box.show(time)
    }
    const { signal } = this.#listening
    const onFrame = (_now, { mediaTime }) => {
      if (signal.aborted) return
      show(mediaTime)
      video.requestVideoFrameCallback(onFrame)
    }
    const begin = () => video.requestVideoFrameCallback(onFrame)
    video.addEventListener("play", begin, { signal, once: true })
    video.addEventListener("seeked", () => show(video.currentTime), { signal })
  }
}

class MovingBox {
  #group
  #keyframes

  constructor(marks, { color, keyframes }) {
    this.#keyframes = keyframes.map((keyframe) => ({ ...keyframe, frame: keyframe.time }))
    this.#group = draw(marks, "g", { class: "moving-box", visibility: "hidden" })
    draw(this.#group, "rect", { class: "mark-halo" })
    draw(this.#group, "rect", { class: "mark-line", stroke: color, fill: color })
  }

  show(time) {
    const box = boxAt(this.#keyframes, time, time)
    const isSeen = box !== null && !box.outside
    this.#group.setAttribute("visibility", isSeen ? "visible" : "hidden")
    if (!isSeen) return
    const { x, y, width, height, rotation } = box
    this.#group.setAttribute("transform", `rotate(${rotation} ${x + width / 2} ${y + height / 2})`)
    for (const rectangle of this.#group.children) set(rectangle, { x, y, width, height })
  }
}

function at(media) {
  return Math.round((media.currentTime / (media.duration || 1)) * 1000)
}

function put(element, value, ...names) {
  for (const name of names) element.setAttribute(name, String(value))
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
}

function draw(parent, name, attributes) {
  const element = document.createElementNS(SVG, name)
  set(element, attributes)
  parent.append(element)
  return element
}

customElements.define("fasit-marked-media", MarkedMedia)

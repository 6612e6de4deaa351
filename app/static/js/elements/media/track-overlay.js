// Boxes over the picture: drawn as SVG in the original's pixels, made and moved with the pointer.

import { HANDLES, boxBetween, centreOf, handleAt, handlePoint, moveBox, pick, resizeBox, rotateBox, turn } from "../../annotate/boxes.js"

const SVG = "http://www.w3.org/2000/svg"
const REACH = 9 // pixels of the screen around a handle
const DRAG_FROM = 4
const STEM = 22 // pixels of the screen from the upper side to the handle that turns the box

export class TrackOverlay {
  #svg
  #size
  #asks // {shown(), mayMake(), box(), select(field, id), suggestion(key), unselect(), add(box), put(box), colorOf(field, mark), title(field, mark), hold() -> bool}
  #gesture = null
  #preview = null
  #caret = null

  constructor(svg, { size, signal, asks }) {
    this.#svg = svg
    this.#size = size
    this.#asks = asks
    svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`)
    const listen = (name, listener) => svg.addEventListener(name, listener, { signal })
    listen("pointerdown", (event) => this.#down(event))
    listen("pointermove", (event) => this.#move(event))
    listen("pointerup", (event) => this.#up(event))
    listen("pointercancel", () => this.#drop())
    const observer = new ResizeObserver(() => this.draw())
    observer.observe(svg)
    signal.addEventListener("abort", () => observer.disconnect())
  }

  get isBusy() {
    return this.#gesture !== null
  }

  /** {x, y, from?}: the crosshair of drawing by keys, with its first corner once that is set. Null: none. */
  setCaret(caret) {
    this.#caret = caret
    this.draw()
  }

  draw() {
    const unit = this.#unit()
    const shapes = this.#asks.shown().map((shown) => this.#track(shown, unit))
    if (this.#preview !== null && this.#gesture?.kind === "draw") shapes.push(box(this.#preview, "track-shape is-new"))
    if (this.#caret !== null) shapes.push(...this.#crosshair(unit))
    this.#svg.replaceChildren(...shapes)
  }

  #track({ field, mark, box: at, selected, isSuggestion }, unit) {
    const now = selected && this.#preview !== null && this.#gesture?.kind !== "draw" ? { ...at, ...this.#preview } : at
    const group = element("g", { class: `${classes(at, selected)}${isSuggestion ? " is-suggested" : ""}` })
    group.style.setProperty("--mark", this.#asks.colorOf(field, mark))
    group.append(...["track-dark", "track-light", "track-line"].map((name) => box(now, name)))
    const label = element("text", { x: now.x + 4 * unit, y: now.y - 6 * unit, class: "track-label", "font-size": 12 * unit })
    label.textContent = isSuggestion ? `${this.#asks.title(field, mark)} · suggested` : this.#asks.title(field, mark)
    if (now.y < 20 * unit) label.setAttribute("y", String(now.y + 15 * unit))
    group.append(label)
    if (selected && !now.outside) group.append(...turner(now, unit), ...HANDLES.map((handle) => knob(handlePoint(now, handle), unit)))
    return group
  }

  #crosshair(unit) {
    const { x, y, from } = this.#caret
    const { width, height } = this.#size
    const lines = [
      element("path", { class: "track-crosshair-dark", d: `M0 ${y}H${width}M${x} 0V${height}` }),
      element("path", { class: "track-crosshair", d: `M0 ${y}H${width}M${x} 0V${height}` }),
      element("circle", { class: "track-crosshair", cx: x, cy: y, r: 5 * unit }),
    ]
    const drawn = from ? boxBetween(from, { x, y }, this.#size) : null
    return drawn ? [box(drawn, "track-shape is-new"), ...lines] : lines
  }

  // Pixels of the original in one pixel of the screen.
  #unit() {
    const scale = this.#svg.getScreenCTM()?.a
    return scale ? 1 / scale : 1
  }

  #point(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse())
    return { x, y }
  }

  #down(event) {
    if (event.button !== 0 || !this.#asks.hold()) return
    const at = this.#point(event)
    const selected = this.#asks.box()
    if (selected && !selected.outside && apart(turnPoint(selected, this.#unit()), at) < REACH * this.#unit()) {
      this.#begin(event, { kind: "turn", at, box: selected })
      return
    }
    const handle = selected && !selected.outside ? handleAt(selected, at, REACH * this.#unit()) : null
    if (handle !== null) {
      this.#begin(event, { kind: "resize", at, handle, box: selected })
      return
    }
    const hit = this.#hit(at)
    if (hit?.isSuggestion) this.#asks.suggestion(hit.key)
    else if (hit !== null) {
      this.#asks.select(hit.field, hit.mark.id)
      this.#begin(event, { kind: "move", at, box: hit.box })
    } else {
      this.#begin(event, { kind: "draw", at })
    }
  }

  #hit(at) {
    const boxes = this.#asks.shown().filter(({ box: { outside } }) => !outside).map((shown) => ({ ...shown.box, shown }))
    return pick(boxes, at, 2 * this.#unit())?.shown ?? null
  }

  #begin(event, gesture) {
    this.#gesture = { ...gesture, x: event.clientX, y: event.clientY, moved: false }
    this.#svg.setPointerCapture(event.pointerId)
  }

  #move(event) {
    const gesture = this.#gesture
    if (gesture === null) return
    gesture.moved ||= Math.hypot(event.clientX - gesture.x, event.clientY - gesture.y) >= DRAG_FROM
    if (!gesture.moved || (gesture.kind === "draw" && !this.#asks.mayMake())) return
    const to = this.#point(event)
    const [dx, dy] = [to.x - gesture.at.x, to.y - gesture.at.y]
    if (gesture.kind === "draw") this.#preview = boxBetween(gesture.at, to, this.#size)
    else if (gesture.kind === "turn") this.#preview = turnedTo(gesture.box, to, { whole: event.shiftKey, size: this.#size })
    else if (gesture.kind === "move") this.#preview = moveBox(gesture.box, Math.round(dx), Math.round(dy), this.#size)
    else this.#preview = resizeBox(gesture.box, gesture.handle, Math.round(dx), Math.round(dy), this.#size)
    this.draw()
  }

  #up() {
    const gesture = this.#gesture
    const preview = this.#preview
    this.#drop()
    if (gesture === null) return
    if (!gesture.moved) {
      if (gesture.kind === "draw") this.#asks.unselect()
    } else if (preview !== null) {
      if (gesture.kind === "draw") this.#asks.add(preview)
      else this.#asks.put(preview)
    }
  }

  #drop() {
    this.#gesture = null
    this.#preview = null
    this.draw()
  }
}

/** Where the handle lies that turns the box: above its upper side, as the box sees it. */
function turnPoint(at, unit) {
  const { x, y } = handlePoint(at, "n")
  const away = turn({ x: 0, y: -STEM * unit }, at.rotation ?? 0)
  return { x: x + away.x, y: y + away.y }
}

const apart = (one, other) => Math.hypot(one.x - other.x, one.y - other.y)

/** The box turned so that its handle lies towards a point; in steps of 15 degrees where `whole`. */
function turnedTo(at, point, { whole, size }) {
  const centre = centreOf(at)
  const angle = (Math.atan2(point.y - centre.y, point.x - centre.x) * 180) / Math.PI + 90
  const wanted = whole ? Math.round(angle / 15) * 15 : Math.round(angle)
  return rotateBox(at, wanted - (at.rotation ?? 0), size)
}

function turner(at, unit) {
  const [from, to] = [handlePoint(at, "n"), turnPoint(at, unit)]
  const stem = element("path", { class: "track-handle", d: `M${from.x} ${from.y}L${to.x} ${to.y}` })
  return [stem, element("circle", { class: "track-handle", cx: to.x, cy: to.y, r: 5 * unit })]
}

function classes(at, selected) {
  const states = { "is-selected": selected, "is-outside": at.outside, "is-occluded": at.occluded, "is-beyond": at.beyond, "is-keyframe": at.keyframe }
  return ["track-shape", ...Object.keys(states).filter((name) => states[name])].join(" ")
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}

function box({ x, y, width, height, rotation = 0 }, name) {
  const made = element("rect", { x, y, width, height, class: name })
  if (rotation) made.setAttribute("transform", `rotate(${rotation} ${x + width / 2} ${y + height / 2})`)
  return made
}

function knob({ x, y }, unit) {
  return element("rect", { x: x - 4 * unit, y: y - 4 * unit, width: 8 * unit, height: 8 * unit, class: "track-handle" })
}

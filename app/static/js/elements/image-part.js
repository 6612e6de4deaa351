// <fasit-image>: one picture of an ad, with the boxes drawn on it.

import { boundsOf } from "../annotate/boxes.js"
import { Desk } from "./image/desk.js"
import { Keyboard } from "./image/keyboard.js"
import { Overlay } from "./image/overlay.js"
import { Pointer } from "./image/pointer.js"
import { Stage } from "./image/stage.js"

const ZOOM_STEP = 1.35

class ImagePart extends HTMLElement {
  #quit = null
  #isHidden = false

  open(work) {
    this.close()
    this.#quit = new AbortController()
    const { signal } = this.#quit
    this.work = work
    this.desk = new Desk(work, work.part(this.dataset.part))
    this.host = this.querySelector(".image-stage")
    this.overlay = new Overlay(this.querySelector(".image-overlay"))
    this.#openPicture(signal)
    this.#openStage(signal)
    this.#listen(signal)
    this.#render()
    this.#select()
    this.#refresh()
  }

  close() {
    this.#quit?.abort()
    this.#quit = null
  }

  disconnectedCallback() {
    this.close()
  }

  #openPicture(signal) {
    const picture = this.querySelector(".image-picture")
    const notice = this.querySelector(".image-failed")
    const { urls } = this.desk.part
    const load = () => {
      notice.hidden = true
      this.host.setAttribute("aria-busy", "true")
      picture.removeAttribute("data-loaded")
      picture.src = urls.display ?? urls.original
    }
    picture.addEventListener("load", () => {
      this.host.removeAttribute("aria-busy")
      picture.setAttribute("data-loaded", "")
      this.desk.isSeen = true
    }, { signal })
    picture.addEventListener("error", () => {
      this.host.removeAttribute("aria-busy")
      notice.hidden = false
      this.desk.isSeen = false
      this.work.announce("The picture could not be loaded.")
    }, { signal })
    notice.querySelector("[data-act=reload]").addEventListener("click", () => {
      picture.removeAttribute("src")
      load()
    }, { signal })
    notice.querySelector("[data-act=skip]").addEventListener("click", () => {
      this.closest("fasit-work")?.querySelector("[data-outcome=skip]")?.click()
    }, { signal })
    load()
  }

  #openStage(signal) {
    const { host, desk, overlay } = this
    const onPoint = (point) => this.#showPoint(point)
    this.stage = new Stage(host, this.querySelector(".image-picture"), desk.size, {
      draw: (view) => {
        overlay.draw(view)
        this.keyboard?.redraw()
        this.querySelector(".image-zoom").value = `${Math.round(view.scale * 100)} %`
      },
      carry: (view) => overlay.carry(view),
      signal,
    })
    const { stage } = this
    const isPanKeyDown = () => this.keyboard.isSpaceDown
    this.pointer = new Pointer(host, { stage, desk, overlay, signal, onPoint, isPanKeyDown, onBox: (box) => this.#showBox(box) })
    this.keyboard = new Keyboard(host, { stage, desk, overlay, pointer: this.pointer, signal, onPoint })
  }

  #listen(signal) {
    const { work, desk } = this
    work.addEventListener("change", () => this.#render(), { signal })
    work.addEventListener("select", () => this.#select(), { signal })
    work.addEventListener("active", () => this.#refresh(), { signal })
    work.addEventListener("readonly", () => this.#refresh(), { signal })
    desk.addEventListener("tool", () => this.#refresh(), { signal })
    desk.addEventListener("draft", () => this.#showDraft(), { signal })
    this.addEventListener("click", (event) => this.#press(event), { signal })
  }

  // Buttons -----------------------------------------------------------------------------------------------------

  #acts = {
    select: () => (this.desk.tool = "select"),
    box: () => {
      this.work.select(null)
      this.desk.tool = "box"
      this.keyboard.ready()
    },
    choice: () => this.desk.cycleChoice(1),
    "choice-back": () => this.desk.cycleChoice(-1),
    duplicate: () => this.desk.duplicateSelected(),
    delete: () => this.desk.removeSelected(),
    fit: () => this.stage.fit(),
    "zoom-selection": () => this.desk.selected && this.stage.zoomTo(boundsOf(this.desk.selected.mark)),
    "actual-size": () => this.stage.actualSize(),
    "zoom-in": () => this.stage.zoom(ZOOM_STEP),
    "zoom-out": () => this.stage.zoom(1 / ZOOM_STEP),
    hide: () => {
      this.#isHidden = !this.#isHidden
      this.#refresh()
    },
  }

  #press(event) {
    const act = event.target.closest(".part-tools [data-act]")?.dataset.act
    if (!act) return
    this.work.activatePart(this.desk.part.name)
    this.#acts[act]()
  }

  // Showing -----------------------------------------------------------------------------------------------------

  #render() {
    const { lostFocus } = this.overlay.render(this.desk.drawables())
    if (lostFocus) this.host.focus({ preventScroll: true })
    this.#select()
  }

  #select() {
    const item = this.desk.selected
    this.overlay.select(item?.mark.id ?? null)
    if (item && !this.host.contains(document.activeElement)) this.stage.reveal(boundsOf(item.mark))
    this.#showBox(item?.mark ?? null)
    this.#refresh()
  }

  #refresh() {
    const { desk, work } = this
    this.pointer.refreshCursor()
    const selected = desk.selected !== null
    const enabled = {
      select: true, box: desk.canDraw, choice: desk.canDraw, "choice-back": desk.canDraw, "zoom-selection": selected,
      duplicate: selected && !work.readOnly, delete: selected && !work.readOnly, hide: desk.field !== null,
    }
    const pressed = { select: desk.tool === "select", box: desk.tool === "box", hide: this.#isHidden }
    for (const button of this.querySelectorAll(".part-tools [data-act]")) {
      const { act } = button.dataset
      button.disabled = enabled[act] === false
      if (act in pressed) button.setAttribute("aria-pressed", String(pressed[act]))
    }
    this.toggleAttribute("data-marks-hidden", this.#isHidden)
    this.#showDraft()
  }

  #showDraft() {
    const { draft, draftBox, field } = this.desk
    if (draft && this.#isHidden) this.#acts.hide()
    const color = field ? this.work.colorOf(field.name, this.work.activeChoice(field.name)) : null
    const size = draft && { x: Math.min(draft.from.x, draft.to.x), y: Math.min(draft.from.y, draft.to.y), width: Math.abs(draft.from.x - draft.to.x), height: Math.abs(draft.from.y - draft.to.y), rotation: 0 }
    this.overlay.draft(size, color)
    if (draft) this.#showBox(draftBox ?? size)
  }

  #showPoint(point) {
    const inside = point && point.x >= 0 && point.y >= 0 && point.x <= this.desk.size.width && point.y <= this.desk.size.height
    this.querySelector(".image-point").value = inside ? `${Math.floor(point.x)}, ${Math.floor(point.y)}` : "–"
  }

  #showBox(box) {
    const rounded = (value) => Math.round(value * 100) / 100
    const turned = box?.rotation ? `, ${rounded(box.rotation)}°` : ""
    const words = box && `${rounded(box.x)}, ${rounded(box.y)}, ${rounded(box.width)} × ${rounded(box.height)}${turned}`
    this.querySelector(".image-box").value = words ?? "–"
  }
}

customElements.define("fasit-image", ImagePart)

// How the picture is shown, by buttons with keys under it and by a form of sliders and numbers over its corner: lighter,
// contrast, greys, the magnifier, zoom and place; and whether all this is kept for the next pictures.

const ZOOM_STEPS = 100 // of the slider from the smallest to the largest
const NUDGE = 120 // pixels of the screen that a press on an arrow moves the view by

export class ViewPanel {
  #form
  #buttons = new Map()

  /** `part` is the element. */
  constructor(part, { desk, stage, look, signal }) {
    Object.assign(this, { part, desk, stage, look })
    this.#form = part.querySelector(".image-look")
    for (const button of part.querySelectorAll(".image-view [data-act], .image-look [data-act]")) {
      this.#buttons.set(button.dataset.act, button)
      button.addEventListener("click", () => this.#press(button.dataset.act), { signal })
    }
    this.#form.addEventListener("input", ({ target }) => this.#enter(target, false), { signal })
    this.#form.addEventListener("change", ({ target }) => this.#enter(target, true), { signal })
    this.#form.addEventListener("keydown", (event) => this.#key(event), { signal })
    for (const event of ["look", "keep"]) look.addEventListener(event, () => this.show(), { signal })
    this.#form.hidden = true
    this.show()
  }

  #press(act) {
    this.desk.work.activatePart(this.desk.part.name)
    const { look, stage } = this
    const acts = {
      darker: () => look.step("brightness", -1),
      brighter: () => look.step("brightness", 1),
      "contrast-less": () => look.step("contrast", -1),
      "contrast-more": () => look.step("contrast", 1),
      grey: () => look.set("grey", !look.look.grey),
      loupe: () => look.set("loupe", !look.look.loupe),
      adjust: () => this.#open(this.#form.hidden),
      "close-look": () => this.#open(false),
      "reset-look": () => look.reset(),
      "view-left": () => stage.pan(NUDGE, 0),
      "view-right": () => stage.pan(-NUDGE, 0),
      "view-up": () => stage.pan(0, NUDGE),
      "view-down": () => stage.pan(0, -NUDGE),
    }
    acts[act]()
    const said = this.#words(act)
    if (said) this.desk.say(said)
  }

  #words(act) {
    const { brightness, contrast, grey, loupe } = this.look.look
    return {
      darker: `Brightness ${brightness} %`, brighter: `Brightness ${brightness} %`,
      "contrast-less": `Contrast ${contrast} %`, "contrast-more": `Contrast ${contrast} %`,
      grey: grey ? "Shown in greys" : "Shown in its colours",
      loupe: loupe ? "Magnifier on" : "Magnifier off",
      "reset-look": "The picture is shown as it is",
    }[act]
  }

  #open(open) {
    this.#form.hidden = !open
    this.show()
    if (open) this.#form.querySelector("input").focus()
    else this.#buttons.get("adjust").focus()
  }

  #key(event) {
    if (event.key !== "Escape") return
    event.preventDefault()
    event.stopPropagation()
    this.#open(false)
  }

  /** A slider says its value at once; a number that is being typed is taken as far as it fits, and put right when it is left. */
  #enter(input, isDone) {
    const { look: name } = input.dataset
    if (name === "keep") this.look.isKept = input.checked
    else if (name === "zoom") this.#zoomTo(input)
    else if (input.type === "checkbox") this.look.set(name, input.checked)
    else if (isDone || input.type === "range" || input.checkValidity()) this.look.set(name, input.valueAsNumber)
    if (isDone) this.show({ anyway: true })
  }

  #zoomTo(input) {
    const { least, most } = this.stage.limits
    const share = input.valueAsNumber / ZOOM_STEPS
    const scale = input.type === "range" ? least * (most / least) ** share : input.valueAsNumber / 100
    if (scale > 0) this.stage.zoom(scale / this.stage.scale)
  }

  /** Whatever is shown under the picture and in the form. A number that somebody is typing is left alone. */
  show({ anyway = false } = {}) {
    const { look, isKept } = this.look
    this.part.querySelector(".image-stage").style.setProperty("--look", this.look.filter)
    this.part.toggleAttribute("data-looked", this.look.filter !== "none")
    for (const name of ["grey", "loupe"]) this.#buttons.get(name).ariaPressed = String(look[name])
    this.#buttons.get("adjust").ariaExpanded = String(!this.#form.hidden)
    if (this.#form.hidden) return
    const values = { ...look, keep: isKept }
    for (const input of this.#form.querySelectorAll("[data-look]")) {
      const { look: name } = input.dataset
      if (name === "zoom") continue
      if (input.type === "checkbox") input.checked = values[name]
      else this.#fill(input, values[name], anyway)
    }
    this.showZoom({ anyway })
  }

  showZoom({ anyway = false } = {}) {
    if (this.#form.hidden) return
    const { least, most } = this.stage.limits
    const share = Math.log(this.stage.scale / least) / Math.log(most / least)
    for (const input of this.#form.querySelectorAll("[data-look=zoom]")) {
      this.#fill(input, input.type === "range" ? Math.round(share * ZOOM_STEPS) : Math.round(this.stage.scale * 100), anyway)
    }
  }

  #fill(input, value, anyway) {
    const isTyped = input.type === "number" && input === document.activeElement && !anyway
    if (!isTyped && input.valueAsNumber !== value) input.value = String(value)
  }
}

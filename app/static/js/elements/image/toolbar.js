// The buttons of a picture's tools: what each does, and which of them can be pressed now.

import { boundsOf } from "../../annotate/shapes/registry.js"

const ZOOM_STEP = 1.35

export class Toolbar {
  #acts

  /** `part` is the element; `ready()` puts the focus on the picture for a tool that draws. */
  constructor(part, { desk, stage, ready, signal }) {
    Object.assign(this, { part, desk, stage, isHidden: false })
    const { marking } = desk
    const tools = [...desk.tools.values()].map((tool) => [tool.act, () => this.#take(tool, ready)])
    this.#acts = {
      ...Object.fromEntries(tools),
      again: () => {
        desk.work.select(null)
        desk.takeUpAgain()
        ready()
      },
      choice: () => marking.cycleChoice(1),
      duplicate: () => marking.duplicate(),
      delete: () => marking.remove(),
      fit: () => stage.fit(),
      "zoom-selection": () => desk.selected && stage.zoomTo(boundsOf(desk.selected)),
      "actual-size": () => stage.actualSize(),
      "zoom-in": () => stage.zoom(ZOOM_STEP),
      "zoom-out": () => stage.zoom(1 / ZOOM_STEP),
      hide: () => {
        this.isHidden = !this.isHidden
        this.refresh()
      },
    }
    for (const tool of desk.tools.values()) this.#button(tool.act)?.toggleAttribute("hidden", !desk.offers(tool))
    part.addEventListener("click", (event) => this.#press(event), { signal })
  }

  #take(tool, ready) {
    if (tool.makes) this.desk.work.select(null)
    this.desk.takeUp(tool.act)
    if (tool.makes) ready()
  }

  #button(act) {
    return this.part.querySelector(`[data-act="${act}"]`)
  }

  #press(event) {
    const act = event.target.closest(".part-tools [data-act], .image-actions [data-act]")?.dataset.act
    if (!(act in this.#acts)) return
    this.desk.work.activatePart(this.desk.part.name)
    this.#acts[act]()
  }

  refresh() {
    const { desk } = this
    const { selected, work } = desk
    const enabled = {
      again: [...desk.tools.values()].some((tool) => tool.makes && desk.allows(tool)),
      choice: desk.field !== null && !work.readOnly,
      "zoom-selection": selected !== null,
      duplicate: selected !== null && !work.readOnly,
      delete: selected !== null && desk.mayChange(selected),
      hide: desk.items.length > 0 || desk.field !== null,
    }
    for (const tool of desk.tools.values()) enabled[tool.act] = desk.allows(tool)
    for (const [act, able] of Object.entries(enabled)) {
      const button = this.#button(act)
      if (button) button.disabled = !able
    }
    for (const tool of desk.tools.values()) this.#button(tool.act)?.setAttribute("aria-pressed", String(tool === desk.tool))
    this.#button("hide").setAttribute("aria-pressed", String(this.isHidden))
    this.part.toggleAttribute("data-marks-hidden", this.isHidden)
  }

  showMarks() {
    if (this.isHidden) this.#acts.hide()
  }
}

// The buttons of a picture: its tools and what one does with the selected mark; what each does, and which can be pressed now.

import { boundsOf } from "../../annotate/shapes/registry.js"
import { grey, sayWhy } from "../greyed.js"

const ZOOM_STEP = 1.35

export class Toolbar {
  #acts
  #buttons = new Map()
  #groups = [] // those that come and go

  /** `part` is the element; `ready()` puts the focus on the picture for a tool that draws. */
  constructor(part, { desk, stage, ready, signal }) {
    Object.assign(this, { part, desk, stage, ready })
    this.#acts = { ...this.#toolActs(), ...this.#drawingActs(), ...this.#markActs(), ...this.#viewActs() }
    for (const button of part.querySelectorAll("[data-act]")) this.#buttons.set(button.dataset.act, button)
    for (const button of part.querySelectorAll(".part-tools [data-act]")) button.hidden = !this.#offers(button.dataset.act)
    const isOffered = ({ dataset }) => !dataset.forKinds || desk.offers({ kinds: dataset.forKinds.split(" ") })
    this.#groups = [...part.querySelectorAll("[data-while]")].filter(isOffered)
    part.addEventListener("click", (event) => this.#press(event), { signal })
  }

  // The tools that were not loaded are those of no use here.
  #offers(act) {
    const tool = this.desk.tools.get(act)
    return tool ? this.desk.offers(tool) : act in this.#acts
  }

  #toolActs() {
    const { desk } = this
    const take = (tool) => () => {
      if (tool.makes && !tool.keeps(desk.selected)) desk.work.select(null)
      desk.takeUp(tool.act)
      if (tool.makes) this.ready()
    }
    const again = () => {
      desk.work.select(null)
      desk.takeUpAgain()
      this.ready()
    }
    return { ...Object.fromEntries([...desk.tools.values()].map((tool) => [tool.act, take(tool)])), again }
  }

  #drawingActs() {
    const { desk } = this
    return {
      finish: () => desk.tool.finish(),
      "point-back": () => desk.tool.takeBack(),
      "leave-out": () => (desk.points.canOcclude ? desk.points.remove() : desk.tool.skip()),
      occlude: () => (desk.points.canOcclude ? desk.points.occlude() : desk.tool.occlude()),
      snap: () => {
        desk.isSnapping = !desk.isSnapping
        desk.say(`Snapping to neighbours is ${desk.isSnapping ? "on" : "off"}`)
        this.refresh()
      },
    }
  }

  #markActs() {
    const { marking } = this.desk
    return {
      choice: () => marking.cycleChoice(1),
      duplicate: () => marking.duplicate(),
      delete: () => marking.remove(),
      lock: () => marking.lock(),
      "hide-mark": () => marking.hide(),
      forward: () => marking.lift(1),
      backward: () => marking.lift(-1),
      "turn-left": () => marking.turn(-1),
      "turn-right": () => marking.turn(1),
      "turn-far-left": () => marking.turn(-15),
      "turn-far-right": () => marking.turn(15),
    }
  }

  #viewActs() {
    const { desk, stage } = this
    return {
      fit: () => stage.fit(),
      "zoom-selection": () => desk.selected && stage.zoomTo(boundsOf(desk.selected)),
      "actual-size": () => stage.actualSize(),
      "zoom-in": () => stage.zoom(ZOOM_STEP),
      "zoom-out": () => stage.zoom(1 / ZOOM_STEP),
      hide: () => (desk.areAllHidden = !desk.areAllHidden),
    }
  }

  #press(event) {
    const { act, why } = event.target.closest(".part-tools [data-act], .image-actions [data-act]")?.dataset ?? {}
    if (!(act in this.#acts)) return
    if (why) return sayWhy(why)
    this.desk.work.activatePart(this.desk.part.name)
    this.#acts[act]()
  }

  refresh() {
    const holds = this.#holds()
    for (const group of this.#groups) group.hidden = !holds[group.dataset.while]
    const whys = this.#whys()
    for (const [act, why] of Object.entries(whys)) grey(this.#buttons.get(act), why)
    for (const [act, works] of Object.entries(this.#enabled())) {
      const able = works || whys[act] // what waits can be asked for what
      const button = this.#buttons.get(act)
      if (button && button.disabled === Boolean(able)) button.disabled = !able
    }
    for (const [act, on] of Object.entries(this.#pressed())) {
      const button = this.#buttons.get(act)
      if (button && button.ariaPressed !== String(Boolean(on))) button.ariaPressed = String(Boolean(on))
    }
  }

  #holds() {
    const { selected, tool, isDrawing, points } = this.desk
    return {
      drawing: isDrawing || (tool.makes && selected === null),
      occluding: "occlude" in tool.steps || points.canOcclude,
      selected: selected !== null,
      turning: selected !== null && Boolean(this.desk.shapeOf(selected).turned),
    }
  }

  /** What tools wait for. */
  #whys() {
    const { desk } = this
    const drawing = [...desk.tools.values()].filter((tool) => tool.makes && desk.offers(tool))
    const whys = Object.fromEntries(drawing.map((tool) => [tool.act, desk.whyNot(tool)]))
    return { ...whys, again: Object.values(whys).includes("") ? "" : (Object.values(whys)[0] ?? "") }
  }

  #enabled() {
    const { desk } = this
    const { selected, work, marking, points, tool } = desk
    const mayWrite = !work.readOnly
    const change = selected !== null && desk.mayChange(selected)
    const { finish, takeBack, skip, occlude } = tool.steps
    return {
      ...Object.fromEntries([...desk.tools.values()].map((one) => [one.act, desk.allows(one)])),
      again: [...desk.tools.values()].some((one) => one.makes && desk.allows(one)),
      finish, "point-back": takeBack, "leave-out": skip || points.canOcclude, occlude: occlude !== undefined || points.canOcclude,
      choice: mayWrite && (selected ?? desk.field) !== null,
      duplicate: mayWrite && selected !== null,
      delete: change, forward: change, backward: change,
      lock: selected !== null, "hide-mark": selected !== null, "zoom-selection": selected !== null,
      "turn-left": marking.canTurn, "turn-right": marking.canTurn, "turn-far-left": marking.canTurn, "turn-far-right": marking.canTurn,
      hide: desk.items.length > 0,
    }
  }

  #pressed() {
    const { desk } = this
    const { selected } = desk
    return {
      ...Object.fromEntries([...desk.tools.values()].map((tool) => [tool.act, tool === desk.tool])),
      hide: desk.areAllHidden,
      snap: desk.isSnapping,
      lock: selected !== null && desk.isLocked(selected),
      "hide-mark": selected !== null && desk.work.hiddenMarks.has(selected.mark.id),
      occlude: desk.tool.steps.occlude,
    }
  }

  showMarks() {
    if (this.desk.areAllHidden) this.desk.areAllHidden = false
  }
}

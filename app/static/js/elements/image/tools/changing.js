// Gestures that change one mark: shown while they last, kept at their end.

/** `shaped(dx, dy, at, press)` gives the mark's geometry, or null where it stays as it is. */
export function changing(desk, item, shaped, { click = null } = {}) {
  let from = null
  let geometry = null
  return {
    start: (at) => (from = at),
    move: (at, press) => {
      geometry = shaped(at.x - from.x, at.y - from.y, press)
      if (geometry) desk.preview(item, geometry)
    },
    end: () => {
      desk.take(item)
      if (geometry) desk.change(item, geometry)
    },
    cancel: () => desk.preview(item, null),
    click,
  }
}

/** The whole mark goes along with the pointer. */
export function moving(desk, item) {
  const shape = desk.shapeOf(item)
  return changing(desk, item, (dx, dy) => shape.moved(item.mark, Math.round(dx), Math.round(dy), desk.size))
}

/** One of its handles does. Points go where new points would go: on whole pixels, to a neighbour while snapping is on. */
export function dragging(desk, item, handle, click) {
  const shape = desk.shapeOf(item)
  const isPoint = handle.type === "vertex" || handle.type === "middle"
  const shaped = (dx, dy, press) => {
    const to = { x: handle.x + dx, y: handle.y + dy }
    const place = isPoint ? desk.place(to, press, item) : { x: handle.x + Math.round(dx), y: handle.y + Math.round(dy) }
    return shape.dragged(item.mark, handle, { dx: place.x - handle.x, dy: place.y - handle.y }, desk.size)
  }
  return changing(desk, item, shaped, { click })
}

/** A press on a point that does not move it takes it in hand; with Alt it is taken away. A press between two splits there. */
export function pressing(desk, item, handle) {
  if (handle.type === "middle") return () => desk.points.splitAfter(item, handle.name.slice(1))
  if (handle.type !== "vertex") return null
  return (_at, press) => {
    desk.take(item)
    desk.points.hold(handle.name)
    if (press.alt) desk.points.remove()
  }
}

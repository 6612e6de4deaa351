// A gesture that changes one mark: shown while it lasts, kept at its end.

/** `shaped(dx, dy, at, press)` gives the mark's geometry, or null where it stays as it is. */
export function changing(desk, item, shaped, { click = null } = {}) {
  let from = null
  let geometry = null
  return {
    start: (at) => (from = at),
    move: (at, press) => {
      geometry = shaped(Math.round(at.x - from.x), Math.round(at.y - from.y), at, press)
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

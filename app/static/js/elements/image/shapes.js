// SVG elements made one by one; nothing is parsed from text.

const SVG = "http://www.w3.org/2000/svg"

export function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name)
  set(made, attributes)
  made.append(...children)
  return made
}

export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) element.removeAttribute(name)
    else element.setAttribute(name, value)
  }
}

export function place(rect, box) {
  const { x, y, width, height } = box
  const turned = box.rotation ? `rotate(${box.rotation} ${x + width / 2} ${y + height / 2})` : null
  set(rect, { x, y, width, height, transform: turned })
}

const pen = document.createElement("canvas").getContext("2d")
const widths = new Map()

/** How wide a text is in a font, so that a ground can be drawn under it without asking for the layout. */
export function textWidth(text, font) {
  const key = `${font} ${text}`
  if (!widths.has(key)) {
    pen.font = font
    widths.set(key, pen.measureText(text).width)
  }
  return widths.get(key)
}

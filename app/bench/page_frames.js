// One gesture on the picture of the labeling page, a step of it a frame, run in the page by page_frames.py. The press that
// begins a drag and its end are real; in between, events like the browser's own come one a frame. Gives the milliseconds
// between frames.

async ({ gesture, frames, from }) => {
  const stage = document.querySelector(".image-stage")
  const frame = () => new Promise(requestAnimationFrame)
  const pointer = (x, y) =>
    stage.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, pointerId: 1, pointerType: "mouse", clientX: x, clientY: y }))
  const wheel = (x, y, by) => stage.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, clientX: x, clientY: y, deltaY: by }))
  const steps = {
    // Out and back in a circle, so that neither the picture nor a mark comes to an edge.
    drag: (at) => pointer(from.x + 60 * Math.sin(at / 9), from.y + 40 * Math.sin(at / 7)),
    pan: (at) => pointer(from.x + 180 * Math.sin(at / 14), from.y + 110 * Math.sin(at / 11)),
    zoom: (at) => wheel(from.x, from.y, at % 48 < 24 ? -70 : 70),
    dive: (at) => wheel(from.x, from.y, at < frames / 2 ? -45 : 45),
  }
  const times = []
  steps[gesture](0)
  let last = await frame()
  for (let at = 1; at <= frames; at += 1) {
    steps[gesture](at)
    const now = await frame()
    times.push(now - last)
    last = now
  }
  return times
}

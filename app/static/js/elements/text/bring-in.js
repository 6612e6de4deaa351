// Scrolling to a place in a long text. What lies between has no real height before it comes near the screen, so it is looked
// at again until it stays where it is.

const FRAMES = 5
const ROOM = { top: 56, bottom: 40, side: 24 } // pixels: a tag and what is tied over it, the bars under it
const running = new WeakMap() // host -> what is brought in now

/** `boxOf()` measures the place, in the window; null where it is gone. */
export function bringIn(host, boxOf) {
  running.set(host, boxOf)
  step(host, boxOf, FRAMES)
}

function step(host, boxOf, left) {
  const box = boxOf()
  if (!box || running.get(host) !== boxOf) return
  const frame = host.getBoundingClientRect()
  const [over, under] = [frame.top + ROOM.top - box.top, box.bottom + ROOM.bottom - frame.bottom]
  if (over > frame.height || under > frame.height) host.scrollTop += (box.top + box.bottom - frame.top - frame.bottom) / 2
  else if (over > 0) host.scrollTop -= over
  else if (under > 0) host.scrollTop += under
  if (box.left < frame.left + ROOM.side) host.scrollLeft += box.left - frame.left - ROOM.side
  else if (box.right > frame.right - ROOM.side) host.scrollLeft += box.right - frame.right + ROOM.side
  if (left > 0) requestAnimationFrame(() => step(host, boxOf, left - 1))
}

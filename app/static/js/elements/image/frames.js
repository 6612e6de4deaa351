// The strip of frames under a picture that moves: loaded with the first such picture.

let modules = null

/** `pictures`: parts as the server's JSON. To be awaited before one of them is opened. */
export async function loadStrip(pictures) {
  if (pictures.some(({ frame_count: count }) => count > 1)) modules ??= await import("./frame-strip.js")
}

/** The strip of a part element, null where its picture does not move; `context` as FrameStrip takes it. */
export function stripOf(part, context) {
  const strip = part.querySelector(".image-frames")
  return strip && new modules.FrameStrip(part, strip, context)
}

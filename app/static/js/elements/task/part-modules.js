// The code of each kind of part, loaded when the first ad with such a part comes: an image ad never loads the video's. A
// module may export `prepare(task)`, which loads what of its kind only some tasks need.

const MODULES = {
  "fasit-image": () => import("../image-part.js"),
  "fasit-text": () => import("../text-part.js"),
  "fasit-audio": () => import("../audio-part.js"),
  "fasit-video": () => import("../video-part.js"),
}

/** `element` is the task's, `task` its data. */
export async function loadParts(element, task) {
  const names = new Set([...element.querySelectorAll("[data-part]")].map(({ localName }) => localName))
  await Promise.all([...names].map((name) => load(name, task)))
}

async function load(name, task) {
  const { prepare } = (await MODULES[name]?.()) ?? {}
  await prepare?.(task)
}

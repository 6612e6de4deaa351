// The code of each kind of part, loaded when the first ad with such a part comes: an image ad never loads the video's.

const MODULES = {
  "fasit-image": () => import("../image-part.js"),
  "fasit-text": () => import("../text-part.js"),
  "fasit-audio": () => import("../audio-part.js"),
  "fasit-video": () => import("../video-part.js"),
}

export async function loadParts(task) {
  const names = new Set([...task.querySelectorAll("[data-part]")].map((element) => element.localName))
  await Promise.all([...names].map((name) => MODULES[name]?.()))
}

// An ad that is only pretended, and marks on it: for trying the questions of a schema out where there is no ad. A mark of
// every kind has the shape that the labeling page would give it.

const SIDE_PX = 1000
const TEXT = "An example of a text."
const SECONDS = 60
const STEP = 10

/** A part as the labeling page knows it, with the facts that marks are held to. */
export function samplePart({ name, modality }) {
  const facts = {
    image: { width: SIDE_PX, height: SIDE_PX },
    text: { text: TEXT },
    audio: { duration: SECONDS },
    video: { width: SIDE_PX, height: SIDE_PX, duration: SECONDS },
  }
  return { name, modality, ...facts[modality] }
}

const box = (at) => ({ x: at * STEP, y: at * STEP, width: 200, height: 100, rotation: 0 })
const line = (at) => [
  [at * STEP, 0],
  [at * STEP + 100, 0],
  [at * STEP + 100, 100],
]

// By kind: (how many marks there are, their ids, the field) -> shape; null where such a mark needs others first.
export const SAMPLES = {
  boxes: box,
  polygons: (at) => ({ points: line(at) }),
  polylines: (at) => ({ points: line(at) }),
  keypoints: (at) => ({ points: { example: [at * STEP, 0, 2] } }),
  masks: () => ({ rle: { size: [SIDE_PX, SIDE_PX], counts: "PPP`m0" } }),
  spans: () => ({ start: 3, end: 10, text: TEXT.slice(3, 10) }),
  segments: (at) => ({ start: at, end: at + 1 }),
  tracks: (at) => ({ keyframes: [{ frame: at, time: at, ...box(at), outside: false, occluded: false }] }),
  relations: (_at, ids) => (ids.length < 2 ? null : { from: ids[0], to: ids[1] }),
}

/** The shape of the next mark of a field, or null where there is none yet: a relation ties two marks that are there. */
export function sampleShape(field, answers) {
  const marks = Object.values(answers).flatMap((answer) => (Array.isArray(answer) ? answer : []))
  const ids = marks.filter((mark) => typeof mark?.id === "string" && mark.from === undefined).map((mark) => mark.id)
  return SAMPLES[field.kind](ids.length, ids, field)
}

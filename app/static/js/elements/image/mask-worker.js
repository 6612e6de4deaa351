// Makes masks aside from the page, so that even one of a whole large picture holds nobody up.
// Takes {id, picture, base, deed} (mask-painting.js) and answers {id, changed, rle, edges, outline}.

import { outline } from "../../annotate/mask-outline.js"
import { after } from "../../annotate/mask-painting.js"
import { compress, decompress, empty } from "../../annotate/rle.js"

self.addEventListener("message", ({ data: { id, picture, base, deed } }) => {
  const { runs, changed } = after(base ? decompress(base) : empty(picture), deed)
  if (!changed) return self.postMessage({ id, changed })
  const edges = Uint32Array.from(runs.edges)
  self.postMessage({ id, changed, rle: compress(runs), edges, outline: outline(runs) }, [edges.buffer])
})

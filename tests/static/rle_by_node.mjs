// Reads masks as JSON lines on stdin and answers what the page's own module makes of each.

import { createInterface } from "node:readline"
import * as rle from "../../app/static/js/annotate/rle.js"

function bitmapOf({ x, y, width, height, data }) {
  return { x, y, width, height, data: Uint8Array.from(Buffer.from(data, "base64")) }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { size, crop, second, foreign } = JSON.parse(line)
  const runs = rle.fromBitmap(bitmapOf(crop), size)
  const other = rle.fromBitmap(bitmapOf(second), size)
  const box = rle.bounds(runs)
  const again = rle.fromBitmap(rle.toBitmap(runs), size)
  const answer = {
    rle: rle.compress(runs),
    again: rle.compress(again),
    read: rle.compress(rle.decompress(foreign)),
    area: rle.area(runs),
    bounds: [box.x, box.y, box.width, box.height],
    union: rle.compress(rle.union(runs, other)),
    intersect: rle.compress(rle.intersect(runs, other)),
    subtract: rle.compress(rle.subtract(runs, other)),
    moved: rle.compress(rle.shift(runs, 3, -2)),
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

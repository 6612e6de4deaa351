// What the buttons of tracks do, by the name in `data-action`. What changes a mark waits until the frame on the screen is
// proven.

const TURN = 5 // degrees

/**
 * part: the video's element; tracks: TrackEditing; queue: FrameQueue; table: FrameTable;
 * asks: {go(frame), draw(), announce(sentence)}
 */
export function trackActions({ part, tracks, queue, table, asks }) {
  const settled = (act) => () => queue.mark(act)
  const to = (frame, way) => {
    if (frame === null) asks.announce(way > 0 ? "This is the last keyframe." : "This is the first keyframe.")
    else asks.go(frame)
  }
  const before = (frame) => ({ frame: frame - 1, time: table.seconds(Math.max(frame - 1, 0)) })
  const copyOn = (frame) => {
    const ahead = Math.max(1, Math.round(Number(part.querySelector(".track-ahead").value) || 1))
    const target = table.clamp(frame + ahead)
    if (target === frame) asks.announce("This is the last frame.")
    else if (tracks.copyTo(target, table.seconds(target))) asks.go(target)
  }
  return {
    draw: asks.draw,
    keyframe: settled(() => tracks.addKeyframe()),
    outside: settled(() => tracks.toggle("outside")),
    occluded: settled(() => tracks.toggle("occluded")),
    "keyframe-back": settled(() => to(tracks.keyframeBeside(-1), -1)),
    "keyframe-on": settled(() => to(tracks.keyframeBeside(1), 1)),
    "keyframe-remove": settled(() => tracks.removeKeyframe()),
    "copy-on": settled(copyOn),
    "turn-right": settled(() => tracks.turn(TURN)),
    "turn-left": settled(() => tracks.turn(-TURN)),
    split: settled((frame) => tracks.split(before(frame))),
    merge: settled(() => tracks.merge()),
  }
}

// What the buttons of sound and picture do, by the name in `data-action`. A video adds its own.

/** `again()`: plays the selected segment once more. */
export function timedActions(part, again) {
  const { playback, timeline, segments } = lazily(part)
  return {
    play: () => playback().toggle(),
    back: () => playback().shuttleBack(),
    forward: () => playback().shuttleForward(),
    "step-back": () => part.step(-1),
    "step-on": () => part.step(1),
    "second-back": () => part.move(-1),
    "second-on": () => part.move(1),
    "five-back": () => part.move(-5),
    "five-on": () => part.move(5),
    first: () => part.seek(0),
    last: () => part.seek(part.grid.end),
    in: () => part.atMoment((moment) => segments().markIn(moment)),
    out: () => part.atMoment((moment) => segments().markOut(moment)),
    mute: () => playback().toggleMute(),
    slower: () => playback().slower(),
    faster: () => playback().faster(),
    loop: () => playback().toggleLoop(),
    "zoom-in": () => timeline().zoomIn(),
    "zoom-out": () => timeline().zoomOut(),
    "zoom-fit": () => timeline().fit(),
    "zoom-selection": () => {
      const item = part.items.find(({ selected }) => selected)
      if (item) timeline().frame(item.start, item.end)
    },
    "start-back": () => segments().nudge("start", -1),
    "start-on": () => segments().nudge("start", 1),
    "end-back": () => segments().nudge("end", -1),
    "end-on": () => segments().nudge("end", 1),
    again,
    remove: () => segments().remove(),
  }
}

// A part has them only once it is open.
function lazily(part) {
  return { playback: () => part.playback, timeline: () => part.timeline, segments: () => part.segments }
}

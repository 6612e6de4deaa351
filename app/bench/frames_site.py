"""A Fasit with one video a queue, for measuring what its page shows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.assets.intake import GivenPart
from app.bench import site

BODY: dict[str, Any] = {
    "name": "Bottles in films",
    "parts": [{"name": "clip", "modality": "video"}],
    "fields": [
        {"name": "bottles", "kind": "tracks", "part": "clip", "choices": [{"value": "bottle"}, {"value": "glass"}]},
        {"name": "scenes", "kind": "segments", "part": "clip", "choices": [{"value": "party"}]},
    ],
}
# Tracks that wander over the whole video, given to the page as the draft of a long day's work.
MANY_TRACKS = """async ([tracks, keyframes]) => {
  const { work } = document.querySelector("fasit-work")
  const part = work.part("clip")
  const { times } = await (await fetch(part.urls.frames)).json()
  const each = Math.floor(keyframes / tracks)
  const gap = Math.floor((times.length - 1) / each)
  const made = Array.from({ length: tracks }, (_, track) => ({
    id: `t${track}`, choice: track % 2 ? "bottle" : "glass", source: "human",
    keyframes: Array.from({ length: each }, (_, n) => ({
      frame: n * gap, time: times[n * gap] / 1e6, x: (track * 13 + n * 7) % 250, y: (track * 7 + n * 5) % 140, width: 40, height: 40,
      rotation: 0, outside: false, occluded: false,
    })),
  }))
  work.load({ answers: { bottles: made } })
}"""


def build(own: Path, url: str, films: Mapping[str, Path]) -> dict[str, str]:
    """A queue a film. Gives the queues' ids by the films' names."""
    ads = ((name, [GivenPart("clip", "video", path=path)]) for name, path in films.items())
    return site.build_apart(own, url, schema=BODY, ads=ads)

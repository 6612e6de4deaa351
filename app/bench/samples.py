"""`fasit bench samples`: clicks of every format of sound, heard and marked on the page, and where the export has them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.bench import samples_site, samples_sounds, site
from app.bench.browser import chromium, sign_in_by_password
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure
from app.bench.samples_sounds import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SECONDS, QUICK_SECONDS = 600, 12
MARKED, QUICK_MARKED = 10, 2  # segments of each sound, each from one click to another
AT_MOST_MS = 1.0
SHOWN_AT_MOST_MS = 300
SLOW = 60_000
LONG = "an hour"
# From the part's own beginning to the picture of its waveform.
SHOWN = """() => new Promise((resolve) => {
  const { work } = document.querySelector("fasit-work")
  const part = document.querySelector("fasit-audio")
  const wave = part.querySelector(".timeline-wave")
  const begun = performance.now()
  part.open(work)
  part.querySelector(".timeline").dataset.wave = "none"
  wave.getContext("2d").clearRect(0, 0, wave.width, wave.height)
  const look = () => {
    const drawn = part.querySelector(".timeline").dataset.wave === "ready"
    if (!drawn || !wave.getContext("2d").getImageData(wave.width / 3, wave.height / 2, 1, 1).data[3]) return requestAnimationFrame(look)
    resolve(performance.now() - begun)
  }
  look()
})"""

Edges = list[tuple[float, float]]


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    seconds, marked = (QUICK_SECONDS, QUICK_MARKED) if quick else (SECONDS, MARKED)
    with folder() as own:
        env = environment(own)
        sounds = {kind: own / f"clicks-{n}.{KINDS[kind].suffix}" for n, kind in enumerate(KINDS)}
        for kind, path in sounds.items():
            samples_sounds.make(path, KINDS[kind], seconds)
        hour = own / "hour.flac"
        samples_sounds.make(hour, KINDS["FLAC"], 3600)
        queues = samples_site.build(own, env["FASIT_DATABASE_URL"], {**sounds, LONG: hour})
        wanted, heard = {}, {}
        with running(["serve"], free_port(), env) as server, chromium() as browser:
            for kind, path in sounds.items():
                onsets = samples_sounds.onsets(path)
                wanted[kind] = _edges(onsets, marked)
                heard[kind] = _label(browser, server.address, queues[kind], wanted[kind])
            shown = _shown(browser, server.address, queues[LONG])
        stored = _exported(own, env)
    return [*_figures(wanted, heard, stored, marked), *shown]


def _edges(onsets: list[float], count: int) -> Edges:
    """Pairs of clicks spread over the sound."""
    step = (len(onsets) - 2) / count
    return [(onsets[round(n * step)], onsets[round(n * step) + 1]) for n in range(count)]


def _label(browser: "Browser", address: str, queue: str, edges: Edges) -> list[float]:
    """Marks every pair and submits. Gives where the first of each is heard."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in_by_password(page, address, site.LABELER, site.PASSWORD)
    page.goto(f"{address}/queues/{queue}/work")
    page.locator("fasit-audio .timeline[data-wave=ready]").wait_for(timeout=SLOW)
    found = []
    for start, end in edges:
        samples_sounds.mark(page, start, end)
        found.append(samples_sounds.heard(page, start))
    page.keyboard.press("Control+Enter")
    page.locator("fasit-audio").wait_for(state="detached", timeout=SLOW)
    page.context.close()
    return found


def _shown(browser: "Browser", address: str, queue: str) -> list[Figure]:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in_by_password(page, address, site.LABELER, site.PASSWORD)
    page.goto(f"{address}/queues/{queue}/work")
    page.locator("fasit-audio .timeline[data-wave=ready]").wait_for(timeout=SLOW)
    opened = page.evaluate("() => performance.now()")
    times = sorted(page.evaluate(SHOWN) for _ in range(5))
    page.context.close()
    how = "median of five: from the part's beginning to the pixels of its waveform; the peaks come from the browser's cache after the first"
    whole = "from opening the page's address, all of the page included, to the waveform"
    return [
        figure("an hour of sound shown, ms", round(times[2], 1), "ms", how=how, at_most=SHOWN_AT_MOST_MS),
        figure("page of an hour of sound opened, ms", round(opened, 1), "ms", how=whole),
    ]


def _exported(own: Path, env: Mapping[str, str]) -> dict[str, Edges]:
    command = [
        sys.executable,
        "-m",
        "app",
        "export",
        site.PROJECT,
        "--format",
        "jsonl",
        "--out",
        str(own / "out"),
    ]
    subprocess.run(command, env=dict(env), check=True, stdout=subprocess.DEVNULL)
    found = {}
    for path in (own / "out").glob("*.jsonl"):
        for line in path.read_text().splitlines():
            label = json.loads(line)
            claims = sorted(label["answers"]["claims"], key=lambda mark: float(mark["start"]))
            found[label["asset"]["external_id"]] = [(mark["start"], mark["end"]) for mark in claims]
    return found


def _figures(
    wanted: Mapping[str, Edges], heard: Mapping[str, list[float]], stored: Mapping[str, Edges], marked: int
) -> list[Figure]:
    found = []
    for kind, edges in wanted.items():
        export = [
            abs(a - b) for pair, got in zip(edges, stored[kind], strict=True) for a, b in zip(pair, got, strict=True)
        ]
        ear = [abs(start - at) for (start, _), at in zip(edges, heard[kind], strict=True)]
        how = f"the most that {2 * marked} clicks, marked by the page's own keys, lie off in the export from the server's decode"
        found.append(figure(f"{kind}: exported, ms off", _ms(export), "ms", how=how, at_most=AT_MOST_MS))
        how = f"the most that {marked} clicks, recorded from the page's player, lie off from the server's decode"
        found.append(figure(f"{kind}: heard, ms off", _ms(ear), "ms", how=how, at_most=AT_MOST_MS))
    return found


def _ms(seconds: list[float]) -> float:
    return round(1000 * max(seconds), 4)

"""`fasit bench frames`: seeks and steps on every kind of video, the number read from the picture on the page."""

import random
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.bench import frames_films, frames_site, site
from app.bench.browser import chromium, sign_in_by_password
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure
from app.bench.frames_films import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SLOW = 60_000  # milliseconds that the page may take at all
COUNT = 300  # frames of each film
LONG = "30 min, 300 tracks"
TRACKS, KEYFRAMES = 300, 20_000
STEP_AT_MOST = 100  # milliseconds
# When the first frame was shown after the page was opened, and each next one after its key; and what is on the picture now.
WATCH = """() => {
  window.bench = { key: 0, steps: [] }
  const read = (turned) => {
    const painted = document.querySelector(".video-exact:not([hidden])")
    const film = document.querySelector(".video-stage video")
    const [width, height] = painted ? [painted.width, painted.height] : [film.videoWidth, film.videoHeight]
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext("2d")
    context.drawImage(painted ?? film, 0, 0, width, height)
    const [bits, long] = [10, turned ? height : width]
    let number = 0
    for (let bit = 0; bit < bits; bit += 1) {
      const [along, across] = [((bit + 0.5) * long) / bits, long / bits / 2]
      const [x, y] = turned ? [width - across, along] : [along, across]
      const [red, green, blue] = context.getImageData(x, y, 1, 1).data
      if (red + green + blue > 384) number += 2 ** bit
    }
    return number
  }
  window.bench.read = read
  document.addEventListener("keydown", (event) => { window.bench.key = event.timeStamp }, { capture: true })
  window.bench.arrived = (frame, isStep) => new Promise((resolve, reject) => {
    const end = performance.now() + 15000
    const look = () => {
      const shown = document.querySelector(".media-frame")
      const isThere = !("pending" in shown.dataset) && shown.textContent.startsWith(`frame ${frame} of`)
      if (!isThere) return performance.now() > end ? reject(new Error(`frame ${frame} did not come: ${shown.textContent}`)) : requestAnimationFrame(look)
      requestAnimationFrame(() => {
        if (isStep) window.bench.steps.push(performance.now() - window.bench.key)
        resolve()
      })
    }
    look()
  })
}"""


@dataclass
class Seen:
    """What became of the seeks and steps on one film."""

    right: int = 0
    asked: int = 0
    first: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        return round(100 * self.right / max(self.asked, 1), 2)


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    each = 20 if quick else 200
    with folder() as own:
        env = environment(own)
        films = {kind: _film(own, number, kind) for number, kind in enumerate(KINDS)}
        films[LONG] = _long(own, minutes=2 if quick else 30)
        queues = frames_site.build(own, env["FASIT_DATABASE_URL"], films)
        with running(["serve"], free_port(), env) as server, chromium() as browser:
            found = {kind: _measure(browser, server.address, queues[kind], kind, each) for kind in KINDS}
            long = _measure_long(browser, server.address, queues[LONG], steps=20 if quick else 60)
    return [*_right(found, each), *_times(found, long)]


def _right(found: Mapping[str, Seen], each: int) -> list[Figure]:
    how = f"{each} random seeks and {each} single steps through the page; the number is read from the picture it shows"
    return [
        figure(f"right: {kind}", seen.share, "%", how=how, at_least=100 if seen.asked == 2 * each else 101)
        for kind, seen in found.items()
    ]


def _times(found: Mapping[str, Seen], long: list[float]) -> list[Figure]:
    first = [time for seen in found.values() for time in seen.first]
    steps = [time for seen in found.values() for time in seen.steps]
    how = f"median over {len(steps)} steps on films of {frames_films.WIDTH} x {frames_films.HEIGHT}, from the key's event to the frame "
    how += "in which the page names and shows the next frame"
    many = f"median of {len(long)} steps with {TRACKS} tracks of {KEYFRAMES} keyframes in all on a video of 30 min (2 min with --quick)"
    return [
        figure("task open to first frame", round(statistics.median(first), 1), "ms",
               how="median over the kinds, from opening the address of the page to the first proven frame"),
        figure("key to next frame", round(statistics.median(steps), 1), "ms", how=how, at_most=STEP_AT_MOST),
        figure("step with 20000 keyframes", round(statistics.median(long), 1), "ms", how=many, at_most=STEP_AT_MOST),
    ]  # fmt: skip


def _film(own: Path, number: int, kind: str) -> Path:
    path = own / f"film-{number}.{KINDS[kind].suffix}"
    frames_films.make(path, KINDS[kind], COUNT, sound=number == 0)
    return path


def _long(own: Path, *, minutes: int) -> Path:
    path = own / "long.mp4"
    recipe = frames_films.Recipe(ticks=lambda count: [n * 9000 for n in range(count)])  # ten frames a second
    frames_films.make(path, recipe, minutes * 600)
    return path


def _open(browser: "Browser", address: str, queue: str) -> "Page":
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in_by_password(page, address, site.LABELER, site.PASSWORD)
    page.goto(f"{address}/queues/{queue}/work")
    page.locator("fasit-video:not([aria-busy]) .media-frame:not([data-pending])").wait_for(timeout=SLOW)
    page.evaluate(WATCH)
    return page


def _measure(browser: "Browser", address: str, queue: str, kind: str, each: int) -> Seen:
    page = _open(browser, address, queue)
    turned = KINDS[kind].turned
    chance = random.Random(kind)  # noqa: S311  # where to look, not a secret
    seen, frame = Seen(first=[page.evaluate("() => performance.now()")]), 0
    for _ in range(each):
        frame = chance.randrange(COUNT)
        page.keyboard.press("Alt+G")
        page.locator(".media-place").fill(str(frame))
        page.keyboard.press("Enter")
        _look(page, seen, frame, turned=turned, is_step=False)
    for _ in range(each):
        way = chance.choice((-1, 1)) if 0 < frame < COUNT - 1 else (1 if frame == 0 else -1)
        frame += way
        page.keyboard.press("." if way > 0 else ",")
        _look(page, seen, frame, turned=turned, is_step=True)
    seen.steps = page.evaluate("() => window.bench.steps")
    page.context.close()
    return seen


def _look(page: "Page", seen: Seen, frame: int, *, turned: bool, is_step: bool) -> None:
    page.evaluate("([frame, isStep]) => window.bench.arrived(frame, isStep)", [frame, is_step])
    seen.asked += 1
    seen.right += page.evaluate("(turned) => window.bench.read(turned)", turned) == frame


def _measure_long(browser: "Browser", address: str, queue: str, *, steps: int) -> list[float]:
    page = _open(browser, address, queue)
    page.evaluate(frames_site.MANY_TRACKS, [TRACKS, KEYFRAMES])
    page.wait_for_function("(count) => document.querySelector('[data-marks-count]').textContent === String(count)",
                           arg=TRACKS, timeout=SLOW)  # fmt: skip
    page.keyboard.press("Escape")
    for frame in range(1, steps + 1):
        page.keyboard.press(".")
        page.evaluate("(frame) => window.bench.arrived(frame, true)", frame)
    measured: list[float] = page.evaluate("() => window.bench.steps")
    page.context.close()
    return measured

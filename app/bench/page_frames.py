"""The frames of the image page: how long they take while one drags, resizes, pans and zooms among hundreds of marks."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.bench import site
from app.bench.browser import chromium, sign_in_by_password
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure
from app.bench.page_frames_site import PUT, Size, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SLOW = 120_000  # milliseconds that the page may take at all
MANY, FAR = "many marks", "very large"
MARKED: Size = (8000, 6000)
PAIRS = 5
TRIES = 5  # of a pace that is judged by itself; whatever else the machine does only makes frames longer
STEP = Path(__file__).with_name("page_frames.js")
# Counts the pixels of all bitmaps that the page holds decoded, and notes when the picture is there.
WATCH = """
  window.held = { pixels: 0, most: 0, opened: null }
  const make = window.createImageBitmap
  window.createImageBitmap = async (...given) => {
    const bitmap = await make(...given)
    const pixels = bitmap.width * bitmap.height
    held.pixels += pixels
    held.most = Math.max(held.most, held.pixels)
    const close = bitmap.close.bind(bitmap)
    bitmap.close = () => {
      held.pixels -= pixels
      close()
    }
    return bitmap
  }
  const look = () => {
    const stage = document.querySelector("fasit-work:not([aria-busy]) .image-stage:not([aria-busy])")
    if (stage?.querySelector(".image-tiles[data-complete]")) held.opened = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
"""
# From an input event, or a scroll, to when the frame with its effect has been drawn.
LIST = """async (act) => {
  const filter = document.querySelector(".marks-filter")
  const scroller = document.querySelector(".marks-scroll")
  const acts = {
    filter: (at) => {
      filter.value = ["bottle", "glass 4", "", "logo 12"][at % 4]
      filter.dispatchEvent(new Event("input", { bubbles: true }))
    },
    scroll: (at) => (scroller.scrollTop = (at * 7919) % (scroller.scrollHeight - scroller.clientHeight)),
  }
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  const times = []
  for (let at = 0; at < 20; at += 1) {
    await drawn()
    const start = performance.now()
    acts[act](at)
    await drawn()
    times.push(performance.now() - start)
  }
  filter.value = ""
  filter.dispatchEvent(new Event("input", { bubbles: true }))
  return times
}"""


@dataclass(frozen=True)
class Run:
    """The milliseconds between frames, and of script in all of them."""

    times: list[float]
    script: float

    @property
    def rate(self) -> float:
        return 1000 * len(self.times) / sum(self.times)

    @property
    def script_a_frame(self) -> float:
        return self.script / len(self.times)


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    far: Size = (10_000, 7_500) if quick else (20_000, 15_000)
    frames = 60 if quick else 150
    with folder() as own:
        env = environment(own)
        queue = build(own, env["FASIT_DATABASE_URL"], {MANY: MARKED, FAR: far})
        with running(["serve"], free_port(), env) as server, chromium() as browser:
            marked = Driver(_opened(browser, server.address, queue[MANY]), MARKED)
            figures = [*_few_hundred(marked, frames), *_two_thousand(marked, frames)]
            marked.page.context.close()
            figures += _very_large(Driver(_opened(browser, server.address, queue[FAR]), far), frames)
    return figures


def _opened(browser: "Browser", address: str, queue: str) -> "Page":
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(SLOW)
    sign_in_by_password(page, address, site.LABELER, site.PASSWORD)
    page.add_init_script(WATCH)
    page.goto(f"{address}/queues/{queue}/work")
    page.wait_for_function("() => window.held.opened !== null")
    return page


class Driver:
    """What is done at the page, by real presses and one event a frame."""

    def __init__(self, page: "Page", size: Size) -> None:
        self.page, self.size = page, size
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable")

    def put(self, count: int) -> None:
        self.page.evaluate(PUT, [count, *self.size])
        self.page.locator(".image-stage").focus()
        self.page.keyboard.press("v")
        self.page.keyboard.press("z")
        self._rest()

    def _rest(self) -> None:
        self.page.locator(".image-tiles[data-complete]").wait_for()
        self.page.wait_for_timeout(400)  # the page itself rests after 120 ms

    def gesture(self, name: str, frames: int, at: tuple[float, float], press: str | None = None) -> Run:
        """`at`: where it begins, on the screen; `press`: the button of the mouse that is held during it."""
        mouse, (x, y) = self.page.mouse, at
        mouse.move(x, y)
        if press:
            mouse.down(button=press)  # type: ignore[arg-type]
            mouse.move(x + 5, y + 4)
        before = self._script()
        given = {"gesture": name, "frames": frames, "from": {"x": x, "y": y}}
        times = self.page.evaluate(STEP.read_text(encoding="utf-8"), given)
        script = self._script() - before
        if press:
            mouse.up(button=press)  # type: ignore[arg-type]
            self.page.keyboard.press("Control+z")
        self._rest()
        return Run(times, script)

    def _script(self) -> float:
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        seconds: float = next(one["value"] for one in metrics if one["name"] == "ScriptDuration")
        return 1000 * seconds

    def middle(self) -> tuple[float, float]:
        box = self.page.locator(".image-stage").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, number: int, frames: int, *, corner: bool = False) -> Run:
        """Moves a mark, or drags its corner."""
        return self.gesture("drag", frames, self.mark(number, corner=corner), "left")

    def mark(self, number: int, *, corner: bool = False) -> tuple[float, float]:
        """The middle of a mark on the screen, or just outside its lower right corner, where its handle can be taken."""
        found = "(id) => { const { work } = document.querySelector('fasit-work'); work.select('objects', id) }"
        self.page.evaluate(found, f"m{number}" if corner else None)
        box = self.page.locator(f"[data-mark=m{number}] > .mark-line").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        return (box["x"] + box["width"] + 1, box["y"] + box["height"] + 1) if corner else (x, y)


def _few_hundred(driver: Driver, frames: int) -> Iterator[Figure]:
    count, number = 500, 255
    driver.put(count)
    what = f"500 boxes on {MARKED[0]} x {MARKED[1]} pixels, all in sight; milliseconds between frames"
    for verb in ("dragging", "resizing"):
        runs = [driver.drag(number, frames, corner=verb == "resizing") for _ in range(TRIES)]
        yield from _paces(f"500 boxes, {verb}", runs, f"{what} while one of them changes", median=20, p95=40)
    for verb, gesture, press in (("panning", "pan", "middle"), ("zooming", "zoom", None)):
        ratios, scripts = [], []
        for _ in range(PAIRS):
            driver.put(0)
            bare = driver.gesture(gesture, frames, driver.middle(), press)
            driver.put(count)
            full = driver.gesture(gesture, frames, driver.middle(), press)
            ratios.append(full.rate / bare.rate)
            scripts.append(full.script_a_frame)
        how = f"median of {PAIRS} interleaved pairs: 500 boxes against the same picture without, all in sight"
        yield figure(f"frame rate, 500 boxes, {verb}", round(statistics.median(ratios), 2), "", how=how, at_least=0.8)
        yield figure(
            f"script a frame, 500 boxes, {verb}", round(min(scripts), 2), "ms", at_most=3,
            how=f"Chromium's own ScriptDuration, which is time on the clock, over its frames; the quietest of {PAIRS} runs",
        )  # fmt: skip


def _two_thousand(driver: Driver, frames: int) -> Iterator[Figure]:
    driver.put(2000)
    dragged = [driver.drag(1024, frames) for _ in range(TRIES)]
    what = "2 000 boxes on the same picture, all in sight; milliseconds between frames while one of them moves"
    yield from _paces("2 000 boxes, dragging", dragged, what, median=40, p95=None)
    for act, verb in (("scroll", "scrolled"), ("filter", "filtered")):
        took = statistics.median(driver.page.evaluate(LIST, act))
        how = "median of 20, from the event until the frame that shows its effect is drawn"
        yield figure(f"frame, 2 000 boxes, the list {verb}", round(took, 1), "ms", how=how, at_most=50)


def _very_large(driver: Driver, frames: int) -> Iterator[Figure]:
    page, (width, height) = driver.page, driver.size
    name = f"frame, {width} x {height}"
    opened = page.evaluate("() => window.held.opened")
    how = "from the address to the first view with every tile in it, the browser's cache empty"
    yield figure(f"{name}, opens", round(opened), "ms", how=how, at_most=2000)
    driver.put(200)
    dragged = [driver.drag(85, frames) for _ in range(TRIES)]
    dived = [driver.gesture("dive", frames, driver.middle()) for _ in range(3)]
    for _ in range(3):
        page.keyboard.press("Shift+O")
        driver.gesture("pan", frames, driver.middle(), "middle")
    yield from _paces(f"{width} x {height}, dragging", dragged, "one of 200 boxes", median=20, p95=None)
    how = "zooming in until a pixel of it is some of the screen, and out, while tiles arrive"
    yield from _paces(f"{width} x {height}, zooming", dived, how, median=40, p95=None)
    most = 4 * page.evaluate("() => window.held.most") / 1e6
    how = f"the most that was held at once while zooming and panning; the whole picture is {4 * width * height / 1e6:.0f} MB"
    yield figure(f"{name}, tiles held decoded", round(most, 1), "MB", how=how, at_most=100)


def _paces(name: str, runs: list[Run], how: str, *, median: float, p95: float | None) -> Iterator[Figure]:
    done = min(runs, key=lambda run: sum(run.times) / len(run.times))
    how = f"{how}; the quietest of {len(runs)} runs"
    yield figure(f"frame, {name}", _median(done.times), "ms", how=f"{how}; median", at_most=median)
    if p95 is not None:
        slow = statistics.quantiles(done.times, n=20)[-1]
        yield figure(f"frame, {name}, p95", round(slow, 1), "ms", how=f"{how}; 95th percentile", at_most=p95)


def _median(times: list[float]) -> float:
    return round(statistics.median(times), 1)

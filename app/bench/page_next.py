"""From the submit key to the next image ad usable, with the next task reserved ahead and without."""

import io
import statistics
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from app.assets.intake import GivenPart
from app.bench import site
from app.bench.browser import chromium, sign_in_by_password
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

SLOW = 60_000  # milliseconds that the page may take at all
PEOPLE = {"preloaded": "preloaded@example.org", "plain": "plain@example.org"}  # one a way of measuring
BODY: dict[str, Any] = {
    "name": "Alcohol in ads",
    "parts": [{"name": "creative", "modality": "image"}],
    "fields": [
        {"name": "verdict", "kind": "choice", "required": True, "choices": [{"value": "allow"}, {"value": "reject"}]},
        {"name": "objects", "kind": "boxes", "choices": [{"value": "bottle"}, {"value": "glass"}]},
        {"name": "note", "kind": "text"},
    ],
}
# From the key's own time stamp to the frame in which the next task is awake and its picture drawn.
WATCH = """() => {
  window.benchTimes = []
  const usable = (old) => {
    const work = document.querySelector("fasit-work:not([aria-busy])")
    const stage = work?.querySelector(".image-stage")
    return work && work.dataset.task !== old && stage && !stage.hasAttribute("aria-busy")
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey) return
    const old = document.querySelector("fasit-work").dataset.task
    const look = () => {
      if (!usable(old)) return requestAnimationFrame(look)
      requestAnimationFrame(() => window.benchTimes.push(performance.now() - event.timeStamp))
    }
    look()
  }, { capture: true })
}"""


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    times = 8 if quick else 30
    with folder() as own:
        env = environment(own)
        ads = (
            (f"ad-{number}", [GivenPart("creative", "image", file=_picture(number))]) for number in range(2 * times + 6)
        )
        queue = site.build(own, env["FASIT_DATABASE_URL"], schema=BODY, ads=ads, labelers=list(PEOPLE.values()))
        with running(["serve"], free_port(), env) as server, chromium() as browser:
            measured = {name: _measure(browser, server.address, queue, name, times) for name in PEOPLE}
    how = f"median of {times} submits of image ads (1600 x 1200) by Ctrl+Enter, from the key's event to the frame in which "
    how += "the next task is awake and its picture drawn"
    preloaded, plain = (statistics.median(measured[name]) for name in PEOPLE)
    return [
        figure(
            "next, preloaded", round(preloaded, 1), "ms", how=f"{how}; the next task was reserved ahead", at_most=150
        ),
        figure("next, not reserved ahead", round(plain, 1), "ms", how=f"{how}; reserving is blocked", at_most=300),
    ]


def _picture(number: int) -> io.BytesIO:
    """Unlike every other, and no smaller than a photograph would be."""
    image = Image.effect_noise((1600, 1200), 30 + number % 40).convert("RGB")
    ImageDraw.Draw(image).rectangle((number * 7 % 900, 300, number * 7 % 900 + 300, 900), fill="#2f4f2f")
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    stream.seek(0)
    return stream


def _measure(browser: "Browser", address: str, queue: str, name: str, times: int) -> list[float]:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in_by_password(page, address, PEOPLE[name], site.PASSWORD)
    if name != "preloaded":
        page.route("**/work/claims", _refuse_ahead)
    page.goto(f"{address}/queues/{queue}/work")
    page.evaluate(WATCH)
    for count in range(1, times + 1):
        page.locator("fasit-work:not([aria-busy]) .image-stage:not([aria-busy])").wait_for(timeout=SLOW)
        if name == "preloaded":
            page.locator("work-shell[data-next-ready]").wait_for(timeout=SLOW)
        page.locator(".work-saved[data-state=saved]").wait_for(timeout=SLOW)
        page.keyboard.press("1")
        page.locator(".work-saved[data-state=saved]").wait_for(timeout=SLOW)
        page.wait_for_timeout(200)
        page.keyboard.press("Control+Enter")
        page.wait_for_function("(count) => window.benchTimes.length === count", arg=count, timeout=SLOW)
    measured: list[float] = page.evaluate("() => window.benchTimes")
    page.context.close()
    return measured


def _refuse_ahead(route: "Route") -> None:
    if "ahead" in (route.request.post_data or ""):
        route.fulfill(status=204)
    else:
        route.continue_()

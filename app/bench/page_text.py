"""A text of a million characters with 5 000 spans: until it is painted, until a new span is, and a step of the caret."""

import itertools
import statistics
from typing import TYPE_CHECKING, Any

from app.assets.intake import GivenPart
from app.assets.kinds.text import LONGEST
from app.bench import site
from app.bench.browser import chromium, sign_in_by_password
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SLOW = 120_000  # milliseconds that the page may take at all
SPANS = 5000
CHOICES = ("health", "price", "environment", "comparison")
BODY: dict[str, Any] = {
    "name": "Claims in a long text",
    "parts": [{"name": "page", "modality": "text"}],
    "fields": [
        {"name": "claims", "kind": "spans", "choices": [{"value": value} for value in CHOICES]},
        {"name": "note", "kind": "text"},
    ],
}
WORDS = [
    "Drikk",
    "smart:",
    "tonic",
    "🍷",
    "cures",
    "all",
    "aches,",
    "says",
    "Dr",
    "Hånsen;",
    "now",
    "99",
    "kr.",
    "Blåbær",
    "og",
    "مرحبا",
    "שלום",
    "e\u0301",
    "👨\u200d👩\u200d👧",
    "today",
]
PUT_DRAFT = """async ([answers]) => {
  const shell = document.querySelector("work-shell")
  const { claim } = JSON.parse(document.querySelector(".work-data").textContent)
  const headers = { "Claim-Token": claim.token }
  const answer = await shell.server.send("PUT", `/api/v1/claims/${claim.id}/draft`, { json: { seq: 1000, answers }, headers })
  return answer.status
}"""
# When the text with its spans stood in a painted frame; then, of every key that is watched, how long until what it did was.
WATCH = """() => {
  window.benchTimes = []
  const drawn = () => document.querySelector("fasit-work:not([aria-busy]) .text-handle")
  const look = () => {
    if (!drawn()) return requestAnimationFrame(look)
    requestAnimationFrame(() => { window.benchPainted = performance.now() })
  }
  look()
  const watch = (event, isDone) => {
    const wait = () => {
      if (!isDone()) return requestAnimationFrame(wait)
      const painted = new MessageChannel() // its message comes when the frame has been painted
      painted.port1.onmessage = () => window.benchTimes.push(performance.now() - event.timeStamp)
      painted.port2.postMessage(null)
    }
    wait()
  }
  document.addEventListener("keydown", (event) => {
    const place = document.querySelector(".text-place")?.value
    const selected = document.querySelector(".text-handle[data-selected]")?.dataset.mark
    if (event.key === "Enter") watch(event, () => (document.querySelector(".text-handle[data-selected]")?.dataset.mark ?? selected) !== selected)
    else if (event.key === "ArrowRight") watch(event, () => document.querySelector(".text-place").value !== place)
  }, { capture: true })
}"""


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    openings, spans = (3, 8) if quick else (7, 30)
    text = _text()
    with folder() as own:
        env = environment(own)
        ads = [("page", [GivenPart("page", "text", text=text)])]
        queue = site.build(own, env["FASIT_DATABASE_URL"], schema=BODY, ads=ads)
        with running(["serve"], free_port(), env) as server, chromium() as browser:
            painted, made, steps = _measure(browser, server.address, queue, _spans(text), (openings, spans))
    of = f"a text of {len(text):,} characters with {SPANS:,} spans".replace(",", " ")
    return [
        figure(
            "text first paint", round(statistics.median(painted)), "ms", at_most=1000,
            how=f"{of}: from the opening of the page to the frame with the text and its spans, both requests to the server "
            f"in it; median of {openings} openings",
        ),
        figure(
            "text new span", round(statistics.median(made), 1), "ms", at_most=50,
            how=f"{of}: from the key's event to the frame in which the span is drawn, selected and listed; median of {spans}",
        ),
        figure(
            "text caret step", round(statistics.median(steps), 1), "ms", at_most=50,
            how=f"{of}: from the key's event to the frame in which the caret stands at the next word; median of {spans}",
        ),
    ]  # fmt: skip


def _text() -> str:
    """Paragraphs of several lengths, with emoji, combining marks and both directions, cut at the longest text taken."""
    words = itertools.cycle(WORDS)
    lines = []
    length = 0
    for number in itertools.count():
        line = " ".join(itertools.islice(words, 40 + number * 37 % 160))
        lines.append(line)
        length += len(line) + 1
        if length > LONGEST:
            return "\n".join(lines)[:LONGEST]
    raise AssertionError


def _spans(text: str) -> list[dict[str, Any]]:
    """Spread over the whole text, every fourth overlapping the one before it."""
    step = len(text) // SPANS
    marks = []
    for number in range(SPANS):
        start = number * step - (step - 12 if number % 4 == 3 else 0)  # noqa: PLR2004  # the last of four
        end = start + 8 + number % 30
        choice = CHOICES[number % len(CHOICES)]
        marks.append({"id": f"m{number}", "choice": choice, "start": start, "end": end, "text": text[start:end]})
    return marks


def _measure(
    browser: "Browser", address: str, queue: str, marks: list[dict[str, Any]], times: tuple[int, int]
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each opening, each new span, each step of the caret."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in_by_password(page, address, site.LABELER, site.PASSWORD)
    page.goto(f"{address}/queues/{queue}/work")
    page.locator("fasit-work:not([aria-busy])").wait_for(timeout=SLOW)
    status = page.evaluate(PUT_DRAFT, [{"claims": marks}])
    assert status in {200, 204}, status
    page.add_init_script(f"({WATCH})()")
    painted = [_opening(page, address, queue) for _ in range(times[0])]
    return painted, *_keys(page, times[1])


def _opening(page: "Page", address: str, queue: str) -> float:
    page.goto(f"{address}/queues/{queue}/work")
    page.wait_for_function("() => window.benchPainted !== undefined", timeout=SLOW)
    painted: float = page.evaluate("() => window.benchPainted")
    page.locator(".work-saved").wait_for(timeout=SLOW)
    return painted


def _keys(page: "Page", count: int) -> tuple[list[float], list[float]]:
    """Words along the text are gone to and marked, one after the other."""
    page.locator(".text-stage").focus()
    page.keyboard.press("Control+Home")
    taken: dict[str, list[float]] = {"Control+ArrowRight": [], "Enter": []}
    for number in range(count):
        for key in ("Control+ArrowRight", "Enter"):
            page.locator(".work-saved[data-state=saved]").wait_for(timeout=SLOW)  # what the last key left to do is done
            page.wait_for_timeout(100)
            before = page.evaluate("() => window.benchTimes.length")
            page.keyboard.press(key)
            page.wait_for_function("(before) => window.benchTimes.length > before", arg=before, timeout=SLOW)
            taken[key].append(page.evaluate("() => window.benchTimes.at(-1)"))
        page.keyboard.press("n" if number % 2 else "Escape")
    return taken["Enter"], taken["Control+ArrowRight"]

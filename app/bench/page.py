"""`fasit bench page`: the JavaScript a labeling page loads, gzipped as sent, in a real Chromium (needs the test extra)."""

import re
import shutil

from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure
from app.errors import AppError

try:
    from playwright.sync_api import Browser, Response, sync_playwright
except ImportError:
    sync_playwright = None  # type: ignore[assignment]  # said in one sentence when the benchmark is run

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
KILO = 1000
LIMITS = {
    "Image ads": ("gzipped image", 120),
    "Text ads": ("gzipped text", 120),
    "Audio ads": ("gzipped audio", 120),
    "Video ads": ("gzipped video", 300),
}

DECODED, DECODER = "Video ads", "vendor/mediabunny/mediabunny.min.mjs"


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if sync_playwright is None or program is None:
        raise AppError("This benchmark needs Chromium and the test extra: pip install 'fasit[test]'.")
    with folder() as own, running(["demo"], free_port(), environment(own)) as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        figures = [
            figure_ for queue, limit in LIMITS.items() for figure_ in _measure(browser, server.address, queue, *limit)
        ]
        browser.close()
    return figures


def _measure(browser: Browser, address: str, queue: str, name: str, limit: int) -> list[Figure]:
    context = browser.new_context()
    page = context.new_page()
    sizes: dict[str, float] = {}
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((address, "blob:", "data:")) else None
        ),
    )
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name=re.compile("Ada Labeler")).click()
    page.on("response", lambda response: _note(sizes, response))
    page.goto(f"{address}/")
    page.get_by_role("link", name=re.compile(queue)).first.click()
    page.locator("fasit-work").wait_for(timeout=30_000)
    page.wait_for_load_state("networkidle")
    if queue == DECODED:  # as a video does that the browser's own player cannot step exactly
        base = next(url for url in sizes).split("/js/")[0]
        page.evaluate("(address) => import(address).then(() => null)", f"{base}/{DECODER}")
    context.close()
    total = sum(sizes.values()) / KILO
    how = f"{len(sizes)} JavaScript answers of the page, gzipped as sent, as Chromium received them"
    return [
        figure(name, round(total, 1), "kB", how=how, at_most=limit),
        figure(
            f"{name}: from elsewhere", len(foreign), "requests", how="requests that left for another server", at_most=0
        ),
    ]


def _note(sizes: dict[str, float], response: Response) -> None:
    if "javascript" in response.headers.get("content-type", ""):
        sizes[response.url] = float(response.headers["content-length"])

"""The JavaScript a labeling page loads, gzipped as sent."""

import re
from typing import TYPE_CHECKING

from app.bench.browser import chromium, signed_in
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

KILO = 1000
LIMITS = {
    "Image ads": ("gzipped image", 120),
    "Text ads": ("gzipped text", 120),
    "Audio ads": ("gzipped audio", 120),
    "Video ads": ("gzipped video", 300),
}

DECODED, DECODER = "Video ads", "vendor/mediabunny/mediabunny.min.mjs"


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    with folder() as own, running(["demo"], free_port(), environment(own)) as server, chromium() as browser:
        return [
            figure_ for queue, limit in LIMITS.items() for figure_ in _measure(browser, server.address, queue, *limit)
        ]


def _measure(browser: "Browser", address: str, queue: str, name: str, limit: int) -> list[Figure]:
    page = signed_in(browser, address, "Ada Labeler")
    sizes: dict[str, float] = {}
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((address, "blob:", "data:")) else None
        ),
    )
    page.on("response", lambda response: _note(sizes, response))
    page.goto(f"{address}/")
    page.get_by_role("link", name=re.compile(queue)).first.click()
    page.locator("fasit-work").wait_for(timeout=30_000)
    page.wait_for_load_state("networkidle")
    if queue == DECODED:  # as a video does that the browser's own player cannot step exactly
        base = next(url for url in sizes if "/js/" in url).split("/js/")[0]
        page.evaluate("(address) => import(address).then(() => null)", f"{base}/{DECODER}")
    page.context.close()
    total = sum(sizes.values()) / KILO
    how = f"{len(sizes)} JavaScript answers of the page, gzipped as sent, as Chromium received them"
    return [
        figure(name, round(total, 1), "kB", how=how, at_most=limit),
        figure(
            f"{name}: from elsewhere", len(foreign), "requests", how="requests that left for another server", at_most=0
        ),
    ]


def _note(sizes: dict[str, float], response: "Response") -> None:
    if "javascript" in response.headers.get("content-type", ""):
        sizes[response.url] = float(response.headers["content-length"])

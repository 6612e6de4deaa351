"""A Fasit of two pictures alike and one that moves, and the hands that look at them by real mouse and keys."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import labeling_site
from tests.browser.tools_site import ToolsSite, picture, showing
from tests.browser.working import SLOW, sign_in
from tests.making_frames import moving

DURATIONS = (100, 40, 250, 100, 30, 500)  # milliseconds of the frames of the picture that moves
FIRST = 20  # the number that its first frame carries
SCHEMA: dict[str, Any] = {
    "name": "Looking",
    "parts": [{"name": "creative", "modality": "image"}],
    "fields": [{"name": "objects", "kind": "boxes", "choices": [{"value": "bottle", "key": "t"}, {"value": "glass"}]}],
}


@contextmanager
def served(template: Path, folder: Path, *pictures: io.BytesIO) -> Iterator[ToolsSite]:
    """One ad a picture. `template` is a migrated SQLite database, copied into `folder`."""
    with showing(template, folder, SCHEMA, *pictures) as site:
        yield site


def two_alike() -> tuple[io.BytesIO, io.BytesIO]:
    """Two pictures of one size that differ in a byte after their end."""
    return picture(), io.BytesIO(picture().getvalue() + b"\0")


def one_that_moves() -> io.BytesIO:
    return io.BytesIO(moving("GIF", DURATIONS, first=FIRST))


@dataclass(frozen=True)
class Eyes:
    page: Page
    site: ToolsSite

    def start(self) -> None:
        """Begins the first task of a queue of this test's own, with the focus on the picture."""
        queue_id = labeling_site.open_queue(self.site.database, claim_seconds=900)
        sign_in(self.page, self.site)
        self.page.goto(f"{self.site.url}/queues/{queue_id}/work")
        self.awake()

    def awake(self) -> None:
        expect(self.page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
        expect(self.page.locator(".image-picture[data-loaded]")).to_be_visible(timeout=SLOW)
        self.stage.focus()

    @property
    def stage(self) -> Locator:
        return self.page.locator(".image-stage")

    @property
    def form(self) -> Locator:
        return self.page.locator(".image-look")

    @property
    def zoom(self) -> int:
        """In percent, as it is said under the picture."""
        return int(self.page.locator(".image-zoom").inner_text().split()[0])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.page.locator(".part-image").get_by_role("button", name=name, exact=True)

    def filter(self) -> str:
        """What the picture is shown through, as the browser reads it."""
        shown: str = self.page.locator(".image-layer").evaluate("(layer) => getComputedStyle(layer).filter")
        return shown

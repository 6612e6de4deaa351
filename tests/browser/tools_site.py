"""A Fasit whose one ad asks for every kind of mark on a picture, and the hands that work there by real mouse and keys."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from pycocotools import mask as coco

from app.assets.intake import GivenPart
from app.clock import system_clock
from app.db.session import Database
from app.people import actions as people
from app.people.rules import Role
from tests.browser import ads_site, labeling_site
from tests.browser.working import SLOW, sign_in

WIDTH, HEIGHT = 1600, 1200
FACE = {
    "points": ["left_eye", "right_eye", "nose", "mouth"],
    "skeleton": [["left_eye", "right_eye"], ["left_eye", "nose"], ["right_eye", "nose"], ["nose", "mouth"]],
    "titles": {"left_eye": {"en": "Left eye"}, "right_eye": {"en": "Right eye"}},
}
HAND = {"points": ["wrist", "thumb"], "skeleton": [["wrist", "thumb"]]}
SCHEMA: dict[str, Any] = {
    "name": "Every mark",
    "parts": [{"name": "creative", "modality": "image"}],
    "fields": [
        {"name": "objects", "kind": "boxes", "choices": [{"value": "bottle", "key": "t"}, {"value": "glass"}]},
        {"name": "areas", "kind": "polygons", "choices": [{"value": "sky"}, {"value": "road"}]},
        {"name": "edges", "kind": "polylines", "choices": [{"value": "kerb"}]},
        {
            "name": "pose", "kind": "keypoints", "templates": {"face": FACE, "hand": HAND},
            "choices": [{"value": "adult", "template": "face"}, {"value": "child", "template": "face"},
                        {"value": "left_hand", "template": "hand"}],
        },
        {"name": "paint", "kind": "masks", "choices": [{"value": "skin"}, {"value": "hair"}]},
    ],
}  # fmt: skip


@dataclass(frozen=True)
class ToolsSite:
    url: str
    database: Database
    token: str  # of somebody who may read every label


@contextmanager
def served(template: Path, folder: Path) -> Iterator[ToolsSite]:
    """`template` is a migrated SQLite database, copied into `folder`."""
    with showing(template, folder, SCHEMA, picture()) as site:
        yield site


@contextmanager
def showing(template: Path, folder: Path, schema: dict[str, Any], *pictures: io.BytesIO) -> Iterator[ToolsSite]:
    """One ad a picture, and somebody who may read their labels."""
    ads = [(f"ad-{number}", [GivenPart("creative", "image", file=one)]) for number, one in enumerate(pictures)]
    with ads_site.served(template, folder, schema=schema, ads=ads) as site:
        with site.database.write() as session:
            engineer = people.add_person(
                session, email="eva@company.example", name="Eva", roles=[Role.ENGINEER], organisation="Vendor",
                clock=system_clock,
            )  # fmt: skip
            token = people.add_token(session, person=engineer, name="reading", clock=system_clock)
        yield ToolsSite(site.url, site.database, token)


def picture() -> io.BytesIO:
    image = Image.new("RGB", (WIDTH, HEIGHT), "#7b8794")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 800, WIDTH, HEIGHT), fill="#5d4a3a")
    pen.ellipse((980, 260, 1320, 640), fill="#e9c39b")
    pen.rectangle((420, 320, 560, 820), fill="#2f4f2f")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream


@dataclass(frozen=True)
class Hands:
    """What somebody does at the labeling page. Places are pixels of the original picture."""

    page: Page
    site: ToolsSite

    def start(self) -> None:
        """Opens a queue of this test's own and begins its one task, with the focus on the picture."""
        queue_id = labeling_site.open_queue(self.site.database, claim_seconds=900)
        sign_in(self.page, self.site)
        self.page.goto(f"{self.site.url}/queues/{queue_id}/work")
        expect(self.page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
        expect(self.page.locator(".image-picture[data-loaded]")).to_be_visible(timeout=SLOW)
        self.stage.focus()

    @property
    def stage(self) -> Any:
        return self.page.locator(".image-stage")

    def at(self, x: float, y: float) -> tuple[float, float]:
        seen = self.page.locator(".image-picture").bounding_box()
        assert seen is not None
        return seen["x"] + x * seen["width"] / WIDTH, seen["y"] + y * seen["height"] / HEIGHT

    def click(self, *places: tuple[float, float], **more: Any) -> None:
        for place in places:
            self.page.mouse.click(*self.at(*place), **more)

    def drag(self, start: tuple[float, float], *way: tuple[float, float]) -> None:
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        for place in way:
            self.page.mouse.move(*self.at(*place))
        self.page.mouse.up()

    def take(self, name: str) -> None:
        """Presses a tool or an act by its name."""
        self.page.locator(".part-image").get_by_role("button", name=name, exact=True).click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, x: int = 0, y: int = 0) -> None:
        """Arrows, from where the crosshair or the mark is: hundreds with Ctrl, tens with Shift, then ones."""
        for way, far in (("Right" if x > 0 else "Left", abs(x)), ("Down" if y > 0 else "Up", abs(y))):
            self.press(*[f"Control+Arrow{way}"] * (far // 100), *[f"Shift+Arrow{way}"] * (far % 100 // 10))
            self.press(*[f"Arrow{way}"] * (far % 10))

    def rest(self) -> None:
        """Until what was painted is in the answers."""
        expect(self.page.locator(".image-stage:not([data-painting])")).to_be_visible()

    def submitted(self) -> dict[str, Any]:
        """Submits by key and gives the label's answers as the API reads them out."""
        self.rest()
        return submitted_answers(self.page, self.site)


def submitted_answers(page: Page, site: ToolsSite) -> dict[str, Any]:
    """Submits the last task of a queue by key and gives its label's answers as the API reads them out."""
    task = page.locator("fasit-work").get_attribute("data-task")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".image-stage")).to_have_count(0, timeout=SLOW)
    headers = {"Authorization": f"Bearer {site.token}", "Accept": "application/x-ndjson"}
    lines = page.request.get(f"{site.url}/api/v1/projects/ads/labels", headers=headers).text().splitlines()
    [answers] = [label["answers"] for label in map(json.loads, lines) if label["task"] == task]
    return answers  # type: ignore[no-any-return]


def geometry(mark: dict[str, Any]) -> Any:
    """What of a mark says where it is."""
    if "rle" in mark:
        return mark["rle"]
    if "points" in mark:
        return mark["points"]
    return tuple(mark[side] for side in ("x", "y", "width", "height", "rotation"))


def coded(mask: np.ndarray) -> dict[str, Any]:
    """A bitmap [row, column] as COCO's own tools write it."""
    found = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    return {"size": list(found["size"]), "counts": found["counts"].decode()}


def near(places: list[tuple[float, float]], size: int) -> np.ndarray:
    """Every pixel whose middle is within half the size of the way through these places."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    found = np.zeros((HEIGHT, WIDTH), bool)
    for (x, y), (to_x, to_y) in zip(places, places[1:] or places, strict=False):
        way_x, way_y = to_x - x, to_y - y
        length = way_x**2 + way_y**2
        share = np.clip(((columns - x) * way_x + (rows - y) * way_y) / length, 0, 1) if length else 0
        away = (columns - x - share * way_x) ** 2 + (rows - y - share * way_y) ** 2
        found |= away <= (size / 2) ** 2 + 1e-9
    return found


def block(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    found = np.zeros((HEIGHT, WIDTH), bool)
    found[top:bottom, left:right] = True
    return found

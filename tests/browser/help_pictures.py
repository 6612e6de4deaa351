"""Takes the pictures of the help in both themes, by the keys of the journeys: `python -m tests.browser.help_pictures`."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from app.db.migrate import migrate
from app.db.session import Database
from app.serving import demo
from tests import machine
from tests.browser import demo_site
from tests.browser.demo_site import DemoSite
from tests.browser.test_journey import Keyboard, begin, label_audio, label_image, label_text, label_video

FOLDER = Path(__file__).resolve().parents[2] / "app" / "static" / "help"
SIZE = (1366, 768)
QUALITY = 62
THEMES = ("light", "dark")


def queue(name: str, work: Callable[[Page, Keyboard], None]) -> Callable[[Page, DemoSite], None]:
    """An ad of this queue, labelled and not submitted."""

    def show(page: Page, site: DemoSite) -> None:
        keys = Keyboard(page)
        begin(page, keys, site.url, name)
        work(page, keys)

    return show


def start(page: Page, site: DemoSite) -> None:
    begin(page, Keyboard(page), site.url, "Mixed ads")


def keys(page: Page, _site: DemoSite) -> None:
    """Over the page of the picture before."""
    page.keyboard.press("?")


def schema(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.url}/projects/{demo.SLUG}/schemas")
    page.get_by_role("button", name="Image ad").click()
    page.locator("fasit-schema-preview").get_by_role("radio", name="Reject").click()
    page.keyboard.press("n")


Point = tuple[float, float]


def shapes(page: Page, site: DemoSite) -> None:
    """A polygon, points of a face, a mask and a line on one picture; points are shares of the stage's sides."""
    begin(page, Keyboard(page), site.url, "Retouched persons")
    box = page.locator(".image-stage").bounding_box()
    assert box

    def at(point: Point) -> Point:
        return box["x"] + box["width"] * point[0], box["y"] + box["height"] * point[1]

    def click(*points: Point) -> None:
        for point in points:
            page.mouse.click(*at(point))

    def drag(*points: Point) -> None:
        page.mouse.move(*at(points[0]))
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*at(point), steps=6)
        page.mouse.up()

    page.keyboard.press("2")
    page.keyboard.press("b")
    drag((0.018, 0.29), (0.1, 0.405))
    for key in ("p", "5"):
        page.keyboard.press(key)
    click((0.405, 0.57), (0.49, 0.57), (0.49, 0.685), (0.405, 0.685))
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("k")
    click((0.733, 0.448), (0.766, 0.448), (0.736, 0.482), (0.764, 0.482), (0.75, 0.515))
    page.keyboard.press("y")
    click((0.65, 0.56), (0.66, 0.62), (0.645, 0.7))
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("d")
    drag((0.71, 0.6), (0.79, 0.6), (0.79, 0.64), (0.71, 0.64), (0.71, 0.68), (0.79, 0.68))
    page.keyboard.press("v")


def relations(page: Page, site: DemoSite) -> None:
    """Two spans of a text and what ties them."""
    begin(page, Keyboard(page), site.url, "Claims and evidence")
    keys = Keyboard(page)
    keys.tab_to(page.locator(".text-stage"))
    keys.press("Control+Home", "b", *["Control+ArrowRight"] * 3, *["Control+Shift+ArrowRight"] * 7, "Enter")
    keys.press("t", *["Control+ArrowRight"] * 2, *["Control+Shift+ArrowRight"] * 7, "Enter")
    keys.press("r", "Shift+Tab", "Enter")


def compare(page: Page, site: DemoSite) -> None:
    begin(page, Keyboard(page), site.url, "Variants compared")
    Keyboard(page).press("2", "3")


LABELER: dict[str, Callable[[Page, DemoSite], None]] = {
    "start": start,
    "image": queue("Image ads", label_image),
    "shapes": shapes,
    "keys": keys,
    "text": queue("Text ads", label_text),
    "relations": relations,
    "compare": compare,
    "audio": queue("Audio ads", label_audio),
    "video": queue("Video ads", label_video),
}


def catalogue(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.url}/projects/{demo.SLUG}/assets?metadata.market=NO&modality=image")


def imported(page: Page, site: DemoSite) -> None:
    """A table with two rows that cannot be taken."""
    rows = ("external_id,caption:text,market", "spring-1,Spring is here,NO", "spring-2,,NO", "spring-1,Another text,NO")
    table = "\n".join([*rows, *(f"spring-{number},Only until Sunday,SE" for number in range(3, 40))])
    page.goto(f"{site.url}/projects/{demo.SLUG}/imports")
    page.get_by_label("File").set_input_files({"name": "spring.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="What came of it").wait_for()


def why(page: Page, site: DemoSite) -> None:
    """A queue that asks for a certificate which nobody has."""
    queue = f"{site.url}/queues/{site.queues()['Video ads']}"
    page.goto(f"{queue}/handing-out")
    page.get_by_label("Certificates").fill("alcohol")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Saved.").wait_for()
    page.goto(f"{queue}/why?ad=lumia-glow&person=ada@demo.fasit.example")


ADMIN: dict[str, Callable[[Page, DemoSite], None]] = {
    "schema": schema,
    "catalogue": catalogue,
    "import": imported,
    "why": why,
}


def main() -> None:
    rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/fasit.db")
        migrate(database)
        database.close()
        with demo_site.serving_demo(Path(folder) / "fasit.db") as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=machine.find_chromium(), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
            for person, pictures in (("Ada Labeler", LABELER), ("Astrid Admin", ADMIN)):
                page.context.clear_cookies()
                demo_site.sign_in(page, site, person)
                for name, show in pictures.items():
                    take(page, site, name, show)
            browser.close()


def take(page: Page, site: DemoSite, name: str, show: Callable[[Page, DemoSite], None]) -> None:
    show(page, site)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(900)  # canvases are drawn again, the save state settles
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            picture.convert("RGB").save(FOLDER / f"{name}-{theme}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()

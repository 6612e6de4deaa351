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


LABELER: dict[str, Callable[[Page, DemoSite], None]] = {
    "start": start,
    "image": queue("Image ads", label_image),
    "keys": keys,
    "text": queue("Text ads", label_text),
    "audio": queue("Audio ads", label_audio),
    "video": queue("Video ads", label_video),
}
ENGINEER: dict[str, Callable[[Page, DemoSite], None]] = {"schema": schema}


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
            for person, pictures in (("Ada Labeler", LABELER), ("Astrid Admin", ENGINEER)):
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

"""Takes the README's pictures, those of the labeling pages by the keys of the journey: `python -m tests.browser.screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from app.db.migrate import migrate
from app.db.session import Database
from tests import machine
from tests.browser import demo_site
from tests.browser.demo_site import DemoSite
from tests.browser.help_pictures import catalogue, compare, relations, shapes
from tests.browser.test_journey import (
    Keyboard,
    begin,
    label_audio,
    label_image,
    label_mixed,
    label_text,
    label_video,
    sign_in,
    submit,
)

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
PAGES = (
    ("Image ads", "image", label_image, "light"),
    ("Text ads", "text", label_text, "light"),
    ("Audio ads", "audio", label_audio, "dark"),
    ("Video ads", "video", label_video, "dark"),
    ("Mixed ads", "mixed", label_mixed, "light"),
)
TOOLS = (("shapes", shapes, "dark"), ("relations", relations, "light"), ("compare", compare, "light"))


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/fasit.db")
        migrate(database)
        database.close()
        with demo_site.serving_demo(Path(folder) / "fasit.db") as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=machine.find_chromium(), args=["--no-sandbox"])
            take(browser.new_page(viewport={"width": 1366, "height": 768}), site)
            browser.close()


def take(page: Page, site: DemoSite) -> None:
    keys = Keyboard(page)
    sign_in(page, keys, site.url, "ada", "Your queues")
    for queue, name, work, scheme in PAGES:
        page.emulate_media(color_scheme=scheme)
        begin(page, keys, site.url, queue)
        work(page, keys)
        keep(page, name)
        submit(page, keys)
    for name, show, scheme in TOOLS:
        page.emulate_media(color_scheme=scheme)
        show(page, site)
        keep(page, name)
    page.emulate_media(color_scheme="light")
    page.goto(f"{site.url}/")
    keep(page, "home")
    page.context.clear_cookies()
    demo_site.sign_in(page, site, "Mia Manager")
    catalogue(page, site)
    keep(page, "catalogue")


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(900)  # canvases are drawn, the save state settles
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()

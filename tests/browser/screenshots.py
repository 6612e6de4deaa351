"""Takes the README's pictures of the labeling pages, by the keys of the journey: `python -m tests.browser.screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.assets.store import Store
from app.clock import system_clock
from app.db.migrate import migrate
from app.db.session import Database
from app.main import create_app
from app.serving import demo, server
from app.settings import Settings
from tests import machine
from tests.browser import labeling_site
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


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/fasit.db", media_url=f"{folder}/media", secret_key="0" * 32, demo=True
        )
        database = Database(settings.database_url)
        migrate(database)
        demo.load(database, Store(settings.media_folder), clock=system_clock)
        server.finish_jobs(settings, database, progress=lambda _done, _total: None)
        with labeling_site.serving(create_app(settings, database=database)) as address:
            take(address)


def take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        keys = Keyboard(page)
        sign_in(page, keys, address)
        for queue, name, work, scheme in PAGES:
            page.emulate_media(color_scheme=scheme)
            begin(page, keys, address, queue)
            work(page, keys)
            page.wait_for_timeout(700)  # the save state settles
            page.screenshot(path=FOLDER / f"{name}.png")
            submit(page, keys)
        page.emulate_media(color_scheme="light")
        page.goto(f"{address}/")
        page.screenshot(path=FOLDER / "home.png")
        browser.close()


if __name__ == "__main__":
    main()

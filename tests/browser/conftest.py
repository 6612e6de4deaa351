"""A real Chromium, one for the whole run, and a fresh page a test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app.clock import system_clock
from app.db.session import Database
from app.main import create_app
from app.people import sign_ins
from app.people.rules import Role, SignInWay
from app.web.cookies import SIGN_IN_COOKIE
from tests.browser import labeling_site
from tests.browser.labeling_site import Site, serving, settings_in
from tests.making import make_colleague, make_project

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    installed = next((path for path in CHROMIUM if Path(path).exists()), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of 1366 x 768; a fault in the page's own code, or anything its policy refused, fails the test."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="session")
def served(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A seeded Fasit on a free port, one for the whole run."""
    with labeling_site.seeded(migrated_sqlite, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(served: Site) -> Site:
    """The same server, with a queue of this test's own."""
    return replace(served, queue_id=labeling_site.open_queue(served.database, claim_seconds=900))


@pytest.fixture
def home(page: Page, sqlite_database: Database, tmp_path: Path) -> Iterator[str]:
    """The address of an empty project; an admin is signed in, who may write both."""
    with sqlite_database.write() as session:
        admin = make_colleague(session, Role.ADMIN, clock=system_clock)
        make_project(session, clock=system_clock)
        secret = sign_ins.begin(session, person=admin, way=SignInWay.LINK, browser="test", clock=system_clock)
    settings = settings_in(tmp_path, sqlite_database.url.render_as_string(hide_password=False))
    with serving(create_app(settings)) as url:
        page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": secret, "url": url}])
        yield f"{url}/projects/alcohol"

"""The pages of those who bring ads in, find them, and say who is handed what: with the keyboard alone, and as axe sees them."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.assets.actions import DERIVE
from app.assets.store import Store
from app.clock import system_clock
from app.db.session import Database
from app.imports.rules import IMPORT_JOB
from app.jobs.models import Job
from app.main import create_app
from app.people import sign_ins
from app.people.models import Person
from app.people.rules import Role, SignInWay
from app.web.cookies import SIGN_IN_COOKIE
from tests.assets.test_families import saved, scene
from tests.browser.axe import in_both_themes
from tests.browser.labeling_site import serving, settings_in
from tests.browser.test_journey import Keyboard
from tests.browser.working import answered, task_of
from tests.making import make_colleague, make_person
from tests.making_queues import make_queue, make_site

pytestmark = pytest.mark.browser
SLOW = 20_000


@dataclass
class Site:
    url: str
    database: Database
    queue: str
    admin: Person
    ada: Person
    lead: Person

    def sign_in(self, page: Page, person: Person) -> None:
        with self.database.write() as session:
            secret = sign_ins.begin(session, person=person, way=SignInWay.LINK, browser="test", clock=system_clock)
        page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": secret, "url": self.url}])


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Iterator[Site]:
    """A project with two text ads in two queues, an admin, and a vendor's labeler."""
    with sqlite_database.write() as session:
        made = make_site(session, Store(tmp_path / "media"), clock=system_clock, ads=2, name="First pass", priority=3)
        make_queue(session, made.project, clock=system_clock, name="A second look")
        admin = make_colleague(session, Role.ADMIN, clock=system_clock)
        ada = make_person(session, clock=system_clock)
        lead = make_person(session, clock=system_clock, name="Liv", roles=[Role.VENDOR_LEAD])
    settings = settings_in(tmp_path, sqlite_database.url.render_as_string(hide_password=False))
    with serving(create_app(settings)) as url:
        yield Site(url, sqlite_database, made.queue.id, admin, ada, lead)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """As everywhere, but axe's own probing of styles is no fault of the page's policy."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    yield context.new_page()
    context.close()


def archive() -> bytes:
    """Three ads, two of them one picture saved twice, and three rows that cannot be taken."""

    def ad(name: str, topic: str, **part: str) -> str:
        given = {"name": "creative", "modality": "image" if "path" in part else "text", **part}
        return json.dumps({"external_id": name, "metadata": {"topic": topic, "market": "NO"}, "parts": [given]})

    picture = scene(1)
    rows = [
        ad("beer-poster", "beer", path="large.png"),
        ad("beer-poster-small", "beer", path="small.jpg"),
        "{no ad",
        ad("wine-text", "wine", text="Summer wine, only this weekend"),
        ad("gone", "wine", path="missing.png"),
        ad("wine-text", "wine", text="Another text under a name that is taken"),
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("ads.jsonl", "\n".join(rows))
        made.writestr("large.png", saved(picture))
        made.writestr("small.jpg", saved(picture.resize((200, 150), Image.Resampling.LANCZOS), "JPEG", quality=80))
    return file.getvalue()


def test_a_file_with_bad_rows_is_imported_and_its_ads_are_found_by_search_facet_filter_and_family(
    page: Page, site: Site
) -> None:
    keys = Keyboard(page)
    site.sign_in(page, site.admin)
    page.goto(f"{site.url}/projects/alcohol/imports")
    keys.tab_to(page.get_by_label("File"))
    page.get_by_label("File").set_input_files({"name": "ads.zip", "mimeType": "application/zip", "buffer": archive()})
    keys.press("Control+Enter")
    expect(page.get_by_text("3 added · 0 there already · 3 refused")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("heading", name="ads.zip")).to_be_visible()
    refused = page.get_by_role("table").get_by_role("row")
    expect(refused).to_have_count(4)
    expect(refused.nth(1)).to_contain_text("line 3")
    expect(refused.nth(2)).to_contain_text("missing.png")
    expect(refused.nth(3)).to_contain_text("other content")
    faults = in_both_themes(page, "an import")

    keys.tab_to(page.get_by_role("link", name="To the ads"))
    keys.press("Enter")
    expect(page.locator(".catalogue-total")).to_have_text("5 ads")
    keys.tab_to(page.get_by_label("Search"))
    keys.type("beer")
    keys.press("Enter")
    expect(page.locator(".catalogue-total")).to_have_text("2 ads")
    keys.tab_to(page.get_by_role("checkbox", name="Image"))
    keys.press("Space")
    expect(page.get_by_role("link", name="Take away Modality image")).to_be_visible()
    keys.tab_to(page.get_by_text("Save this filter"))
    keys.press("Enter", "Tab")
    keys.type("Pictures of beer")
    keys.press("Enter")
    kept = page.get_by_role("link", name="Pictures of beer")
    expect(kept).to_be_visible()
    faults += in_both_themes(page, "a filter")

    keys.tab_to(page.get_by_role("link", name="Clear all"))
    keys.press("Enter")
    expect(page.locator(".catalogue-total")).to_have_text("5 ads")
    keys.tab_to(kept)
    keys.press("Enter")
    expect(page.locator(".catalogue-total")).to_have_text("2 ads")
    keys.tab_to(page.get_by_role("link", name="beer-poster", exact=True))
    keys.press("Enter")
    family = page.get_by_role("link", name="All of the family")
    expect(family).to_be_visible(timeout=SLOW)
    keys.tab_to(family)
    keys.press("Enter")
    expect(page.locator(".asset-tile")).to_have_count(2)
    assert faults == [], "\n\n".join(faults)


def test_who_lacks_a_certificate_is_refused_with_the_reason_and_with_it_is_handed_the_task(
    page: Page, site: Site
) -> None:
    keys = Keyboard(page)
    site.sign_in(page, site.admin)
    page.goto(f"{site.url}/queues/{site.queue}/handing-out")
    keys.tab_to(page.get_by_label("Certificates"))
    keys.type("alcohol")
    keys.press("Control+Enter")
    expect(page.get_by_text("Nobody who may work here has all of this now")).to_be_visible()
    expect(page.get_by_label("Metadata to order by")).to_be_hidden()
    keys.tab_to(page.get_by_label("Handed out"))
    keys.type("By metadata")
    expect(page.get_by_label("Metadata to order by")).to_be_visible()
    faults = in_both_themes(page, "handing out")

    keys.tab_to(page.get_by_role("link", name="Why is a task handed to somebody, or not?"))
    keys.press("Enter")
    keys.tab_to(page.get_by_label("Ad"))
    keys.type("ad-1")
    keys.press("Tab")
    keys.type("ada@example.org")
    keys.press("Control+Enter")
    expect(page.get_by_text("They are not handed this task.")).to_be_visible()
    expect(page.get_by_text("They lack what the queue asks for: certificate alcohol.")).to_be_visible()
    faults += in_both_themes(page, "why not")

    page.goto(f"{site.url}/people")
    keys.tab_to(page.get_by_role("link", name="Qualifications of Ada"))
    keys.press("Enter")
    keys.tab_to(page.get_by_label("What"))
    keys.type("Certificate")
    keys.press("Tab")
    keys.type("alcohol")
    keys.press("Enter")
    expect(page.get_by_role("rowheader", name="alcohol")).to_be_visible()
    faults += in_both_themes(page, "qualifications")
    page.goto(f"{site.url}/queues/{site.queue}/why?ad=ad-1&person=ada@example.org")
    expect(page.get_by_text("This is the next task that they are handed.")).to_be_visible()
    page.goto(f"{site.url}/queues/{site.queue}/handing-out")
    expect(page.get_by_text("1 of 1 person who may work here has all of this now.")).to_be_visible()
    assert faults == [], "\n\n".join(faults)


def test_failed_work_is_tried_again_or_dropped_and_waiting_work_cancelled(page: Page, site: Site) -> None:
    now = system_clock()
    failed_job = {"state": "failed", "run_after": now, "error": "The disk is full.", "finished_at": now}
    with site.database.write() as session:
        session.add(Job(kind=DERIVE, payload={"media": "none"}, created_at=now, **failed_job))
        session.add(Job(kind=IMPORT_JOB, payload={"import": "none"}, created_at=now, **failed_job))
        later = now + timedelta(minutes=4)
        session.add(Job(kind=IMPORT_JOB, payload={"import": "none"}, created_at=now, run_after=later))
    keys = Keyboard(page)
    site.sign_in(page, site.admin)
    page.goto(f"{site.url}/background")
    failed = page.get_by_role("region", name="Failed background work")
    expect(failed).to_contain_text("The disk is full.")
    faults = in_both_themes(page, "background work")
    keys.tab_to(failed.get_by_role("row", name="Preparing a file").get_by_role("button", name="Drop"))
    keys.press("Enter")
    expect(failed.get_by_role("row")).to_have_count(2)
    keys.tab_to(failed.get_by_role("row", name="Importing ads").get_by_role("button", name="Try again"))
    keys.press("Enter")
    expect(failed).to_contain_text("This import is not there any more.", timeout=SLOW)
    waiting = page.get_by_role("region", name="Background work that waits")
    keys.tab_to(waiting.get_by_role("button", name="Cancel"))
    keys.press("Enter")
    ended = page.get_by_role("region", name="Background work that ended lately")
    expect(ended.get_by_role("row", name="Cancelled")).to_be_visible()
    expect(ended.get_by_role("row", name="Dropped")).to_be_visible()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert faults == [], "\n\n".join(faults)


def test_the_next_task_of_any_queue_is_one_key_away_until_there_is_none(page: Page, site: Site) -> None:
    site.sign_in(page, site.ada)
    page.goto(f"{site.url}/")
    page.keyboard.press("Control+Enter")
    for task in range(4):
        expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
        done = task_of(page)
        page.keyboard.press("1")
        with answered(page):
            page.keyboard.press("Control+Enter")
        expect(page.locator(f"fasit-work[data-task='{done}']")).to_have_count(0, timeout=SLOW)
        if task % 2:
            expect(page.get_by_text("Nothing left for you in this queue")).to_be_visible(timeout=SLOW)
            page.keyboard.press("n")
    expect(page.get_by_role("heading", name="No task for you now")).to_be_visible()
    assert in_both_themes(page, "no task") == []


def test_a_person_wishes_in_words_that_are_checked_and_a_lead_takes_a_task_back(page: Page, site: Site) -> None:
    keys = Keyboard(page)
    site.sign_in(page, site.ada)
    page.goto(f"{site.url}/account")
    wishes = page.get_by_label("Ads whose metadata says")
    keys.tab_to(wishes)
    keys.type("gambling")
    keys.press("Tab", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("gambling")
    keys.tab_to(page.get_by_role("link", name="Back"))
    keys.press("Enter")
    expect(wishes).to_have_value("gambling")
    keys.tab_to(wishes)
    keys.press("Control+a")
    keys.type("project = alcohol")
    keys.press("Tab", "Enter")
    expect(page.get_by_text("From now on you are given no such ads")).to_be_visible()
    page.goto(f"{site.url}/")
    expect(page.get_by_text("Nothing for you now")).to_have_count(2)
    page.goto(f"{site.url}/account")
    keys.tab_to(wishes)
    keys.press("Control+a", "Delete", "Tab", "Enter")
    expect(page.get_by_text("You are given every kind of ad")).to_be_visible()
    with page.expect_response(lambda answer: "ahead" in (answer.request.post_data or ""), timeout=SLOW):
        page.goto(f"{site.url}/queues/{site.queue}/work")

    page.context.clear_cookies()
    site.sign_in(page, site.lead)
    page.goto(f"{site.url}/queues/{site.queue}")
    held = page.get_by_role("region", name="What your people hold")
    expect(held.get_by_role("row", name="Ada ad-2")).to_contain_text("after the one at hand")
    faults = in_both_themes(page, "what people hold")
    for ad in ("ad-1", "ad-2"):
        keys.tab_to(held.get_by_role("button", name=f"Take back {ad} from Ada"))
        keys.press("Enter")
        expect(held.get_by_role("row", name=f"Ada {ad}")).to_be_hidden()
    expect(page.get_by_role("heading", name="First pass").first).to_be_visible()
    expect(held).to_be_hidden()
    assert faults == [], "\n\n".join(faults)

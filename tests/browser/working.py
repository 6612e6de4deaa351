"""What every test of the labeling page does: sign in, start, look at what is chosen and whether it is saved."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.clock import system_clock
from app.people import sign_ins
from app.people.models import Person
from app.people.rules import SignInWay
from app.queues.models import Claim
from app.web.cookies import SIGN_IN_COOKIE
from tests.browser.labeling_site import EMAIL, Site

SLOW = 15_000


def sign_in(page: Page, site: Site, email: str = EMAIL) -> None:
    """Without the form: checking a password is dear, and has tests of its own."""
    with site.database.write() as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
        secret = sign_ins.begin(session, person=person, way=SignInWay.PASSWORD, browser="test", clock=system_clock)
    page.context.add_cookies(
        [{"name": SIGN_IN_COOKIE, "value": secret, "url": site.url, "httpOnly": True, "sameSite": "Lax"}]
    )


def start(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator("fieldset[data-field=verdict]")).to_be_visible()


def skip(page: Page) -> None:
    """To somebody else, without a reason."""
    page.keyboard.press("s")
    page.keyboard.press("Enter")


def chosen(page: Page, field: str) -> list[str]:
    return page.locator(f"fieldset[data-field={field}] .choice[aria-checked=true]").evaluate_all(
        "(buttons) => buttons.map((button) => button.dataset.value)"
    )


def expect_saved(page: Page, state: str = "saved") -> None:
    expect(page.locator(f".work-saved[data-state={state}]")).to_be_visible(timeout=SLOW)


def task_of(page: Page) -> str:
    task = page.locator("fasit-work").get_attribute("data-task")
    assert task
    return task


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Around what submits: leaves when the server has answered, which may be after the next task is shown."""
    with page.expect_response(lambda response: response.url.endswith("/label"), timeout=SLOW):
        yield


def claim_on(site: Site, task: str) -> Claim:
    """The live claim on a task."""
    with site.database.read() as session:
        return session.scalars(select(Claim).where(Claim.task_id == task, Claim.state == "live")).one()


def until_left(page: Page, site: Site, task: str) -> None:
    """Waits until the server knows that the task's page was closed."""
    for _ in range(100):
        if claim_on(site, task).left_at is not None:
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing was said of the page that closed")

"""An ad whose picture the browser cannot read is skipped in one press, and the reason goes along."""

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.queues.models import Outcome
from tests.browser.labeling_site import Site
from tests.browser.working import SLOW, expect_saved, start, task_of

pytestmark = pytest.mark.browser


def garble(route: Route) -> None:
    if route.request.resource_type == "image":
        route.fulfill(body="no picture", content_type="image/jpeg")
    else:
        route.continue_()


def test_a_picture_that_the_browser_cannot_read_is_skipped_with_that_reason(page: Page, site: Site) -> None:
    page.route("**/*", garble)
    start(page, site)
    task = task_of(page)
    expect(page.get_by_role("alert").filter(has_text="cannot read this picture")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Skip this task").click()
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", task, timeout=SLOW)
    expect_saved(page)
    with site.database.read() as session:
        notes = session.scalars(select(Outcome.note).where(Outcome.task_id == task)).all()
    assert notes == ["The browser cannot read the picture."]

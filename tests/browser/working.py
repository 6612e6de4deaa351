"""What every test of the labeling page does: sign in, start, look at what is chosen and whether it is saved."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.labeling_site import EMAIL, PASSWORD, Site

SLOW = 15_000


def sign_in(page: Page, site: Site, email: str = EMAIL) -> None:
    token = page.request.get(f"{site.url}/sign-in", headers={"Accept": "application/json"}).json()["csrf_token"]
    form = {"email": email, "password": PASSWORD, "csrf_token": token}
    answer = page.request.post(f"{site.url}/sign-in", form=form, headers={"Accept": "application/json"})
    assert answer.ok, answer.text()


def start(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.goto(site.work_url)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("fasit-work:not([aria-busy])")).to_be_visible(timeout=SLOW)
    expect(page.locator("fieldset[data-field=verdict]")).to_be_visible()


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

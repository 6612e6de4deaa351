"""Signing in, inviting and being invited, with the keyboard alone in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.clock import system_clock
from app.db.session import Database
from app.main import create_app
from app.people import actions
from app.people.rules import Role
from app.settings import Settings
from tests.browser.labeling_site import serving

EMAIL, PASSWORD = "alma@demo.fasit.example", "six sturdy words for a test"

pytestmark = pytest.mark.browser


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Iterator[str]:
    """A demo with an admin of the company and a labeler of a vendor."""
    with sqlite_database.write() as session:
        for email, name, role, organisation in (
            (EMAIL, "Alma", Role.ADMIN, "Fasit AS"),
            ("ada@demo.fasit.example", "Ada", Role.LABELER, "Nordlys"),
        ):
            actions.add_person(
                session,
                email=email,
                name=name,
                roles=[role],
                organisation=organisation,
                password=PASSWORD,
                clock=system_clock,
            )
    url = sqlite_database.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, media_url=str(tmp_path / "media"), secret_key="x" * 32, demo=True)
    with serving(create_app(settings, database=sqlite_database)) as address:
        yield address


def tab_to(page: Page, name: str, *, at_most: int = 40) -> None:
    """Presses Tab until the thing of this name has the focus."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        focused = page.evaluate("() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
        if name in focused:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/account")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/account")


def test_a_slip_keeps_the_email_and_asks_for_the_password_again(page: Page, site: str) -> None:
    page.goto(f"{site}/account")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/account")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_an_admin_invites_somebody_who_comes_in_and_chooses_a_password(
    page: Page, chromium: Browser, site: str
) -> None:
    sign_in(page, site)
    page.goto(f"{site}/people/new")
    page.keyboard.type("Bo Nilsen")
    page.keyboard.press("Tab")
    page.keyboard.type("ada@demo.fasit.example")
    page.keyboard.press("Tab")
    page.keyboard.type("Nordlys")
    tab_to(page, "Labeler")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Conflict")).to_be_visible()  # it is Ada's: what was typed is there again
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    page.get_by_role("link", name="Back", exact=True).press("Enter")
    expect(page.get_by_label("Organisation")).to_have_value("Nordlys")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Bo Nilsen")
    expect(page.get_by_label("Labeler")).to_be_checked()
    page.get_by_label("E-mail").fill("bo@nordlys.example")
    page.keyboard.press("Enter")
    link = page.get_by_label("The link").input_value()

    theirs = chromium.new_context().new_page()
    theirs.goto(link)
    theirs.keyboard.press("Enter")
    theirs.wait_for_url("**/account?notice=choose-password")
    theirs.keyboard.type("a password of my own")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("status").filter(has_text="Your password is changed")).to_be_visible()
    theirs.context.close()


def test_one_click_comes_in_as_somebody_of_the_demo(page: Page, site: str) -> None:
    page.goto(f"{site}/account")
    tab_to(page, "Vendor labeler")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/account")
    expect(page.get_by_role("main")).to_contain_text("ada@demo.fasit.example")


def test_the_theme_of_the_account_is_there_in_another_browser(page: Page, chromium: Browser, site: str) -> None:
    sign_in(page, site)
    page.get_by_role("combobox", name="Theme").select_option("dark")
    page.get_by_role("region", name="Name, language").get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    other = chromium.new_context(color_scheme="light").new_page()
    sign_in(other, site)
    assert other.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "dark"
    other.context.close()

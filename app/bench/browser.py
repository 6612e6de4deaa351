"""A real Chromium for the benchmarks of pages, and people signed in, to the demo or with a password."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import AppError

try:
    from playwright.sync_api import Browser, Page, sync_playwright
except ImportError:
    sync_playwright = None  # type: ignore[assignment]  # said in one sentence when the benchmark is run

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Raises `AppError` where Chromium or the driver is missing."""
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if sync_playwright is None or program is None:
        raise AppError("This benchmark needs Chromium and the test extra: pip install 'fasit[test]'.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def signed_in(browser: "Browser", address: str, person: str) -> "Page":
    """A page of a context of its own, in which one of the demo's people has signed in."""
    page = browser.new_context().new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name=re.compile(person)).click()
    page.wait_for_url(f"{address}/")
    return page


def sign_in_by_password(page: "Page", address: str, email: str, password: str) -> None:
    asked = {"Accept": "application/json"}
    token = page.request.get(f"{address}/sign-in", headers=asked).json()["csrf_token"]
    form = {"email": email, "password": password, "csrf_token": token}
    page.request.post(f"{address}/sign-in", form=form, headers=asked)

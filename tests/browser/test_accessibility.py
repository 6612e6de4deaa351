"""axe-core finds nothing on any page, in either theme, and every page can be used where the window is small.

The pages are all that the application answers: a page that is added is visited without a word here.
"""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import demo_site
from tests.browser.axe import violations
from tests.browser.demo_site import DemoSite, ready, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
OFFICE = ViewportSize(width=1366, height=768)
ZOOMED = ViewportSize(width=683, height=384)  # 1366 x 768 at 200 %


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[DemoSite]:
    folder = tmp_path_factory.mktemp("demo")
    copyfile(migrated_sqlite, folder / "fasit.db")
    with demo_site.serving_demo(folder / "fasit.db") as site:
        context = chromium.new_context(viewport=OFFICE)
        demo_site.name_everything(context.new_page(), site)
        context.close()
        yield site


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """As everywhere, but axe's own probing of styles is no fault of the page's policy."""
    context = chromium.new_context(viewport=OFFICE)
    yield context.new_page()
    context.close()


def visit(page: Page, site: DemoSite, path: str) -> None:
    answer = page.goto(site.url + path)
    assert answer is not None
    assert answer.status == 200, f"{path} answered {answer.status}"
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_any_page_of_the_company(page: Page, site: DemoSite, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme)
    sign_in(page, site, "Astrid Admin")
    found: list[str] = []
    for name, path in site.pages(of_labelers=False).items():
        if name != "people.link_page":
            visit(page, site, path)
            found += violations(page)
    assert found == [], "\n\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_where_nobody_is_signed_in(page: Page, site: DemoSite, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme)
    visit(page, site, "/sign-in")
    found = violations(page)
    page.goto(f"{site.url}/sign-in/none")
    found += violations(page)
    assert found == [], "\n\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_any_page_of_a_labeler(page: Page, site: DemoSite, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme)
    sign_in(page, site, "Ada Labeler")
    found: list[str] = []
    for path in site.pages(of_labelers=True).values():
        visit(page, site, path)
        found += violations(page)
    for queue in site.queues().values():
        visit(page, site, f"/queues/{queue}/work")
        ready(page)
        found += violations(page)
        for key, dialog in (("?", "#key-sheet"), ("Control+k", "#go-to"), ("g", "#guideline")):
            page.keyboard.press(key)
            page.locator(f"{dialog}:not([hidden])").wait_for()
            found += violations(page)
            page.keyboard.press("Escape")
            page.locator("dialog[open]").wait_for(state="detached")
    assert found == [], "\n\n".join(found)


def test_at_200_percent_no_page_scrolls_sideways(page: Page, site: DemoSite) -> None:
    page.set_viewport_size(ZOOMED)
    sign_in(page, site, "Astrid Admin")
    wide = []
    for name, path in site.pages(of_labelers=False).items():
        if name != "people.link_page":
            visit(page, site, path)
            across = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if across > 0:
                wide.append(f"{path}: {across} px too wide")
    assert wide == []


def test_at_200_percent_every_command_of_a_task_can_be_reached(page: Page, site: DemoSite) -> None:
    page.set_viewport_size(ZOOMED)
    sign_in(page, site, "Ada Labeler")
    lost = []
    for name, queue in site.queues().items():
        visit(page, site, f"/queues/{queue}/work")
        ready(page)
        for button in page.locator(".work-footer button, fasit-questions .choice, .work-header button").all():
            if not button.is_visible():
                continue
            button.scroll_into_view_if_needed()
            box = button.bounding_box()
            assert box is not None
            inside = box["x"] >= -1 and box["x"] + box["width"] <= ZOOMED["width"] + 1
            if not (inside and box["y"] >= -1 and box["y"] + box["height"] <= ZOOMED["height"] + 1):
                lost.append(f"{name}: {button.inner_text()} at {box}")
    assert lost == []


def test_every_target_of_a_task_is_24_pixels_wide_and_high(page: Page, site: DemoSite) -> None:
    sign_in(page, site, "Ada Labeler")
    small = []
    for name, queue in site.queues().items():
        visit(page, site, f"/queues/{queue}/work")
        ready(page)
        small += page.evaluate(
            """(name) => [...document.querySelectorAll("button, a[href], input, select, summary, textarea")]
                 .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".visually-hidden, .skip-link"))
                 .map((one) => [one, one.getBoundingClientRect()])
                 .filter(([one, box]) => box.width > 0 && !one.matches(".skip-link, .visually-hidden"))
                 .filter(([, box]) => box.width < 24 || box.height < 24)
                 .map(([one, box]) => `${name}: ${one.outerHTML.slice(0, 120)} is ${box.width} x ${box.height}`)""",
            name,
        )
    assert small == [], "\n".join(small)


def test_who_wants_less_motion_gets_none(page: Page, site: DemoSite) -> None:
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, site, "Ada Labeler")
    visit(page, site, f"/queues/{site.queues()['Image ads']}/work")
    ready(page)
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    moving = page.evaluate(
        "() => document.getAnimations().filter((one) => one.playState === 'running' && one.effect.getComputedTiming().duration > 1)"
        ".map((one) => one.effect.target.className)"
    )
    assert moving == []

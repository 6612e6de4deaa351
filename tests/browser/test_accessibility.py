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
ZOOMED = ViewportSize(width=640, height=360)  # 1280 x 720 at 200 %
LARGE = ViewportSize(width=3840, height=2160)
ACROSS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is given the focus is seen: in the window, and not under something that lies over it.
UNSEEN = """() => {
  const places = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]]
  const isSeen = (one) => {
    const box = one.getBoundingClientRect()
    return places.some(([x, y]) => {
      const hit = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)
      return hit && (one.contains(hit) || hit.contains(one) || [...(one.labels ?? [])].some((label) => label.contains(hit)))
    })
  }
  const unseen = []
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || one.tabIndex < 0 || one.matches(".skip-link")) continue
    one.focus()
    const { width, height } = one.getBoundingClientRect()
    if (document.activeElement === one && width > 0 && height <= innerHeight && !isSeen(one)) unseen.push(one.outerHTML.slice(0, 120))
  }
  return unseen
}"""


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


def test_axe_finds_nothing_on_the_first_pages_of_any_role(page: Page, site: DemoSite) -> None:
    found: list[str] = []
    for who in ("Liv Lead", "Sana SME", "Tor Trainer", "Ari Auditor", "Mia Manager", "Eir Engineer", "Kim Labeler"):
        page.context.clear_cookies()
        sign_in(page, site, who)
        for path in ("/", "/account", "/my/labels"):
            answer = page.goto(site.url + path)
            if answer is not None and answer.status == 200:
                page.wait_for_load_state("networkidle")
                found += [f"{who}: {fault}" for fault in violations(page)]
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


@pytest.mark.parametrize("who", ["Astrid Admin", "Ada Labeler"])
def test_from_200_percent_to_4k_no_page_scrolls_sideways_and_what_has_the_focus_is_seen(
    page: Page, site: DemoSite, who: str
) -> None:
    sign_in(page, site, who)
    is_labeler = who == "Ada Labeler"
    paths = site.pages(of_labelers=is_labeler)
    works = [f"/queues/{queue}/work" for queue in site.queues().values()] if is_labeler else []
    wrong = []
    for path in [*(path for name, path in paths.items() if name != "people.link_page"), *works]:
        visit(page, site, path)
        if path in works:
            ready(page)
        for size in (LARGE, ZOOMED, OFFICE):
            page.set_viewport_size(size)
            if (across := page.evaluate(ACROSS)) > 0:
                wrong.append(f"{path}: {across} px too wide at {size['width']}")
            if size is not LARGE:
                wrong += [f"{path}: not seen at {size['width']}: {one}" for one in page.evaluate(UNSEEN)]
    assert wrong == [], "\n".join(wrong)


def test_tab_goes_through_a_task_and_out_of_it_and_back(page: Page, site: DemoSite) -> None:
    sign_in(page, site, "Ada Labeler")
    held = "() => document.activeElement.closest('.work-footer') ? 'footer' : document.activeElement.closest('[data-part]') ? 'part' : 'else'"
    trapped = []
    for name, queue in site.queues().items():
        visit(page, site, f"/queues/{queue}/work")
        ready(page)
        for way, end in (("Tab", "footer"), ("Shift+Tab", "part")):
            for _ in range(120):
                page.keyboard.press(way)
                if page.evaluate(held) == end:
                    break
            else:
                trapped.append(f"{name}: {way} never comes to the {end}")
    assert trapped == []


def test_with_forced_colours_what_is_chosen_or_focused_is_told_from_the_rest(page: Page, site: DemoSite) -> None:
    page.emulate_media(forced_colors="active")
    sign_in(page, site, "Ada Labeler")
    visit(page, site, f"/queues/{site.queues()['Image ads']}/work")
    ready(page)
    look = "(one) => { const { borderColor, outlineStyle, backgroundColor, borderWidth, fontWeight } = getComputedStyle(one); return [borderColor, outlineStyle, backgroundColor, borderWidth, fontWeight].join() }"
    choices = page.locator("fieldset[data-field=verdict] .choice")
    choices.nth(1).click()
    assert choices.nth(1).evaluate(look) != choices.nth(2).evaluate(look)
    tools = page.locator(".part-tools .tool:visible:not(:disabled)")
    pressed = page.locator(".part-tools .tool[aria-pressed=true]").first
    assert pressed.evaluate(look) != tools.last.evaluate(look)
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "() => [document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]"
    )
    assert focused[0] != "BODY"
    assert focused[1] != "none"


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

"""What machines suggest and what was left of earlier work: decided on by keys, never lost by a reload, a crash or another
machine, and what cannot be read is shown with its reason and kept.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import select

from app.labels.models import Draft, Revision
from app.schemas.rules import ShowSuggestions
from tests.browser import suggested_site
from tests.browser.labeling_site import Site
from tests.browser.suggested_site import BOX
from tests.browser.working import SLOW, chosen, expect_saved, ready, sign_in, start, task_of, until_left

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def suggested(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with suggested_site.served(migrated_sqlite, tmp_path_factory.mktemp("suggested")) as site:
        yield site


@pytest.fixture
def newer(suggested: Site) -> Site:
    return suggested_site.with_queue(suggested)


def submit(page: Page, site: Site) -> dict[str, Any]:
    """The answers and sources of the label that is made of what is on the page."""
    task = task_of(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", task, timeout=SLOW)
    expect_saved(page)
    with site.database.read() as session:
        newest = session.scalars(select(Revision).order_by(Revision.seq.desc()).limit(1)).one()
        return {"answers": newest.answers, "sources": newest.sources}


def unread(page: Page) -> list[str]:
    return page.locator(".unreadable-piece > p").all_inner_texts()


def answer_own_questions(page: Page) -> None:
    """Every mark asks whether the brand is seen."""
    for row in page.locator(".marks-list .mark-choose").all():
        row.click()
        page.locator(".mark-more").get_by_role("radio", name="yes").click()


def test_suggestions_are_accepted_changed_and_refused_by_keys_and_keep_where_they_came_from(
    page: Page, newer: Site
) -> None:
    start(page, newer)
    count = page.locator("[data-open-count]")
    expect(count).to_have_text("4")
    expect(page.locator(".image-mark[data-suggested]")).to_have_count(3)
    page.locator(".unreadable > summary").click()
    [told] = unread(page)
    assert told.startswith("Objects, mark 4")
    assert "Suggested by finder 3." in told
    page.keyboard.press("a")
    assert chosen(page, "verdict") == ["reject"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    page.keyboard.press("a")
    expect(count).to_have_text("2")
    page.keyboard.press("Alt+c")
    page.locator(".image-stage").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("x")
    expect(page.locator(".suggestions-open")).to_be_hidden()
    answer_own_questions(page)
    expect_saved(page)

    page.reload()
    ready(page)
    expect(page.locator(".suggestions-open")).to_be_hidden()
    page.locator(".unreadable > summary").click()
    assert unread(page) == [told]
    page.get_by_role("button", name="Drop Objects, mark 4").click()
    expect(page.locator(".unreadable")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(page.locator(".unreadable-piece")).to_have_count(1)
    made = submit(page, newer)
    assert made["sources"]["verdict"]["source"] == "suggestion"
    sources = {mark["x"]: mark["source"] for mark in made["answers"]["objects"]}
    assert sources == {480: "suggestion", 110: "suggestion_edited"}
    assert len({mark["suggestion_id"] for mark in made["answers"]["objects"]}) == 1


def test_suggestions_that_wait_are_shown_once_an_answer_of_ones_own_is_saved(page: Page, suggested: Site) -> None:
    start(page, suggested_site.with_queue(suggested, ShowSuggestions.AFTER_FIRST_ANSWER))
    expect(page.locator(".suggestions-wait")).to_be_visible()
    expect(page.locator(".suggestions-open")).to_be_hidden()
    expect(page.locator(".image-mark[data-suggested]")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator(".image-mark[data-suggested]")).to_have_count(3, timeout=SLOW)
    expect(page.locator(".suggestions-wait")).to_be_hidden()
    expect(page.locator("[data-open-count]")).to_have_text("4")  # the verdict too, which differs
    assert chosen(page, "verdict") == ["allow"]
    page.keyboard.press("a")
    assert chosen(page, "verdict") == ["reject"]


def test_a_draft_that_does_not_fit_is_shown_with_reasons_and_kept_until_it_is_dropped(
    page: Page, chromium: Browser, newer: Site
) -> None:
    start(page, newer)
    task = task_of(page)
    page.keyboard.press("1")
    expect_saved(page)
    broken = {
        "verdict": "allow", "reasons": "minors", "gone": 3, "remark": "kept",
        "objects": [{**BOX, "id": "good"}, {**BOX, "id": "wide", "width": "all"}, "a box", {**BOX, "id": "old", "choice": "glass"}],
    }  # fmt: skip
    with newer.database.write() as session:
        draft = session.scalars(select(Draft).where(Draft.task_id == task)).one()
        draft.content = {**draft.content, "answers": broken}
        draft.draft_seq += 1000
    page.goto(newer.url)
    until_left(page, newer, task)

    other = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    faults: list[str] = []
    other.on("pageerror", lambda error: faults.append(str(error)))
    sign_in(other, newer)
    other.goto(newer.work_url)
    ready(other)
    assert task_of(other) == task
    assert chosen(other, "verdict") == ["allow"]
    expect(other.locator("[data-marks-count]")).to_have_text("1")
    other.locator(".unreadable > summary").click()
    pieces = [one for one in unread(other) if one.endswith("From your draft.")]
    assert sorted(one.split(" ")[0].rstrip(",") for one in pieces) == [
        "Objects",
        "Objects",
        "Objects",
        "gone",
        "reasons",
    ]
    assert any("There is no such question in this version of the schema." in one for one in pieces)
    other.keyboard.press("Shift+X")
    other.keyboard.press("2")
    other.keyboard.press("1")
    expect_saved(other)
    with newer.database.read() as session:
        content = session.scalars(select(Draft).where(Draft.task_id == task, Draft.late.is_(False))).one().content
    assert len(content["unreadable"]) == 5
    answer_own_questions(other)
    made = submit(other, newer)
    assert [mark["id"] for mark in made["answers"]["objects"]] == ["good"]
    assert made["answers"]["remark"] == "kept"
    assert faults == []
    other.context.close()


def test_work_that_was_never_sent_survives_the_crash_of_its_page(page: Page, newer: Site) -> None:
    start(page, newer)
    task = task_of(page)
    context = page.context
    context.route("**/claims/*/draft", lambda route: route.abort())
    page.keyboard.press("1")
    expect_saved(page, "kept")
    with page.expect_event("crash", timeout=SLOW), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=SLOW)
    page.close()
    context.unroute("**/claims/*/draft")
    again = context.new_page()
    again.goto(newer.work_url)
    ready(again)
    assert task_of(again) == task
    if again.locator(".work-held").count():
        again.keyboard.press("Control+Enter")
        expect(again.locator(".work-held")).to_have_count(0, timeout=SLOW)
    assert chosen(again, "verdict") == ["allow"]
    expect_saved(again)
    with newer.database.read() as session:
        assert session.scalars(select(Draft).where(Draft.task_id == task)).one().content["answers"] == {
            "verdict": "allow"
        }


def test_history_lists_every_change_in_words_and_goes_back_and_on(page: Page, newer: Site) -> None:
    start(page, newer)
    for key in ("2", "ArrowDown", "1", "3", "Shift+X"):
        page.keyboard.press(key)
    page.keyboard.press("Alt+z")
    steps = page.locator(".history-step .history-words")
    expect(steps).to_have_text(
        ["As it was when the task was opened", "Verdict: Reject", "reasons: alcohol", "reasons: alcohol, misleading", "3 suggestions refused"]
    )  # fmt: skip
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    assert (chosen(page, "verdict"), chosen(page, "reasons")) == (["reject"], [])
    expect(steps.last).to_have_text("3 suggestions refused (taken back)")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#history")).to_be_hidden()
    assert chosen(page, "reasons") == ["alcohol", "misleading"]
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".suggestions-open")).to_be_hidden()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert chosen(page, "reasons") == ["alcohol"]

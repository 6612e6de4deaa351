"""The labeling page around its media, driven with real keys: nothing that somebody did is ever lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from app.clock import system_clock
from app.labels.models import Draft, Label, Revision, TimingSlice
from app.people.models import SignIn
from app.queues.models import Claim, Outcome, Slot
from tests.browser import labeling_site
from tests.browser.labeling_site import OTHER_EMAIL, PASSWORD, Site
from tests.browser.working import SLOW, chosen, expect_saved, ready, sign_in, skip, start, task_of

pytestmark = pytest.mark.browser


def drafts(site: Site, task: str) -> list[Draft]:
    with site.database.read() as session:
        return list(session.scalars(select(Draft).where(Draft.task_id == task)))


def expire_claim(site: Site, task: str) -> None:
    past = system_clock() - timedelta(seconds=5)
    with site.database.write() as session:
        claim = session.scalars(select(Claim).where(Claim.task_id == task)).one()
        claim.expires_at = past
        session.execute(update(Slot).where(Slot.id == claim.slot_id).values(expires_at=past))


def test_digits_answer_the_question_in_focus_and_arrows_move_between_questions(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("2")
    assert chosen(page, "verdict") == ["reject"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    page.keyboard.press("3")
    assert chosen(page, "reasons") == ["alcohol", "misleading"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("1")
    assert chosen(page, "verdict") == ["allow"]
    expect(page.locator("fieldset[data-field=reasons]")).to_be_hidden()


def test_a_label_is_made_and_the_next_task_comes_by_keys_alone(page: Page, site: Site) -> None:
    start(page, site)
    first = task_of(page)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", first, timeout=SLOW)
    ready(page)
    assert chosen(page, "verdict") == []
    expect_saved(page)
    with site.database.read() as session:
        label = session.scalars(select(Label).where(Label.task_id == first)).one()
        revision = session.scalars(select(Revision).where(Revision.label_id == label.id)).one()
        slices = session.scalars(select(TimingSlice).where(TimingSlice.claim_id == revision.claim_id)).all()
    assert revision.answers == {"verdict": "allow"}
    assert revision.timing["active_ms"] > 0
    assert revision.timing["first_decision_ms"] > 0
    assert [one.slice_seq for one in slices] == list(range(len(slices)))


def test_what_is_missing_is_said_and_shown(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-missing")).to_have_text("Not answered yet: reasons")
    expect(page.locator("fieldset[data-field=reasons]")).to_have_class("question question-choices is-active")
    page.keyboard.press("1")
    expect(page.locator(".work-missing")).to_have_text("")


def test_a_reload_at_once_keeps_the_draft(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("2")
    page.reload()
    ready(page)
    assert chosen(page, "verdict") == ["reject"]
    expect(page.locator(".work-held")).to_have_count(0)


def test_undo_and_redo(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("Control+z")
    assert chosen(page, "verdict") == ["allow"]
    page.keyboard.press("Control+z")
    assert chosen(page, "verdict") == []
    page.keyboard.press("Control+Shift+z")
    assert chosen(page, "verdict") == ["allow"]


def test_the_last_submit_is_taken_back_by_undo(page: Page, site: Site) -> None:
    start(page, site)
    first = task_of(page)
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", first, timeout=SLOW)
    ready(page)
    page.keyboard.press("Control+z")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", first, timeout=SLOW)
    ready(page)
    assert (chosen(page, "verdict"), chosen(page, "reasons")) == (["reject"], ["minors"])


def test_offline_work_is_kept_and_sent_when_the_network_is_back(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.context.set_offline(True)
    page.keyboard.press("2")
    expect_saved(page, "kept")
    page.context.set_offline(False)
    expect_saved(page)
    assert drafts(site, task)[0].content["answers"] == {"verdict": "reject"}


def test_a_submit_offline_waits_in_the_browser_and_is_recorded_once(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-banner")).to_contain_text("kept on this computer", timeout=SLOW)
    page.context.set_offline(False)
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", task, timeout=SLOW)
    expect(page.locator(".work-banner")).to_be_hidden()
    with site.database.read() as session:
        assert len(session.scalars(select(Label).where(Label.task_id == task)).all()) == 1


def test_a_submit_left_waiting_is_sent_by_the_next_page(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.route("**/work/claims/*/label", lambda route: route.abort())
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-banner")).to_be_visible(timeout=SLOW)
    page.unroute("**/work/claims/*/label")
    page.goto(site.work_url)
    ready(page)
    assert task_of(page) != task
    with site.database.read() as session:
        assert session.scalars(select(Label).where(Label.task_id == task)).one()


def test_a_submit_left_waiting_is_told_of_at_home_and_sent_from_there(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.context.route("**/work/claims/*/label", lambda route: route.abort())
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-banner")).to_be_visible(timeout=SLOW)
    page.goto(f"{site.url}/")
    told = page.locator("fasit-unsent")
    waiting = "1 submit kept on this computer until the server can be reached."
    expect(told).to_have_text(waiting, use_inner_text=True, timeout=SLOW)
    page.context.unroute("**/work/claims/*/label")
    sent = "1 submit that waited on this computer went through just now. See your labels"
    expect(told).to_have_text(sent, use_inner_text=True, timeout=SLOW)
    with site.database.read() as session:
        assert session.scalars(select(Label).where(Label.task_id == task)).one()
    page.reload()
    expect(page.get_by_role("heading", name="Your latest labels")).to_be_visible()
    expect(told).to_be_hidden()


def test_an_expired_sign_in_is_asked_for_in_place(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    with site.database.write() as session:
        session.execute(update(SignIn).values(revoked_at=system_clock()))
    page.keyboard.press("2")
    dialog = page.locator(".sign-in-dialog")
    expect(dialog).to_be_visible(timeout=SLOW)
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.locator("#again-error")).to_contain_text("do not belong together")
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden(timeout=SLOW)
    expect_saved(page)
    assert (task_of(page), chosen(page, "verdict")) == (task, ["reject"])
    assert drafts(site, task)[0].content["answers"] == {"verdict": "reject"}


def test_the_page_does_not_go_on_as_another_person(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    sign_in(page, site, OTHER_EMAIL)
    page.keyboard.press("2")
    expect(page.locator(".sign-in-dialog")).to_be_visible(timeout=SLOW)
    expect(page.locator("#again-error")).to_contain_text("Somebody else is signed in")
    assert drafts(site, task) == []
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect_saved(page)
    assert drafts(site, task)[0].content["answers"] == {"verdict": "reject"}


def test_a_second_page_only_looks_until_it_takes_over(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.keyboard.press("2")
    expect_saved(page)
    second = page.context.new_page()
    second.goto(site.work_url)
    ready(second)
    assert task_of(second) == task
    expect(second.locator(".work-held")).to_be_visible()
    second.keyboard.press("1")
    assert chosen(second, "verdict") == ["reject"]
    second.keyboard.press("Control+Enter")
    expect(second.locator(".work-held")).to_have_count(0, timeout=SLOW)
    second.keyboard.press("1")
    expect_saved(second)
    assert chosen(second, "verdict") == ["allow"]
    page.bring_to_front()
    page.keyboard.press("3")
    expect(page.locator(".work-banner")).to_contain_text("Another page took this task over", timeout=SLOW)
    assert {draft.late: draft.content["answers"]["verdict"] for draft in drafts(site, task)} == {
        False: "allow",
        True: "unsure",
    }


def test_a_duplicated_tab_is_a_page_of_its_own(page: Page, site: Site) -> None:
    start(page, site)
    with page.expect_popup() as opening:
        page.evaluate("() => { window.open(location.href) }")  # starts with a copy of this tab's session storage
    ready(opening.value)
    expect(opening.value.locator(".work-held")).to_be_visible()


def test_a_claim_that_ran_out_keeps_the_work_and_is_taken_again(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.keyboard.press("1")
    expect_saved(page)
    expire_claim(site, task)
    page.keyboard.press("2")
    banner = page.locator(".work-banner")
    expect(banner).to_contain_text("Your claim ran out", timeout=SLOW)
    expect(banner).to_contain_text("Your work is kept as a draft")
    banner.get_by_role("button", name="Take the task again").click()
    expect(banner).to_be_hidden(timeout=SLOW)
    ready(page)
    assert (task_of(page), chosen(page, "verdict")) == (task, ["reject"])
    page.keyboard.press("1")
    expect_saved(page)


def test_the_guideline_opens_at_the_clause_of_the_choice_in_focus(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("2")
    page.keyboard.press("g")
    panel = page.locator("#guideline")
    expect(panel.locator("[id='clause-2.2']")).to_be_in_viewport(timeout=SLOW)
    expect(panel.locator("[id='clause-1']")).not_to_be_in_viewport()
    expect(page.locator(".work-clock-state")).to_have_text("reading", timeout=SLOW)
    page.keyboard.press("g")
    expect(panel).to_be_hidden()


def test_a_guideline_that_cannot_be_fetched_says_so_and_comes_when_the_network_is_back(page: Page, site: Site) -> None:
    start(page, site)
    page.context.set_offline(True)
    page.keyboard.press("g")
    away = page.get_by_text("The guideline cannot be fetched just now.")
    expect(away).to_be_visible(timeout=SLOW)
    page.context.set_offline(False)
    expect(page.locator("#guideline [id='clause-2.2']")).to_be_attached(timeout=SLOW)
    expect(away).to_be_hidden()


def test_the_focus_goes_along_with_a_choice_made_by_key_and_so_does_the_guideline(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("Control+Enter")
    choices = page.locator("fieldset[data-field=verdict]").get_by_role("radio")
    expect(choices.first).to_be_focused()
    page.keyboard.press("2")
    expect(choices.nth(1)).to_be_focused()
    page.keyboard.press("g")
    expect(page.locator("#guideline .is-wanted")).to_have_attribute("id", "clause-2.2", timeout=SLOW)


def test_nothing_moves_in_the_footer_for_the_guideline_or_for_what_is_missing(page: Page, site: Site) -> None:
    start(page, site)
    buttons = page.locator(".work-footer > .button:visible")
    height = page.locator(".work-footer").evaluate("(footer) => footer.offsetHeight")
    submit = page.get_by_role("button", name="Submit").bounding_box()
    page.keyboard.press("g")
    expect(page.locator("#guideline")).to_be_visible(timeout=SLOW)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".work-missing")).to_have_text("Not answered yet: Verdict")
    assert len({round(box["y"] + box["height"] / 2) for one in buttons.all() if (box := one.bounding_box())}) == 1
    assert page.locator(".work-footer").evaluate("(footer) => footer.offsetHeight") == height
    assert page.get_by_role("button", name="Submit").bounding_box() == submit
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_the_sheet_of_keys_shows_what_works_here(page: Page, site: Site) -> None:
    start(page, site)
    page.keyboard.press("?")
    sheet = page.locator("#key-sheet")
    expect(sheet).to_be_visible()
    for title in ("Submit", "Undo", "Allow", "Next question", "Flag with a note"):
        expect(sheet.get_by_text(title, exact=True).first).to_be_visible()


def test_a_flag_needs_a_note_and_brings_the_next_task(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.keyboard.press("f")
    dialog = page.locator(".note-dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(dialog.locator(".field-error")).to_be_visible()
    page.keyboard.type("The picture is cut off.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", task, timeout=SLOW)
    expect_saved(page)
    with site.database.read() as session:
        outcome = session.scalars(select(Outcome).where(Outcome.task_id == task)).one()
    assert (outcome.kind, outcome.note) == ("flag", "The picture is cut off.")


def test_when_there_is_nothing_left_the_page_says_so_and_the_last_submit_can_be_taken_back(
    page: Page, site: Site
) -> None:
    start(page, site)
    for number in range(6):
        task = task_of(page)
        if number < 5:
            skip(page)
        else:
            page.keyboard.press("1")
            page.keyboard.press("Control+Enter")
        expect(page.locator(f"fasit-work[data-task='{task}']")).to_have_count(0, timeout=SLOW)
    expect(page.locator("#work")).to_contain_text("Nothing left for you in this queue")
    page.keyboard.press("Control+z")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", task, timeout=SLOW)
    assert chosen(page, "verdict") == ["allow"]


def test_an_open_page_keeps_its_claim(page: Page, served: Site) -> None:
    site = replace(served, queue_id=labeling_site.open_queue(served.database, claim_seconds=6))
    start(page, site)
    page.wait_for_timeout(9000)
    page.keyboard.press("1")
    expect_saved(page)
    expect(page.locator(".work-banner")).to_be_hidden()


def test_two_people_get_different_tasks(page: Page, chromium: Browser, site: Site) -> None:
    start(page, site)
    other = chromium.new_context().new_page()
    sign_in(other, site, OTHER_EMAIL)
    other.goto(site.work_url)
    ready(other)
    assert task_of(other) != task_of(page)
    other.context.close()


def test_a_submitted_label_is_changed_on_the_same_page(page: Page, site: Site) -> None:
    start(page, site)
    task = task_of(page)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", task, timeout=SLOW)
    expect_saved(page)
    with site.database.read() as session:
        label = session.scalars(select(Label).where(Label.task_id == task)).one().id
    page.goto(f"{site.url}/labels/{label}/revise")
    ready(page)
    assert chosen(page, "verdict") == ["allow"]
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(f"{site.url}/labels/{label}", timeout=SLOW)
    with site.database.read() as session:
        revisions = session.scalars(select(Revision).where(Revision.label_id == label).order_by(Revision.number)).all()
    assert [one.answers["verdict"] for one in revisions] == ["allow", "unsure"]

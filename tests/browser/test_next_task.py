"""From one task to the next: reserved ahead, shown at once, brought back when it is refused; one key a decision."""

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from app.clock import system_clock
from app.labels.models import Label, Revision
from app.people.models import Person
from app.projects.models import Project
from app.queues import actions as queues
from app.queues import making
from app.queues.claims import LEFT_FOR
from app.queues.models import Claim, Queue, Slot
from app.queues.rules import QueueState
from app.schemas import actions as schemas
from tests.browser.labeling_site import OTHER_EMAIL, Site
from tests.browser.working import SLOW, chosen, claim_on, expect_saved, ready, sign_in, start, task_of, until_left

pytestmark = pytest.mark.browser

ONE_KEY: dict[str, Any] = {
    "name": "One key",
    "parts": [
        {"name": "creative", "modality": "image"},
        {"name": "caption", "modality": "text", "required": False},
    ],
    "fields": [
        {
            "name": "verdict", "kind": "choice", "required": True, "title": {"en": "Verdict"},
            "choices": [{"value": "allow", "title": {"en": "Allow"}}, {"value": "reject", "title": {"en": "Reject"}}],
        }
    ],
}  # fmt: skip


@pytest.fixture
def one_key(site: Site) -> Site:
    """A queue whose schema asks for one choice and nothing else."""
    with site.database.write() as session:
        project = session.scalars(select(Project)).one()
        schema, _ = schemas.publish(session, project=project, body=ONE_KEY, person=None, clock=system_clock)
        queue = queues.create_queue(
            session, project=project, name="One key", schema_version=schema.version, person=None, clock=system_clock
        )
        making.fill(session, queue, clock=system_clock)
        queue_id = queue.id
    return replace(site, queue_id=queue_id)


def reserved(site: Site) -> list[str]:
    """Tasks that are reserved ahead in the queue."""
    with site.database.read() as session:
        found = select(Slot.task_id).where(Slot.queue_id == site.queue_id, Slot.state == "ahead")
        return list(session.scalars(found))


def wait_reserved(page: Page, site: Site) -> str:
    """The task that is ready to come next."""
    expect(page.locator("work-shell[data-next-ready]")).to_be_visible(timeout=SLOW)
    [task] = reserved(site)
    return task


def hold_submits(page: Page) -> list[Route]:
    """Submits from now on stay on their way; they are in the list."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/work/claims/*/label", hold)
    return held


def first_of(page: Page, held: list[Route]) -> Route:
    while not held:
        page.wait_for_timeout(20)
    return held[0]


def answers(site: Site, task: str) -> list[Any]:
    with site.database.read() as session:
        found = select(Revision.answers).join(Label, Label.id == Revision.label_id).where(Label.task_id == task)
        return list(session.scalars(found))


def test_the_next_task_is_there_while_the_submit_is_still_on_its_way(page: Page, site: Site) -> None:
    start(page, site)
    first, after = task_of(page), wait_reserved(page, site)
    held = hold_submits(page)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", after)
    ready(page)
    submit = first_of(page, held)
    page.keyboard.press("3")
    assert chosen(page, "verdict") == ["unsure"]
    assert answers(site, first) == []
    submit.continue_()
    expect_saved(page)
    assert answers(site, first) == [{"verdict": "allow"}]
    assert wait_reserved(page, site) not in {first, after}


def test_a_refused_submit_brings_its_task_back_with_what_is_wrong(page: Page, site: Site) -> None:
    start(page, site)
    first, after = task_of(page), wait_reserved(page, site)
    problem = {"title": "Invalid", "status": 422, "detail": "These answers do not fit.", "errors": [
        {"path": "/answers/verdict", "message": "must be one of these"}]}  # fmt: skip
    held = hold_submits(page)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", after)
    page.keyboard.press("3")
    first_of(page, held).fulfill(status=422, json=problem, headers={"Content-Type": "application/problem+json"})
    expect(page.locator("fasit-work")).to_have_attribute("data-task", first, timeout=SLOW)
    expect(page.locator(".work-banner")).to_contain_text("These answers do not fit.")
    expect(page.locator("fieldset[data-field=verdict] .question-fault")).to_have_text("This must be one of these.")
    assert chosen(page, "verdict") == ["allow"]
    page.keyboard.press("Control+z")
    assert chosen(page, "verdict") == []
    page.unroute("**/work/claims/*/label")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", after, timeout=SLOW)
    assert chosen(page, "verdict") == ["unsure"]
    expect_saved(page)
    assert answers(site, first) == [{"verdict": "allow"}]


def test_offline_one_more_task_can_be_worked_on(page: Page, site: Site) -> None:
    start(page, site)
    first, after = task_of(page), wait_reserved(page, site)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", after)
    expect(page.locator(".work-banner")).to_contain_text("Go on with this task", timeout=SLOW)
    page.keyboard.press("3")
    expect_saved(page, "kept")
    page.context.set_offline(False)
    expect_saved(page)
    assert (task_of(page), chosen(page, "verdict")) == (after, ["unsure"])
    assert answers(site, first) == [{"verdict": "allow"}]
    with site.database.read() as session:  # its time began when it was shown, not when the server learnt of it
        claim = session.scalars(select(Claim).where(Claim.task_id == after, Claim.state == "live")).one()
        assert claim.claimed_at < session.scalars(select(Label.created_at).where(Label.task_id == first)).one()


def test_a_page_that_closes_gives_the_reserved_task_back(page: Page, site: Site) -> None:
    start(page, site)
    wait_reserved(page, site)
    page.goto(f"{site.url}/")
    for _ in range(50):
        if not reserved(site):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the reserved task was not given back")


def test_a_page_that_closes_holds_its_task_only_a_moment_longer_unless_it_is_opened_again(
    page: Page, site: Site
) -> None:
    start(page, site)
    task = task_of(page)
    lasted = claim_on(site, task).expires_at
    page.goto(f"{site.url}/")
    until_left(page, site, task)
    left = claim_on(site, task)
    assert left.expires_at - (left.left_at or left.expires_at) == LEFT_FOR
    page.goto(site.work_url)
    ready(page)
    assert (task_of(page), claim_on(site, task).left_at) == (task, None)
    for _ in range(3):
        page.reload()
        ready(page)
    page.wait_for_timeout(1000)  # for whatever the pages before it said late
    held = claim_on(site, task)
    assert (task_of(page), held.id, held.left_at) == (task, left.id, None)
    assert held.expires_at > lasted


def test_who_is_free_gets_the_last_task_that_another_page_had_reserved(
    page: Page, chromium: Browser, site: Site
) -> None:
    start(page, site)
    first, after = task_of(page), wait_reserved(page, site)
    with site.database.write() as session:
        for slot in session.scalars(select(Slot).where(Slot.queue_id == site.queue_id, Slot.state == "free")):
            slot.state = "withheld"
    other = chromium.new_context().new_page()
    sign_in(other, site, OTHER_EMAIL)
    other.goto(site.work_url)
    ready(other)
    assert task_of(other) == after
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#work")).to_contain_text("Nothing left for you in this queue", timeout=SLOW)
    assert answers(site, first) == [{"verdict": "allow"}]
    other.context.close()


def test_a_queue_paused_meanwhile_hands_nothing_out(page: Page, site: Site) -> None:
    start(page, site)
    first = task_of(page)
    wait_reserved(page, site)
    with site.database.write() as session:
        queue = session.scalars(select(Queue).where(Queue.id == site.queue_id)).one()
        person = session.scalars(select(Person).where(Person.name == "Kari")).one()
        queues.change_state(session, queue, QueueState.PAUSED, person=person, clock=system_clock)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#work")).to_contain_text("Nothing is handed out here now", timeout=SLOW)
    assert answers(site, first) == [{"verdict": "allow"}]


def test_to_undo_the_submit_keeps_the_task_that_was_begun_since(page: Page, site: Site) -> None:
    start(page, site)
    first, after = task_of(page), wait_reserved(page, site)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", after)
    page.keyboard.press("3")
    expect_saved(page)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", first, timeout=SLOW)
    ready(page)
    assert chosen(page, "verdict") == ["allow"]
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", after, timeout=SLOW)
    page.keyboard.press("Control+Shift+z")
    assert chosen(page, "verdict") == ["unsure"]
    expect_saved(page)


# One key a decision ---------------------------------------------------------------------------------------------


def test_the_key_of_the_only_choice_submits_and_moves_on(page: Page, one_key: Site) -> None:
    start(page, one_key)
    seen = []
    for key in ("1", "2", "1"):
        seen.append(task_of(page))
        page.keyboard.press(key)
        expect(page.locator("fasit-work")).not_to_have_attribute("data-task", seen[-1], timeout=SLOW)
        ready(page)
        expect_saved(page)
    assert [answers(one_key, task)[0]["verdict"] for task in seen] == ["allow", "reject", "allow"]


def test_the_last_choice_is_taken_back_while_it_is_offered(page: Page, one_key: Site) -> None:
    start(page, one_key)
    first = task_of(page)
    page.keyboard.press("2")
    offer = page.locator(".undo-offer")
    expect(offer).to_contain_text("Submitted: Reject", timeout=SLOW)
    expect(offer.locator("[data-undo-left]")).to_have_text(re.compile(r"^[1-8] s$"))
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", first, timeout=SLOW)
    page.keyboard.press("Control+z")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", first, timeout=SLOW)
    expect(offer).to_be_hidden()
    ready(page)
    assert chosen(page, "verdict") == ["reject"]
    page.keyboard.press("2")  # the same again is a decision too
    expect(page.locator("fasit-work")).not_to_have_attribute("data-task", first, timeout=SLOW)
    expect_saved(page)
    assert answers(one_key, first)[-1] == {"verdict": "reject"}


def test_a_key_held_down_decides_once(page: Page, one_key: Site) -> None:
    start(page, one_key)
    first, after = task_of(page), wait_reserved(page, one_key)
    page.keyboard.down("1")
    for _ in range(5):
        page.keyboard.down("1")  # as a key that repeats
        page.wait_for_timeout(40)
    page.keyboard.up("1")
    expect(page.locator("fasit-work")).to_have_attribute("data-task", after, timeout=SLOW)
    page.wait_for_timeout(500)
    assert task_of(page) == after
    assert answers(one_key, first) == [{"verdict": "allow"}]
    assert answers(one_key, after) == []

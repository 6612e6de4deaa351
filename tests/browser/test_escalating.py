"""A hard ad: a labeler escalates it with a note, an SME reads the note and answers, by the keyboard alone."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.clock import system_clock
from app.labels.models import Label
from app.people import actions as people
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from app.queues import actions as queues
from app.queues.escalations import Escalation
from app.queues.models import Queue, Task
from app.queues.rules import QueueKind
from tests.browser.labeling_site import Site
from tests.browser.working import SLOW, answered, chosen, ready, sign_in, start, task_of

pytestmark = pytest.mark.browser

SME = "siv@company.example"
NOTE = "Is this wine, or grape juice?\nThe label on the bottle is cut off."


@pytest.fixture
def hard(site: Site) -> Site:
    """The queue for hard ads, to which that of `site` escalates, and an SME."""
    with site.database.write() as session:
        people.add_person(session, email=SME, name="Siv", roles=[Role.SME], organisation="Company", clock=system_clock)
        project = session.scalars(select(Project)).one()
        made = queues.create_queue(
            session, project=project, name="Hard ones", kind=QueueKind.ADJUDICATION, schema_version=1,
            fills_itself=False, person=None, clock=system_clock,
        )  # fmt: skip
        session.scalars(select(Queue).where(Queue.id == site.queue_id)).one().escalates_to = made.id
        made_id = made.id
    return replace(site, queue_id=made_id)


def escalate(page: Page, note: str) -> str:
    """The task at hand, by keyboard; the page goes on with another one."""
    task = task_of(page)
    page.keyboard.press("e")
    page.keyboard.insert_text(note)
    with page.expect_response(lambda response: response.url.endswith("/outcome"), timeout=SLOW):
        page.keyboard.press("Control+Enter")
    expect(page.locator(f"fasit-work[data-task='{task}']")).to_have_count(0, timeout=SLOW)
    return task


def test_an_sme_reads_the_note_and_answers_by_keyboard(page: Page, site: Site, hard: Site) -> None:
    start(page, site)
    asked = escalate(page, NOTE)
    sign_in(page, hard, SME)
    page.goto(hard.work_url)
    ready(page)
    told = page.get_by_role("region", name="Escalated, for you to answer")
    expect(told).to_contain_text("The label on the bottle is cut off.")
    expect(told).to_contain_text("in 23 hours")
    expect(told).not_to_contain_text("Ana")
    in_view = page.locator("fieldset[data-field=verdict]").bounding_box()
    assert in_view is not None
    assert in_view["y"] + in_view["height"] < 768, "the first question is in view below the note"
    page.keyboard.press("2")
    assert chosen(page, "verdict") == ["reject"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    assert chosen(page, "reasons") == ["alcohol"]
    with answered(page):
        page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing left for you in this queue")).to_be_visible(timeout=SLOW)
    with site.database.read() as session:
        raised = session.scalars(select(Escalation).where(Escalation.task_id == asked)).one()
        siv = session.scalars(select(Person).where(Person.email == SME)).one()
        label = session.scalars(select(Label).where(Label.task_id == raised.sme_task_id)).one()
        state = session.scalars(select(Task.state).where(Task.id == asked)).one()
    assert (raised.answered_by, raised.decision, label.person_id, state) == (siv.id, "answered", siv.id, "withdrawn")

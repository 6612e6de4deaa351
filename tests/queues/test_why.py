"""Why a task is handed to somebody or not; what people would rather not see; tasks taken back by a lead."""

import pytest
from sqlalchemy import select

from app.assets.models import Asset
from app.people.rules import Role
from app.queues.choosing import Choice, Reason, TaskFacts, Verdict, Why, is_unwanted, judge
from app.queues.models import Task
from app.queues.rules import QueueState, SlotState, TaskState
from tests import making
from tests.making_queues import ANSWER
from tests.queues.conftest import Work, Worker

OPEN = {
    "queue_state": QueueState.OPEN, "state": TaskState.OPEN, "slots": [SlotState.FREE], "is_held_by_them": False,
    "was_had": False, "is_unwanted": False, "is_next": False, "is_disabled": False,
    "is_reserved_for_them": False,
}  # fmt: skip
RESERVED = {"is_reserved_for_them": True, "was_had": True, "slots": [SlotState.AHEAD]}
WISH, LACK = Reason(Why.OWN_WISH), Reason(Why.LACKS, "language nb")


@pytest.mark.parametrize(
    ("facts", "refused", "verdict"),
    [
        ({"is_next": True}, [], Verdict(Choice.NEXT, [])),
        ({}, [], Verdict(Choice.WAITS, [])),
        ({"is_held_by_them": True, "was_had": True}, [LACK], Verdict(Choice.HOLDS, [])),
        ({"was_had": True}, [LACK], Verdict(Choice.NEVER, [LACK, Reason(Why.HAD)])),
        ({"queue_state": QueueState.PAUSED}, [], Verdict(Choice.NEVER, [Reason(Why.QUEUE_STATE, "paused")])),
        ({"queue_state": QueueState.DRAINING}, [], Verdict(Choice.NEVER, [Reason(Why.FRESH)])),
        ({"queue_state": QueueState.DRAINING, "slots": [SlotState.RETURNED]}, [], Verdict(Choice.WAITS, [])),
        ({"queue_state": QueueState.DRAINING, "is_next": True}, [], Verdict(Choice.NEXT, [])),
        (
            {"queue_state": QueueState.DRAINING, "slots": [SlotState.DONE]},
            [],
            Verdict(Choice.NEVER, [Reason(Why.TAKEN)]),
        ),
        ({"state": TaskState.ON_HOLD}, [], Verdict(Choice.NEVER, [Reason(Why.TASK_STATE, "on_hold")])),
        ({"slots": [SlotState.HELD, SlotState.DONE]}, [], Verdict(Choice.NEVER, [Reason(Why.TAKEN)])),
        ({"is_disabled": True}, [], Verdict(Choice.NEVER, [Reason(Why.DISABLED)])),
        ({"is_unwanted": True}, [], Verdict(Choice.WAITS, [])),
        ({**RESERVED, "is_next": True}, [Reason(Why.PERSON_LIMIT, "2")], Verdict(Choice.NEXT, [])),
        (
            {**RESERVED, "queue_state": QueueState.PAUSED},
            [],
            Verdict(Choice.NEVER, [Reason(Why.QUEUE_STATE, "paused")]),
        ),
        ({"is_next": True}, [WISH], Verdict(Choice.WAITS, [])),
    ],
)
def test_a_task_is_judged_and_wishes_stay_hidden(facts: dict, refused: list[Reason], verdict: Verdict) -> None:
    assert judge(TaskFacts(**{**OPEN, **facts}), refused) == verdict


def test_what_is_unwanted() -> None:
    ad = {"topic": ["Gambling", "sport"], "campaign": {"kind": 3}}
    assert is_unwanted({"topic": ["sport"]}, ad)
    assert is_unwanted({"campaign.kind": ["3"]}, ad)
    assert not is_unwanted({"topic": ["weapons"], "project": ["sport"], "other": ["3"]}, ad)


def tasks_of(work: Work, queue: str) -> list[str]:
    with work.database.read() as session:
        return list(session.scalars(select(Task.id).where(Task.queue_id == queue).order_by(Task.position)))


def test_a_manager_asks_why_and_the_hand_out_does_as_told(work: Work) -> None:
    site, ada, bo = work.site(requires={"languages": ["nb"]}), work.worker("Ada"), work.worker("Bo")
    grace = work.colleague(Role.MANAGER)
    first, second, _ = tasks_of(work, site.queue.id)

    def why(task: str, worker: Worker) -> dict:
        return grace.ask("GET", f"/tasks/{task}/why?person={worker.person.email}").json()

    told = why(first, ada)
    assert (told["choice"], [one["why"] for one in told["reasons"]]) == ("not_handed_out", ["lacks"])
    assert told["reasons"][0]["sentence"] == "They lack what the queue asks for: language nb."
    grace.ask("PATCH", f"/queues/{site.queue.id}", {"requires": {}})
    assert (why(first, ada)["choice"], why(second, ada)["choice"]) == ("next", "waits")
    got = ada.take(site.queue.id)
    assert why(first, ada)["choice"] == "holds"
    assert [one["why"] for one in why(first, bo)["reasons"]] == ["taken"]
    assert ada.end(got, "skip").status_code == 201
    assert [one["why"] for one in why(first, ada)["reasons"]] == ["had"]
    assert why(first, bo)["choice"] == "next"
    assert bo.take(site.queue.id)["task"]["id"] == first
    assert ada.ask("GET", f"/tasks/{first}/why?person={ada.person.email}").status_code == 404
    assert grace.ask("GET", f"/tasks/{first}/why?person=nobody").status_code == 404


def test_what_is_told_is_so_of_tasks_reserved_ahead_run_out_and_left_by_a_draining_queue(work: Work) -> None:
    site, ada, bo = work.site(ads=4), work.worker("Ada"), work.worker("Bo")
    grace = work.colleague(Role.MANAGER)
    first, second, third, fourth = tasks_of(work, site.queue.id)

    def why(task: str, worker: Worker) -> tuple[str, list[str]]:
        told = grace.ask("GET", f"/tasks/{task}/why?person={worker.person.email}").json()
        return told["choice"], [one["why"] for one in told["reasons"]]

    assert (ada.take(site.queue.id)["task"]["id"], ada.reserve(site.queue.id)["task"]["id"]) == (first, second)
    assert [why(task, ada)[0] for task in (first, second, third)] == ["holds", "next", "waits"]
    assert bo.take(site.queue.id)["task"]["id"] == third
    grace.ask("PATCH", f"/queues/{site.queue.id}", {"state": "draining"})
    assert why(fourth, bo) == ("not_handed_out", ["fresh"])
    assert bo.take(site.queue.id)["task"]["id"] == third
    eve = work.worker("Eve")
    assert why(second, eve) == ("next", []), "what is only reserved goes to who finds nothing else"
    work.clock.forward(seconds=900)
    assert [why(task, ada)[0] for task in (first, second, third)] == ["next", "waits", "waits"], "what ended last"
    assert why(first, bo)[0] == "waits"
    assert why(first, eve) == ("next", []), "though nobody has asked for a task since the time was up"
    assert eve.take(site.queue.id)["task"]["id"] == first
    assert why(second, ada)[0] == "next"
    places = [
        grace.ask("GET", f"/tasks/{second}/why?person={worker.person.email}").json()["place"]
        for worker in (ada, work.worker("Liv"))
    ]
    told = "It was reserved for them already, so it comes to them before that."
    assert [place.endswith(told) for place in places] == [True, False]
    assert ada.take(site.queue.id)["task"]["id"] == second


def test_a_task_that_ran_out_is_theirs_to_go_on_with_though_their_limit_is_one(work: Work) -> None:
    site, ada, grace = work.site(limits={"person": 1}), work.worker("Ada"), work.colleague(Role.MANAGER)
    task = ada.take(site.queue.id)["task"]["id"]
    work.clock.forward(seconds=900)
    told = grace.ask("GET", f"/tasks/{task}/why?person={ada.person.email}").json()
    assert (told["choice"], told["reasons"]) == ("next", [])
    assert ada.take(site.queue.id)["task"]["id"] == task


@pytest.mark.parametrize("wishes", [{}, {"topic": ["gambling"]}])
def test_what_ran_out_is_left_for_everybody_before_anybody_asks(work: Work, wishes: dict) -> None:
    site, ada, bo = work.site(ads=2), work.worker("Ada"), work.worker("Bo")
    queue = site.queue.id
    with work.database.write() as session:
        for one in (ada, bo):
            session.merge(one.person).preferences = {"not_for_me": wishes}

    def left(worker: Worker) -> int:
        return int(worker.ask("GET", f"/queues/{queue}").json()["left"])

    assert ada.take(queue)
    assert ada.reserve(queue)
    assert (left(ada), left(bo)) == (0, 1), "what is only reserved goes to who finds nothing else"
    work.clock.forward(seconds=450)
    assert (left(ada), left(bo)) == (1, 1)
    work.clock.forward(seconds=450)
    assert (left(ada), left(bo)) == (2, 2)
    assert bo.take(queue)
    assert left(ada) == 1


def test_what_somebody_would_rather_not_see_is_not_handed_to_them_and_nobody_learns_why(work: Work) -> None:
    site, ada, grace = work.site(ads=4), work.worker("Ada"), work.colleague(Role.MANAGER)
    with work.database.write() as session:
        for number, topic in ((1, "weapons"), (2, "sport"), (3, "weapons"), (4, "sport")):
            ad = session.scalars(select(Asset).where(Asset.external_id == f"ad-{number}")).one()
            ad.meta = {"topic": topic}
    assert ada.ask("PATCH", "/me/preferences", {"not_for_me": {"topic": ["weapons"]}}).status_code == 200
    assert ada.ask("GET", f"/queues/{site.queue.id}").json()["left"] == 2
    first = tasks_of(work, site.queue.id)[0]
    told = grace.ask("GET", f"/tasks/{first}/why?person={ada.person.id}").json()
    assert (told["choice"], told["reasons"]) == ("waits", [])
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-2"
    ada.label_next(site.queue.id)
    ada.label_next(site.queue.id)
    assert ada.claim(site.queue.id).status_code == 204
    assert ada.ask("PATCH", "/me/preferences", {"not_for_me": None}).status_code == 200
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-1", "a wish that is taken back is forgotten"


def test_a_project_may_be_unwanted_too_as_said_on_the_account_page(work: Work) -> None:
    site, ada = work.site(), work.worker()
    token = making.sign_in(ada.client, work.database, ada.person, clock=work.clock)
    written = {"csrf_token": token, "not_for_me": "project = alcohol\n"}
    assert ada.client.post("/account/wishes", data=written).status_code == 303
    for nonsense in ("gambling", "topic =", "= weapons"):
        assert ada.client.post("/account/wishes", data=written | {"not_for_me": nonsense}).status_code == 422
    assert "project = alcohol" in ada.client.get("/account").text
    ada.client.cookies.clear()
    assert ada.claim(site.queue.id).status_code == 204
    assert ada.ask("PATCH", "/me/preferences", {"not_for_me": {"topic": "weapons"}}).status_code == 422


# Taken back -----------------------------------------------------------------------------------------------------


def lead(work: Work, organisation: str = "Nordlys") -> Worker:
    with work.database.write() as session:
        person = making.make_person(
            session,
            clock=work.clock,
            name=f"Lead of {organisation}",
            roles=[Role.VENDOR_LEAD],
            organisation=organisation,
        )
    return Worker(work.client, making.bearer(work.database, person, clock=work.clock), person)


def test_a_lead_takes_a_task_back_and_what_is_written_late_is_a_draft_of_its_author(work: Work) -> None:
    site, ada, bo = work.site(ads=1), work.worker("Ada"), work.worker("Bo")
    got = ada.take(site.queue.id)
    path = f"/claims/{got['claim']['id']}/recall"
    assert lead(work, "Atlantico").ask("POST", path).status_code == 404, "not of another vendor"
    assert bo.ask("POST", path).status_code == 404, "labelers take nothing back"
    assert lead(work).ask("POST", path).status_code == 204
    assert work.colleague(Role.MANAGER).ask("POST", path).status_code == 409
    late = ada.submit(got, {**ANSWER, "answers": {"verdict": "reject"}})
    assert late.status_code == 409
    assert "taken back at 09:00 UTC" in late.json()["detail"]
    assert ada.ask("GET", "/me/drafts").json()["items"][0]["answers"] == {"verdict": "reject"}
    bo.label_next(site.queue.id)


def test_taken_back_and_still_free_the_task_comes_to_its_author_with_the_draft(work: Work) -> None:
    site, ada, grace = work.site(ads=2), work.worker("Ada"), work.colleague(Role.MANAGER)
    got = ada.take(site.queue.id)
    assert ada.on(got, "PUT", "draft", {"seq": 1, "answers": {"note": "half"}}).status_code == 204
    assert grace.ask("POST", f"/claims/{got['claim']['id']}/recall").status_code == 204
    again = ada.take(site.queue.id)
    assert (again["task"]["id"], again["task"]["draft"]["answers"]) == (got["task"]["id"], {"note": "half"})


@pytest.mark.parametrize("free", [True, False])
def test_who_lost_a_task_is_told_to_take_it_again_if_it_is_free_and_that_is_so(work: Work, free: bool) -> None:
    site, ada, bo = work.site(ads=1), work.worker("Ada"), work.worker("Bo")
    got = ada.take(site.queue.id)
    assert lead(work).ask("POST", f"/claims/{got['claim']['id']}/recall").status_code == 204
    told = ada.submit(got).json()["detail"]
    assert "anybody may be given it" in told
    assert (
        "take the task again to submit it, if the queue hands out and it is still free then, or ask your lead about it."
        in told
    )
    if free:
        again = ada.take(site.queue.id)
        assert (again["task"]["id"], again["task"]["draft"]["answers"]) == (got["task"]["id"], ANSWER["answers"])
        assert ada.submit(again).status_code == 201
    else:
        assert bo.take(site.queue.id)["task"]["id"] == got["task"]["id"]
        assert ada.claim(site.queue.id).status_code == 204


# Pages ----------------------------------------------------------------------------------------------------------


def test_a_manager_changes_what_is_handed_out_and_asks_why_on_pages(work: Work) -> None:
    site, ada = work.site(), work.worker("Ada")
    with work.database.write() as session:
        grace = making.make_colleague(session, Role.MANAGER, clock=work.clock)
    token = making.sign_in(work.client, work.database, grace, clock=work.clock)
    page = f"/queues/{site.queue.id}/handing-out"
    form = {
        "csrf_token": token, "order_by": "metadata", "order_key": "market", "spread": "breadth", "priority": "7",
        "due_at": "2026-12-01T12:00", "languages": "nb", "person": "10", "organisations": "Nordlys = 500, 60 %",
        "zone": "Europe/Oslo", "windows": "Mon-Tue 08:00-16:00",
    }  # fmt: skip
    assert work.client.post(page, data=form).status_code == 303
    for written in ("Nordlys = 500, 60 %", "mon tue 08:00-16:00", "2026-12-01T12:00", 'value="nb"', 'value="market"'):
        assert written in work.client.get(page).text
    shown = work.client.get(f"/queues/{site.queue.id}").text
    for written in ("By metadata: market", "mon tue 08:00-16:00 (Europe/Oslo)", "500, 60 %", "At most a person"):
        assert written in shown
    for wrong in (
        {"windows": "mon 8-16"},
        {"windows": "mon-xyz 08:00-16:00"},
        {"organisations": "Nordlys"},
        {"organisations": "Nobody = 3"},
        {"zone": "X"},
    ):
        assert work.client.post(page, data=form | wrong).status_code == 422, wrong
    why = f"/queues/{site.queue.id}/why"
    asked = work.client.get(why, params={"ad": "ad-1", "person": ada.person.email}).text
    assert "They lack what the queue asks for: language nb." in asked
    assert "There is no ad ad-9 in this project." in work.client.get(why, params={"ad": "ad-9", "person": "x"}).text
    task = tasks_of(work, site.queue.id)[2]
    raised = {"csrf_token": token, "task": task, "priority": "5", "ad": "ad-3", "person": ada.person.email}
    assert work.client.post(f"/queues/{site.queue.id}/priorities", data=raised).status_code == 303
    assert work.client.post(page, data={"csrf_token": token, "order_by": "oldest"}).status_code == 303
    ada.client.cookies.clear()
    assert ada.take(site.queue.id)["task"]["asset"]["external_id"] == "ad-3"


def test_a_lead_sees_what_their_people_hold_and_takes_it_back_on_the_page(work: Work) -> None:
    site, ada = work.site(), work.worker("Ada")
    rui = work.worker("Rui", organisation="Atlantico")
    got = ada.take(site.queue.id)
    rui.take(site.queue.id)
    person = lead(work).person
    token = making.sign_in(work.client, work.database, person, clock=work.clock)
    page = work.client.get(f"/queues/{site.queue.id}").text
    assert "ad-1" in page
    assert "Rui" not in page
    answer = work.client.post(f"/claims/{got['claim']['id']}/recall", data={"csrf_token": token})
    assert answer.status_code == 303
    assert "What your people hold" not in work.client.get(f"/queues/{site.queue.id}").text

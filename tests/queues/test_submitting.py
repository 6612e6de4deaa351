"""Submitting over HTTP: the record, once and whole; outcomes; taking back; revising."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from app.labels import checks as label_checks
from app.labels.models import Draft, Label, Revision, SubmissionKey, TimingSlice
from app.people.rules import Role
from app.queues import checks
from app.queues.models import Outcome, Slot, Task
from tests.databases import WAITING_FOR_US
from tests.making_queues import ANSWER, TIMING
from tests.queues.conftest import Work

REJECT = {
    "answers": {"verdict": "reject", "note": "says cheap", "claims": [{"id": "m1", "choice": "price", "start": 0, "end": 3, "text": "Buy"}]},
    "evidence": [{"field": "verdict", "choice": "reject", "clause": "2", "marks": ["m1"]}],
    "timing": {
        "page": "p1", "first_decision_ms": 2500,
        "slices": [
            {"seq": 0, "state": "active", "start_ms": 0, "duration_ms": 20_000},
            {"seq": 1, "state": "reading", "start_ms": 20_000, "duration_ms": 10_000},
        ],
        "marks": {"m1": {"created_ms": 3000, "changed_ms": 4000}},
    },
}  # fmt: skip


def faults(work: Work) -> list[str]:
    with work.database.read() as session:
        return [*label_checks.find_faults(session, work.store), *checks.find_faults(session)]


def states(work: Work) -> tuple[list[str], list[str]]:
    with work.database.read() as session:
        tasks = session.scalars(select(Task.state).order_by(Task.seq)).all()
        slots = session.scalars(select(Slot.state).order_by(Slot.seq)).all()
    return list(tasks), list(slots)


def test_a_label_carries_everything_that_explains_it(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    work.clock.forward(seconds=60)
    answer = ada.submit(got, REJECT)
    label = answer.json()
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert list(label) == [
        "id", "revision", "project", "queue", "queue_kind", "task", "asset", "schema_name", "schema_version",
        "guideline_version", "labeler", "answers", "sources", "evidence", "status", "claimed_at", "submitted_at",
        "timing", "marks_timing", "suggested_by", "record_hash", "history_hash",
    ]  # fmt: skip
    assert (label["revision"], label["queue_kind"], label["schema_name"]) == (1, "production", "Alcohol in ads")
    assert label["labeler"] == {"id": ada.person.id, "organisation": "Nordlys"}
    assert label["timing"] == {
        "wall_ms": 60_000, "active_ms": 20_000, "playing_ms": 0, "reading_ms": 10_000, "idle_ms": 0, "hidden_ms": 0,
        "first_decision_ms": 2500, "media_coverage": {}, "media_speeds": {}, "clamped": False, "gap_ms": 0, "overlap_ms": 0,
    }  # fmt: skip
    assert label["marks_timing"] == {"m1": {"created_ms": 3000, "changed_ms": 4000}}
    assert label["asset"]["parts"][0]["text"] == "Buy now 🙂"
    assert label["history_hash"] is None
    assert ada.ask("GET", f"/labels/{label['id']}").json()["record_hash"] == label["record_hash"]
    assert faults(work) == []


def test_time_beyond_the_claims_own_is_scaled_to_fit(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    work.clock.forward(seconds=15)
    timing = ada.submit(got, REJECT).json()["timing"]
    assert (timing["clamped"], timing["active_ms"], timing["reading_ms"]) == (True, 10_000, 5_000)


def test_slices_sent_with_drafts_and_again_with_the_label_count_once(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    work.clock.forward(seconds=60)
    ada.on(got, "PUT", "draft", {"seq": 1, "answers": {}, "timing": REJECT["timing"]})
    assert ada.submit(got, REJECT).json()["timing"]["active_ms"] == 20_000
    with work.database.read() as session:
        assert len(session.scalars(select(TimingSlice)).all()) == 2


def test_the_same_key_and_body_give_the_first_label_and_another_body_a_conflict(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    first = ada.submit(got, ANSWER, Idempotency_Key="k1")
    again = ada.submit(got, ANSWER, Idempotency_Key="k1")
    other = ada.submit(got, REJECT, Idempotency_Key="k1")
    assert [one.status_code for one in (first, again, other)] == [201, 200, 409]
    assert first.json() == again.json()
    with work.database.read() as session:
        assert len(session.scalars(select(Label)).all()) == 1
        assert len(session.scalars(select(SubmissionKey)).all()) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "database", ["postgresql"], indirect=True
)  # SQLite has one writer, who sees what all before wrote
def test_a_key_that_another_request_takes_at_this_moment_is_refused_and_nothing_is_written(work: Work) -> None:
    site, ada = work.site(ads=2), work.worker()
    first = ada.submit(ada.take(site.queue.id), ANSWER).json()["id"]
    got = ada.take(site.queue.id)
    kept = SubmissionKey(
        person_id=ada.person.id, key="k1", body_hash="x" * 64, label_id=first, revision=1, created_at=work.clock()
    )
    with ThreadPoolExecutor(1) as thread:
        with work.database.write() as session:
            session.add(kept)
            session.flush()
            sent = thread.submit(ada.submit, got, ANSWER, Idempotency_Key="k1")
            while not session.scalar(WAITING_FOR_US):
                assert not sent.done()
        answer = sent.result()
    assert answer.status_code == 409
    assert "used before for another request" in answer.text
    assert states(work) == (["done", "open"], ["done", "held"])
    assert ada.submit(got, ANSWER, Idempotency_Key="k2").status_code == 201
    assert faults(work) == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"answers": {}, "timing": TIMING}, "/answers/verdict", id="a required answer is missing"),
        pytest.param({"answers": {"verdict": "maybe"}, "timing": TIMING}, "/answers/verdict", id="no such choice"),
        pytest.param({"answers": {"verdict": "allow"}}, "/timing", id="no timing"),
        pytest.param({"answers": [], "timing": TIMING}, "/answers", id="not an object"),
        pytest.param(
            {"answers": {"verdict": "allow"}, "timing": {"page": "p", "slices": [{"seq": 0, "state": "asleep", "start_ms": 0, "duration_ms": 1}]}},
            "/timing/slices/0/state", id="a state there is not",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_path_and_changes_nothing(work: Work, body: Any, path: str) -> None:
    site, ada = work.site(ads=1), work.worker()
    got = ada.take(site.queue.id)
    refused = ada.submit(got, body)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["path"].startswith(path)
    assert states(work) == (["open"], ["held"])
    assert ada.submit(got).status_code == 201


@pytest.mark.parametrize("note", [b'"\\ud800"', b"1e999", b"NaN", b"123456789012345678901234567890"])
def test_what_no_database_keeps_is_refused_and_not_an_error_of_ours(work: Work, note: bytes) -> None:
    site, ada = work.site(ads=1), work.worker()
    got = ada.take(site.queue.id)
    body = b'{"answers": {"verdict": "allow", "note": %s}, "timing": {"page": "p", "slices": []}}' % note
    headers = {**ada.headers, "Claim-Token": got["claim"]["token"], "Content-Type": "application/json"}
    claim = f"/api/v1/claims/{got['claim']['id']}"
    draft = body.replace(b'{"answers"', b'{"seq": 1, "answers"')
    for refused in (
        ada.client.post(f"{claim}/label", content=body, headers=headers),
        ada.client.put(f"{claim}/draft", content=draft, headers=headers),
    ):
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["path"].startswith("/answers")
        assert refused.json()["errors"][0]["message"].startswith("cannot be kept")


@pytest.mark.parametrize("outcome", ["skip", "cannot_judge", "wellbeing"])
def test_a_task_put_aside_goes_on_to_others(work: Work, outcome: str) -> None:
    site = work.site(ads=1)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    answer = ada.end(ada.take(site.queue.id), outcome, "not for me")
    assert (answer.status_code, answer.json()["outcome"]) == (201, outcome)
    assert ada.claim(site.queue.id).status_code == 204
    assert bo.claim(site.queue.id).status_code == 201
    assert faults(work) == []


@pytest.mark.parametrize(("outcome", "state"), [("flag", "on_hold"), ("escalate", "escalated")])
def test_a_stopped_task_waits_for_a_manager(work: Work, outcome: str, state: str) -> None:
    site = work.site(ads=1, overlap=2)
    ada, bo, manager = work.worker("Ada"), work.worker("Bo"), work.colleague(Role.MANAGER)
    got = ada.take(site.queue.id)
    ada.end(got, outcome, "which country?")
    assert states(work) == ([state], ["withheld", "withheld"])
    assert bo.claim(site.queue.id).status_code == 204
    task = got["task"]["id"]
    assert bo.ask("POST", f"/tasks/{task}/return").status_code == 404
    assert work.colleague(Role.ENGINEER, name="Eir").ask("POST", f"/tasks/{task}/return").status_code == 403
    assert manager.ask("POST", f"/tasks/{task}/return").json()["state"] == "open"
    assert manager.ask("POST", f"/tasks/{task}/return").status_code == 409
    assert bo.take(site.queue.id)["task"]["id"] == task
    assert ada.claim(site.queue.id).status_code == 204
    with work.database.read() as session:
        assert [(row.kind, row.note) for row in session.scalars(select(Outcome))] == [(outcome, "which country?")]
    assert faults(work) == []


def test_who_holds_a_stopped_task_may_finish_it(work: Work) -> None:
    site = work.site(ads=1, overlap=2)
    ada, bo = work.worker("Ada"), work.worker("Bo")
    mine, theirs = ada.take(site.queue.id), bo.take(site.queue.id)
    ada.end(mine, "flag", "?")
    assert bo.submit(theirs).status_code == 201
    assert states(work) == (["on_hold"], ["withheld", "done"])
    assert faults(work) == []


def test_a_withdrawn_task_is_handed_to_nobody(work: Work) -> None:
    site = work.site(ads=1)
    ada, manager = work.worker(), work.colleague(Role.MANAGER)
    task = ada.take(site.queue.id)["task"]["id"]
    assert manager.ask("POST", f"/tasks/{task}/withdrawal", {"reason": "rights"}).status_code == 201
    work.clock.forward(hours=1)
    assert ada.claim(site.queue.id).status_code == 204
    assert states(work) == (["withdrawn"], ["withheld"])
    assert faults(work) == []


def test_the_last_submit_may_be_taken_back_for_a_while(work: Work) -> None:
    site, ada = work.site(), work.worker()
    label = ada.label_next(site.queue.id)
    working = ada.take(site.queue.id)
    back = ada.ask("POST", f"/labels/{label}/withdrawal")
    assert back.status_code == 201, back.text
    assert back.json()["task"]["draft"]["answers"] == {"verdict": "allow"}
    assert back.json()["task"]["asset"]["external_id"] == "ad-1"
    assert ada.take(site.queue.id)["claim"]["id"] == back.json()["claim"]["id"]
    assert ada.ask("POST", f"/labels/{label}/withdrawal").status_code == 409
    again = ada.submit(back.json(), REJECT)
    assert again.status_code == 201
    assert again.json()["id"] != label
    assert ada.take(site.queue.id)["task"]["id"] == working["task"]["id"]
    shown = ada.ask("GET", f"/labels/{label}").json()
    assert (shown["withdrawn_at"] is not None, shown["events"][0]["kind"]) == (True, "withdrawn")
    assert faults(work) == []


def test_a_label_is_not_taken_back_late_nor_out_of_order_nor_by_another(work: Work) -> None:
    site = work.site()
    ada, bo = work.worker("Ada"), work.worker("Bo")
    first, second = ada.label_next(site.queue.id), ada.label_next(site.queue.id)
    assert ada.ask("POST", f"/labels/{first}/withdrawal").status_code == 409
    assert bo.ask("POST", f"/labels/{second}/withdrawal").status_code == 404
    assert work.colleague(Role.MANAGER).ask("POST", f"/labels/{second}/withdrawal").status_code == 403
    work.clock.forward(minutes=6)
    assert "Revise" in ada.ask("POST", f"/labels/{second}/withdrawal").json()["detail"]


def test_a_revision_keeps_the_one_before(work: Work) -> None:
    site, ada = work.site(), work.worker()
    label = ada.label_next(site.queue.id)
    path = f"/labels/{label}/revisions"
    work.clock.forward(minutes=3)
    assert ada.ask("POST", path, REJECT).status_code == 428
    assert ada.ask("POST", path, REJECT, If_Match='"2"').status_code == 412
    revised = ada.ask("POST", path, REJECT, If_Match='"1"', Idempotency_Key="r1")
    again = ada.ask("POST", path, REJECT, If_Match='"1"', Idempotency_Key="r1")
    assert (revised.status_code, again.status_code) == (201, 200)
    assert (revised.json()["id"], revised.json()["revision"]) == (label, 2)
    assert again.json() == revised.json()
    assert revised.json()["timing"]["active_ms"] == 20_000
    whole = ada.ask("GET", f"/labels/{label}").json()
    assert [one["answers"]["verdict"] for one in whole["revisions"]] == ["allow", "reject"]
    assert work.colleague(Role.MANAGER).ask("POST", path, REJECT, If_Match="2").status_code == 403
    with work.database.write() as session:
        session.scalars(select(Label)).one().status = "accepted"  # type: ignore[assignment]  # as a review will
    assert ada.ask("POST", path, ANSWER, If_Match="2").status_code == 409
    assert faults(work) == []


def test_drafts_of_a_submitted_task_are_closed(work: Work) -> None:
    site, ada = work.site(), work.worker()
    got = ada.take(site.queue.id)
    ada.on(got, "PUT", "draft", {"seq": 1, "answers": {"note": "x"}})
    ada.submit(got)
    with work.database.read() as session:
        assert [draft.closed_at for draft in session.scalars(select(Draft))] == [work.clock()]
    late = ada.on(got, "PUT", "draft", {"seq": 2, "answers": {"note": "after"}})
    assert late.status_code == 409
    assert [draft["answers"]["note"] for draft in ada.ask("GET", "/me/drafts").json()["items"]] == ["after"]


def test_the_store_check_sees_what_was_changed_behind_its_back(work: Work) -> None:
    site, ada = work.site(), work.worker()
    ada.label_next(site.queue.id)
    with work.database.write() as session:
        revision = session.scalars(select(Revision)).one()
        revision.answers = {"verdict": "maybe"}
        session.scalars(select(Slot).where(Slot.state == "done")).one().state = "free"  # type: ignore[assignment]
    found = " ".join(faults(work))
    for words in ("record hash", "does not fit its schema at /answers/verdict", "slots done", "holds"):
        assert words in found

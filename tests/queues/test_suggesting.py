"""Suggestions on a task: who is shown which and when, and what a label may say of them."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.labels import checks as label_checks
from app.labels.models import Revision
from app.people.rules import Role
from app.queues import checks
from app.suggestions.models import ShownSuggestion
from tests.making_labels import BODY, make_schema
from tests.making_queues import ANSWER, TIMING, Site, make_queue
from tests.queues.conftest import Work, Worker

BUY = {"id": "p", "choice": "price", "start": 0, "end": 3, "text": "Buy"}
REJECT: dict[str, Any] = {"verdict": "reject", "claims": [BUY]}


def suggest(engineer: Worker, answers: dict[str, Any] = REJECT, *, asset: str = "ad-1", **more: Any) -> str:
    body = {
        "asset": asset, "schema_version": 1, "model": "price finder", "model_version": "1", "answers": answers, **more
    }  # fmt: skip
    answer = engineer.ask("POST", "/projects/alcohol/suggestions", body)
    assert answer.status_code in {200, 201}, answer.text
    return str(answer.json()["id"])


def faults(work: Work) -> list[str]:
    with work.database.read() as session:
        return [*label_checks.find_faults(session, work.store), *checks.find_faults(session)]


def site_with_suggestions(work: Work, **queue: Any) -> tuple[Site, Worker]:
    site, engineer = work.site(ads=2, **queue), work.colleague(Role.ENGINEER)
    return site, engineer


def label_of(suggestion: str, **changes: Any) -> dict[str, Any]:
    mark = {**BUY, "source": "suggestion", "suggestion_id": suggestion, **changes}
    sources = {"verdict": {"source": "suggestion", "suggestion_id": suggestion}}
    return {"answers": {"verdict": "reject", "claims": [mark]}, "sources": sources, "timing": TIMING}


def test_a_task_brings_the_newest_suggestion_of_each_model(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggest(engineer, {"verdict": "allow"})
    newest = suggest(engineer, scores={"verdict": 0.9})
    other = suggest(engineer, {"verdict": "allow"}, model="second opinion")
    task = work.worker().take(site.queue.id)["task"]
    assert [one["id"] for one in task["suggestions"]] == [newest, other]
    assert task["suggestions"][0] == {
        "id": newest, "model": "price finder", "model_version": "1", "answers": REJECT, "scores": {"verdict": 0.9},
    }  # fmt: skip


def test_a_task_without_any_says_nothing_of_them(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggest(engineer, asset="ad-2")
    ada = work.worker()
    first = ada.take(site.queue.id)
    ada.submit(first)
    second = ada.take(site.queue.id)
    assert set(second["task"]) - set(first["task"]) == {"suggestions"}


def test_a_label_carries_whose_suggestions_it_took_and_refused(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggestion = suggest(engineer)
    ada = work.worker()
    refused = [{"suggestion_id": suggestion, "field": "claims", "mark": "p"}]
    body = {**label_of(suggestion, source="suggestion_edited", end=7, text="Buy now"), "refused_suggestions": refused}
    answer = ada.submit(ada.take(site.queue.id), body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["suggested_by"] == "price finder 1"
    provenance = ada.ask("GET", f"/labels/{answer.json()['id']}").json()["provenance"]
    shown = {"suggestion_id": suggestion, "model": "price finder", "model_version": "1", "shown": "before_answering"}
    assert provenance["suggestions"] == {"shown": [shown], "refused": refused}
    assert provenance["marks"] == {"p": {"source": "suggestion_edited", "suggestion_id": suggestion}}
    assert faults(work) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"end": 7, "text": "Buy now"}, "/answers/claims/0/source"),
        ({"suggestion_id": "0" * 32}, "/answers/claims/0/suggestion_id"),
        ({"source": "human"}, "/answers/claims/0/suggestion_id"),
    ],
)
def test_a_label_that_is_untrue_about_suggestions_is_refused(work: Work, changes: dict[str, Any], path: str) -> None:
    site, engineer = site_with_suggestions(work)
    suggestion = suggest(engineer)
    ada = work.worker()
    claim = ada.take(site.queue.id)
    answer = ada.submit(claim, label_of(suggestion, **changes))
    assert (answer.status_code, [one["path"] for one in answer.json()["errors"]]) == (422, [path])
    assert ada.submit(claim, label_of(suggestion)).status_code == 201


def test_a_suggestion_that_others_were_shown_may_not_be_named(work: Work) -> None:
    site, engineer = site_with_suggestions(work, overlap=2)
    ada, bo = work.worker(), work.worker("Bo")
    early = ada.take(site.queue.id)
    suggestion = suggest(engineer)
    assert bo.submit(bo.take(site.queue.id), label_of(suggestion)).status_code == 201
    answer = ada.submit(early, label_of(suggestion))
    assert answer.status_code == 422
    assert {one["path"] for one in answer.json()["errors"]} == {
        "/answers/claims/0/suggestion_id", "/sources/verdict/suggestion_id",
    }  # fmt: skip


def test_a_draft_keeps_what_was_refused_and_what_cannot_be_read(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggestion = suggest(engineer)
    ada = work.worker()
    claim = ada.take(site.queue.id)
    kept = {
        "refused_suggestions": [{"suggestion_id": suggestion, "field": "verdict"}],
        "unreadable": [{"path": "/answers/old", "reason": "Gone.", "value": 7}],
    }
    assert ada.on(claim, "PUT", "draft", {"seq": 1, "answers": {"verdict": "allow"}, **kept}).status_code == 204
    draft = ada.take(site.queue.id)["task"]["draft"]
    assert {name: draft[name] for name in kept} == kept


def test_taken_back_and_revised_a_label_still_knows_its_suggestions(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggestion = suggest(engineer)
    ada = work.worker()
    body = {**label_of(suggestion), "refused_suggestions": [{"suggestion_id": suggestion, "field": "note"}]}
    label = ada.submit(ada.take(site.queue.id), body).json()["id"]
    again = ada.ask("POST", f"/labels/{label}/revisions", label_of(suggestion), If_Match="1")
    assert (again.status_code, again.json()["suggested_by"]) == (201, "price finder 1")
    untrue = ada.ask("POST", f"/labels/{label}/revisions", label_of("0" * 32), If_Match="2")
    assert untrue.status_code == 422
    task = ada.ask("POST", f"/labels/{label}/withdrawal").json()["task"]
    assert [one["id"] for one in task["suggestions"]] == [suggestion]
    assert task["draft"]["sources"] == body["sources"]
    assert faults(work) == []


# When -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "queue", "shown"),
    [
        (None, "shown", "at once"),
        ("shown", "after_first_answer", "later"),
        ("after_first_answer", "shown", "later"),
        ("after_first_answer", "hidden", "never"),
        ("hidden", "shown", "never"),
    ],
)
def test_the_schema_or_the_queue_whichever_shows_less_rules(
    work: Work, schema: str | None, queue: str, shown: str
) -> None:
    site, engineer = site_with_suggestions(work)
    with work.database.write() as session:
        make_schema(
            session,
            site.project,
            clock=work.clock,
            body={**BODY, **({"suggestions": schema} if schema else {}), "name": "B"},
        )
        made = make_queue(session, site.project, clock=work.clock, suggestions=queue)
    engineer.client.app.state.worker.run_due()  # type: ignore[attr-defined]
    suggest(engineer, schema_version=2)
    suggest(engineer, schema_version=2, asset="ad-2")
    ada = work.worker()
    claim = ada.take(made.id)
    assert ("suggestions" in claim["task"], claim["task"].get("suggestions_follow")) == (
        shown == "at once", True if shown == "later" else None,
    )  # fmt: skip
    ada.on(claim, "PUT", "draft", {"seq": 1, "answers": {"verdict": "allow"}})
    answer = ada.on(claim, "POST", "suggestions")
    assert answer.status_code == (404 if shown == "never" else 200)
    if shown != "never":
        assert len(answer.json()["suggestions"]) == 1


def test_suggestions_wait_for_a_saved_answer_of_their_own_which_is_noted(work: Work) -> None:
    site, engineer = site_with_suggestions(work, suggestions="after_first_answer")
    suggestion = suggest(engineer)
    ada = work.worker()
    claim = ada.take(site.queue.id)
    assert ada.on(claim, "POST", "suggestions").status_code == 409
    for seq, empty in enumerate(({}, {"note": "", "claims": []})):
        ada.on(claim, "PUT", "draft", {"seq": seq, "answers": empty})
        assert ada.on(claim, "POST", "suggestions").status_code == 409
    assert "suggestions" not in ada.take(site.queue.id)["task"]
    assert ada.submit(claim, label_of(suggestion)).status_code == 422
    ada.on(claim, "PUT", "draft", {"seq": 3, "answers": {"verdict": "allow"}})
    answer = ada.on(claim, "POST", "suggestions")
    assert [one["id"] for one in answer.json()["suggestions"]] == [suggestion]
    assert [one["id"] for one in ada.take(site.queue.id)["task"]["suggestions"]] == [suggestion]
    with work.database.read() as session:
        assert session.scalars(select(ShownSuggestion.first_answers)).one() == {"verdict": "allow"}
    label = ada.submit(claim, label_of(suggestion)).json()
    kept = ada.ask("GET", f"/labels/{label['id']}").json()["provenance"]["suggestions"]["shown"]
    assert [one["shown"] for one in kept] == ["after_first_answer"]


def test_only_the_holder_with_a_live_token_is_given_suggestions(work: Work) -> None:
    site, engineer = site_with_suggestions(work, suggestions="after_first_answer")
    suggest(engineer)
    ada, bo = work.worker(), work.worker("Bo")
    claim = ada.take(site.queue.id)
    ada.on(claim, "PUT", "draft", {"seq": 1, "answers": {"verdict": "allow"}})
    assert bo.on(claim, "POST", "suggestions").status_code == 404
    assert ada.on(claim, "POST", "suggestions", token="dead").status_code == 409
    work.clock.forward(hours=2)
    assert ada.on(claim, "POST", "suggestions").status_code == 409


def test_where_suggestions_wait_every_task_reads_alike(work: Work) -> None:
    site, engineer = site_with_suggestions(work, suggestions="after_first_answer")
    suggest(engineer, asset="ad-2")
    ada = work.worker()
    first = ada.take(site.queue.id)
    ada.submit(first)
    second = ada.take(site.queue.id)
    assert set(first["task"]) == set(second["task"])
    ada.on(second, "PUT", "draft", {"seq": 1, "answers": {"verdict": "allow"}})
    assert len(ada.on(second, "POST", "suggestions").json()["suggestions"]) == 1


def test_a_manager_may_hide_them_later_and_only_the_company_sees_that(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggest(engineer)
    suggest(engineer, asset="ad-2")
    manager, ada = work.colleague(Role.MANAGER, name="Mo"), work.worker()
    assert "suggestions" in ada.take(site.queue.id)["task"]
    changed = manager.ask("PATCH", f"/queues/{site.queue.id}", {"suggestions": "hidden"})
    assert (changed.status_code, changed.json()["suggestions"]) == (200, "hidden")
    assert "suggestions" in ada.take(site.queue.id)["task"]  # what was shown stays
    ada.submit(ada.take(site.queue.id))
    assert "suggestions" not in ada.take(site.queue.id)["task"]
    assert "suggestions" not in ada.ask("GET", f"/queues/{site.queue.id}").json()
    assert manager.ask("PATCH", f"/queues/{site.queue.id}", {"suggestions": "perhaps"}).status_code == 422


# Versions ---------------------------------------------------------------------------------------------------------


def test_what_does_not_fit_the_tasks_schema_comes_apart_with_the_reason(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggestion = suggest(engineer)
    fields = [
        {**field, "choices": [{"value": "allow"}, {"value": "ban"}]} if field["name"] == "verdict" else field
        for field in BODY["fields"]
    ]
    with work.database.write() as session:
        make_schema(session, site.project, clock=work.clock, body={**BODY, "fields": fields})
        queue = make_queue(session, site.project, clock=work.clock)
    engineer.client.app.state.worker.run_due()  # type: ignore[attr-defined]
    ada = work.worker()
    claim = ada.take(queue.id)
    (shown,) = claim["task"]["suggestions"]
    assert (shown["answers"], shown["made_for"]) == ({"claims": [BUY]}, {"schema_version": 1, "asset_revision": 1})
    (piece,) = shown["unreadable"]
    assert (piece["path"], piece["value"]) == ("/answers/verdict", "reject")
    mark = {**BUY, "source": "suggestion", "suggestion_id": suggestion}
    assert ada.submit(claim, {**ANSWER, "answers": {"verdict": "ban", "claims": [mark]}}).status_code == 201


# The check --------------------------------------------------------------------------------------------------------


def test_the_check_finds_a_label_that_names_what_was_never_shown(work: Work) -> None:
    site, engineer = site_with_suggestions(work)
    suggestion = suggest(engineer)
    ada = work.worker()
    ada.submit(ada.take(site.queue.id), label_of(suggestion))
    assert faults(work) == []
    with work.database.write() as session:
        session.execute(update(ShownSuggestion).values(task_id="0" * 32))
    found = faults(work)
    assert any("/answers/claims/0/suggestion_id" in fault for fault in found)
    assert any("was shown on a task" in fault for fault in found)
    with work.database.write() as session:
        session.execute(update(ShownSuggestion).values(task_id=select(Revision.claim_id).limit(1).scalar_subquery()))
    assert faults(work) != []

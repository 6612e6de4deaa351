"""The API of assets: each request works, refuses the wrong person, refuses nonsense."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from app.assets import deriving, forms
from app.assets.models import Media
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from app.projects.models import Project
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_person, make_project
from tests.making_assets import picture

Headers = dict[str, str]
TEXT = {
    "external_id": "ad",
    "metadata": {"market": "NO"},
    "parts": [{"name": "caption", "modality": "text", "text": "Hei 🙂"}],
}
PICTURE = {"external_id": "pic", "parts": [{"name": "creative", "modality": "image"}]}


@pytest.fixture
def people(database: Database, clock: FakeClock) -> dict[str, Person]:
    with database.write() as session:
        return {
            "engineer": make_colleague(session, Role.ENGINEER, clock=clock, name="Eir"),
            "sme": make_colleague(session, Role.SME, clock=clock, name="Sana"),
            "labeler": make_person(session, clock=clock, name="Ada"),
        }


@pytest.fixture
def project(database: Database, people: dict[str, Person], clock: FakeClock) -> Project:
    with database.write() as session:
        return make_project(session, clock=clock)


@pytest.fixture
def engineer(database: Database, people: dict[str, Person], clock: FakeClock) -> Headers:
    return bearer(database, people["engineer"], clock=clock)


def upload(client: TestClient, headers: Headers, asset: Any, **files: bytes) -> Any:
    content = asset if isinstance(asset, str) else json.dumps(asset)
    sent = [("asset", (None, content)), *((name, (name, data)) for name, data in files.items())]
    return client.post("/api/v1/projects/alcohol/assets", headers=headers, files=sent)


def test_an_ad_is_added_once_and_its_probed_facts_come_back(
    client: TestClient, project: Project, engineer: Headers
) -> None:
    first = upload(client, engineer, PICTURE, creative=picture())
    assert first.status_code == 201, first.text
    part = first.json()["parts"][0]
    assert (part["width"], part["height"], part["modality"], part["byte_size"]) == (60, 40, "image", len(picture()))
    again = upload(client, engineer, PICTURE, creative=picture())
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    other = upload(client, engineer, PICTURE, creative=picture(61))
    assert other.status_code == 409


def test_the_same_key_gives_the_first_answer(client: TestClient, project: Project, engineer: Headers) -> None:
    keyed = {**engineer, "Idempotency-Key": "k1"}
    first, again = upload(client, keyed, TEXT), upload(client, keyed, TEXT)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert upload(client, keyed, {**TEXT, "external_id": "other"}).status_code == 409


@pytest.mark.parametrize(
    ("asset", "files", "path"),
    [
        pytest.param("{", {}, "/", id="no JSON"),
        pytest.param({"external_id": "x"}, {}, "/parts", id="no parts"),
        pytest.param({"external_id": " ", "parts": TEXT["parts"]}, {}, "/external_id", id="blank id"),
        pytest.param({**TEXT, "parts": []}, {}, "/parts", id="empty parts"),
        pytest.param({**TEXT, "parts": [*TEXT["parts"], *TEXT["parts"]]}, {}, "/parts/1/name", id="twice the name"),
        pytest.param(
            {**TEXT, "parts": [{"name": "x", "modality": "smell", "text": "a"}]}, {}, "/parts/0/modality", id="modality"
        ),
        pytest.param(PICTURE, {}, "/parts/0", id="file missing"),
        pytest.param(PICTURE, {"creative": picture(), "more": picture()}, "/more", id="file too many"),
        pytest.param(PICTURE, {"creative": b""}, "/parts/0", id="empty file"),
        pytest.param(PICTURE, {"creative": picture()[:90]}, "/parts/0", id="cut short"),
        pytest.param(PICTURE, {"creative": b"<svg xmlns='x'></svg>"}, "/parts/0", id="svg"),
        pytest.param('{"external_id": "x", "metadata": {"a": NaN}, "parts": []}', {}, "/metadata", id="nan"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(
    client: TestClient, project: Project, engineer: Headers, asset: Any, files: dict[str, bytes], path: str
) -> None:
    refused = upload(client, engineer, asset, **files)
    assert refused.status_code == 422, refused.text
    assert path in [problem["path"] for problem in refused.json()["errors"]]
    assert client.get("/api/v1/projects/alcohol/assets", headers=engineer).json()["items"] == []


def test_an_upload_that_is_no_form_is_415(client: TestClient, project: Project, engineer: Headers) -> None:
    assert client.post("/api/v1/projects/alcohol/assets", headers=engineer, json=TEXT).status_code == 415


@pytest.mark.parametrize(("who", "status"), [("sme", 403), ("labeler", 404), (None, 401)])
def test_only_importers_add_ads(
    client: TestClient,
    database: Database,
    people: dict[str, Person],
    project: Project,
    clock: FakeClock,
    who: str | None,
    status: int,
) -> None:
    headers = bearer(database, people[who], clock=clock) if who else {}
    assert upload(client, headers, TEXT).status_code == status


def test_an_unknown_project_is_404(client: TestClient, project: Project, engineer: Headers) -> None:
    sent = [("asset", (None, json.dumps(TEXT)))]
    assert client.post("/api/v1/projects/other/assets", headers=engineer, files=sent).status_code == 404


def test_ads_are_listed_in_pages_and_filtered(client: TestClient, project: Project, engineer: Headers) -> None:
    for number in range(3):
        upload(client, engineer, {**TEXT, "external_id": f"ad-{number}"})
    upload(client, engineer, PICTURE, creative=picture())
    first = client.get("/api/v1/projects/alcohol/assets?limit=2", headers=engineer).json()
    assert [item["external_id"] for item in first["items"]] == ["ad-0", "ad-1"]
    rest = client.get(f"/api/v1/projects/alcohol/assets?after={first['next']}", headers=engineer).json()
    assert ([item["external_id"] for item in rest["items"]], rest["next"]) == (["ad-2", "pic"], None)
    images = client.get("/api/v1/projects/alcohol/assets?modality=image", headers=engineer).json()
    assert [item["external_id"] for item in images["items"]] == ["pic"]
    one = client.get("/api/v1/projects/alcohol/assets?external_id=ad-1", headers=engineer).json()
    assert [item["external_id"] for item in one["items"]] == ["ad-1"]


def test_a_change_and_added_parts_make_revisions(client: TestClient, project: Project, engineer: Headers) -> None:
    asset = upload(client, engineer, TEXT).json()
    path = f"/api/v1/assets/{asset['id']}"
    changed = client.patch(path, headers=engineer, json={"metadata": {"market": "SE"}}).json()
    assert (changed["revision"], changed["metadata"]) == (2, {"market": "SE"})
    form = [("asset", (None, json.dumps({"parts": PICTURE["parts"]}))), ("creative", ("a.png", picture()))]
    added = client.patch(path, headers=engineer, files=form).json()
    assert (added["revision"], [part["since_revision"] for part in added["parts"]]) == (3, [1, 3])
    assert client.patch(path, headers=engineer, json={"metadata": 3}).status_code == 422


def test_a_withdrawal_needs_its_reason_and_keeps_the_ad_readable(
    client: TestClient, project: Project, engineer: Headers
) -> None:
    asset = upload(client, engineer, TEXT).json()
    path = f"/api/v1/assets/{asset['id']}"
    assert client.post(f"{path}/withdrawal", headers=engineer, json={"reason": ""}).status_code == 422
    gone = client.post(f"{path}/withdrawal", headers=engineer, json={"reason": "Wrong market"})
    assert gone.status_code == 201
    assert client.get(path, headers=engineer).json()["withdrawn"]["reason"] == "Wrong market"


def test_an_ad_is_404_to_a_labeler_without_a_claim_and_to_nobody_in_particular(
    client: TestClient,
    app: FastAPI,
    database: Database,
    people: dict[str, Person],
    project: Project,
    engineer: Headers,
    clock: FakeClock,
) -> None:
    asset = upload(client, engineer, TEXT).json()
    labeler = bearer(database, people["labeler"], clock=clock)
    assert client.get(f"/api/v1/assets/{asset['id']}", headers=labeler).status_code == 404
    assert client.get(f"/api/v1/assets/{asset['id']}").status_code == 401
    app.state.sees_asset = lambda _session, _person, asset_id: asset_id == asset["id"]
    assert client.get(f"/api/v1/assets/{asset['id']}", headers=labeler).status_code == 200
    assert client.patch(f"/api/v1/assets/{asset['id']}", headers=labeler, json={}).status_code == 403


def test_addresses_are_given_for_what_there_is(
    client: TestClient, app: FastAPI, database: Database, project: Project, engineer: Headers, clock: FakeClock
) -> None:
    asset = upload(client, engineer, PICTURE, creative=picture()).json()
    path = f"/api/v1/assets/{asset['id']}/parts/creative"
    assert client.get(f"{path}/thumbnail", headers=engineer).status_code == 404
    deriving.derive_all_due(database, app.state.store, clock=clock)
    told = client.get(f"{path}/thumbnail", headers=engineer).json()
    assert told["expires_at"] == "2026-11-02T11:00:00.000000Z"
    served = client.get(told["url"], headers=engineer)
    assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")
    assert client.get(f"{path}/smell", headers=engineer).status_code == 404


def test_an_upload_over_its_limit_is_413_and_nothing_is_kept(
    client: TestClient, app: FastAPI, project: Project, engineer: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "LARGEST_FILE", 100)
    assert upload(client, engineer, PICTURE, creative=picture()).status_code == 413
    assert list(app.state.store.hashes()) == []


def test_a_guests_upload_is_held_to_the_limit_of_everything_else(client: TestClient, project: Project) -> None:
    refused = upload(client, {}, PICTURE, creative=bytes(33 << 20))
    assert refused.status_code == 413


def test_an_ad_that_is_all_text_comes_by_a_plain_form_too(
    client: TestClient, project: Project, engineer: Headers
) -> None:
    sent = client.post("/api/v1/projects/alcohol/assets", headers=engineer, data={"asset": json.dumps(TEXT)})
    assert (sent.status_code, sent.json()["parts"][0]["text"]) == (201, "Hei 🙂")


def test_a_refused_ad_leaves_no_file(
    client: TestClient, app: FastAPI, database: Database, project: Project, engineer: Headers
) -> None:
    made = upload(client, engineer, PICTURE, creative=picture()).json()
    address = f"/api/v1/assets/{made['id']}"
    two = {**PICTURE, "external_id": "two", "parts": [*PICTURE["parts"], {"name": "half", "modality": "image"}]}
    part = json.dumps({"parts": [{"name": "creative", "modality": "image"}]})
    changed = {"headers": engineer, "data": {"asset": part}, "files": {"creative": ("x.png", picture(15, 15))}}
    refusals = [
        upload(client, engineer, PICTURE, creative=picture(13, 13)),
        upload(client, engineer, two, creative=picture(14, 14), half=picture(200, 200)[:50]),
        client.patch(address, **changed),
    ]
    assert [one.status_code for one in refusals] == [409, 422, 409]
    client.post(f"{address}/withdrawal", headers=engineer, json={"reason": "old"})
    assert client.patch(address, **changed).status_code == 409
    with database.read() as session:
        assert list(app.state.store.hashes()) == list(session.scalars(select(Media.sha256)))

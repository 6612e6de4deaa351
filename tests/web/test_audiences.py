"""Every route, as every kind of person: whom it is not for gets 401, 303, 403 or 404 as the rules say, and nothing else.

A route that is added is walked without a word here; a new name in an address should get a real row in `making_world`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from httpx2 import Response
from starlette.testclient import TestClient

from app.db.base import new_id
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from app.web import csrf
from app.web.asking import Anyone, Audience
from tests import making
from tests.conftest import FakeClock
from tests.web.making_world import World, make_world

SAFE = {"GET", "HEAD"}

# Names in addresses whose row in `making_world` belongs to one vendor, or to one of its people.
OF_THE_VENDOR = {"project", "queue", "claim", "label", "asset", "task"}
OF_ONE_PERSON = {"claim", "label"}

# Not made by us; says nothing but the shape of the API.
FRAMEWORKS = {"/api/v1/openapi.json"}


@dataclass(frozen=True)
class Walked:
    """One method of one route."""

    method: str
    path: str
    name: str
    calls: tuple[object, ...]

    @property
    def audiences(self) -> list[Audience]:
        """Audiences, and those of finders that ask for one, such as `ProjectFor`."""
        found = [getattr(call, "audience", call) for call in self.calls]
        return [call for call in found if isinstance(call, Audience)]

    @property
    def is_for_anyone(self) -> bool:
        return any(isinstance(call, Anyone) for call in self.calls)

    @property
    def params(self) -> set[str]:
        return set(re.findall(r"{(\w+)", self.path))

    def admits(self, person: Person) -> bool:
        return all(audience.admits(person) for audience in self.audiences)

    def refusals(self, person: Person) -> set[int]:
        """What one who is not admitted may be told: 403 only where the thing itself is theirs to see."""
        return {404, 403} if any(a.seen and not a.admits(person) for a in self.audiences) else {404}


def calls_of(dependant: Dependant) -> Iterator[object]:
    for below in dependant.dependencies:
        yield below.call
        yield from calls_of(below)


def walk(app: FastAPI) -> list[Walked]:
    """Every method of every route, also of routers included in routers."""
    found = []
    for route in iter_route_contexts(app.routes):
        if route.path in FRAMEWORKS:
            continue
        assert isinstance(route.original_route, APIRoute), f"{route.path} is no route that can declare an audience"
        calls = tuple(calls_of(route.dependant))
        found += [Walked(method, str(route.path), str(route.name), calls) for method in sorted(route.methods or ())]
    return found


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Who may see what does not depend on the database."""
    return sqlite_database


@pytest.fixture
def world(app: FastAPI, database: Database, clock: FakeClock) -> World:
    return make_world(app, database, clock)


def ask(client: TestClient, route: Walked, world: World, csrf_token: str = "") -> Response:
    path = re.sub(r"{(\w+)[^}]*}", lambda found: world.params.get(found[1], new_id()), route.path)
    headers = {"x-csrf-token": csrf_token}
    body = None if route.method in SAFE else {}
    return client.request(route.method, path, headers=headers, json=body)


def test_there_are_routes_to_walk(app: FastAPI) -> None:
    names = {route.name for route in walk(app)}
    assert {"people.sign_in", "projects.api.create", "static"} <= names
    assert len(names) > 30


def test_every_route_declares_whom_it_is_for(app: FastAPI) -> None:
    silent = [f"{route.method} {route.path}" for route in walk(app) if not route.audiences and not route.is_for_anyone]
    assert silent == [], "\n".join(silent)


def test_every_route_that_changes_something_is_guarded_against_forgery(app: FastAPI) -> None:
    unsafe = [route for route in walk(app) if route.method not in SAFE]
    assert [route.path for route in unsafe if csrf.check not in route.calls] == []
    for_guests = [route for route in unsafe if not route.audiences]
    assert [route.path for route in for_guests if csrf.check_guest not in route.calls] == []


def test_a_route_without_an_audience_is_found(app: FastAPI) -> None:
    @app.get("/forgotten", name="forgotten")
    def forgotten() -> dict[str, str]:
        return {}

    with pytest.raises(AssertionError, match="/forgotten"):
        test_every_route_declares_whom_it_is_for(app)


def test_signed_out_everything_but_what_is_for_anyone_asks_to_sign_in(client: TestClient, world: World) -> None:
    wrong = []
    for route in walk(client.app):
        client.cookies.clear()
        answer = ask(client, route, world)
        page = route.method in SAFE and not route.path.startswith("/api/")
        right = answer.status_code < 500 if route.is_for_anyone else answer.status_code == (303 if page else 401)
        leads = not page or route.is_for_anyone or answer.headers["location"].startswith("/sign-in")
        if not (right and leads):
            wrong.append(f"{route.method} {route.path}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("who", [*Role, "rival", "colleague"])
def test_whom_a_route_is_not_for_is_refused_and_whom_it_is_for_meets_no_failure(
    client: TestClient, world: World, database: Database, clock: FakeClock, who: str
) -> None:
    person = world.people[who]
    csrf_token = making.sign_in(client, database, person, clock=clock)
    wrong = []
    for route in walk(client.app):
        admitted = route.admits(person)
        if admitted and route.method not in SAFE:
            continue  # it might do what it is for
        status = ask(client, route, world, csrf_token).status_code
        if not (status < 500 if admitted else status in route.refusals(person)):
            wrong.append(f"{route.method} {route.path}: {status}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(("who", "others"), [("rival", OF_THE_VENDOR), ("colleague", OF_ONE_PERSON)])
def test_what_belongs_to_others_does_not_exist(
    client: TestClient, world: World, database: Database, clock: FakeClock, who: str, others: set[str]
) -> None:
    """A body is looked at before the row is, so it may be refused as not fitting: that tells nothing of the row."""
    person = world.people[who]
    csrf_token = making.sign_in(client, database, person, clock=clock)
    wrong = []
    for route in walk(client.app):
        if not route.params & others:
            continue
        status = ask(client, route, world, csrf_token).status_code
        allowed = {404} | (set() if route.method in SAFE else {422}) | (set() if route.admits(person) else {403})
        if status not in allowed:
            wrong.append(f"{route.method} {route.path}: {status}")
    assert wrong == [], "\n".join(wrong)


def test_their_owner_does_find_them(client: TestClient, world: World, database: Database, clock: FakeClock) -> None:
    """So that the test above does not pass because the rows are missing."""
    making.sign_in(client, database, world.people["labeler"], clock=clock)
    found = {
        name
        for route in walk(client.app)
        if route.method == "GET" and ask(client, route, world).status_code == 200
        for name in route.params & OF_THE_VENDOR
    }
    assert found >= {"project", "queue", "label", "asset"}

"""What people write into addresses by hand: every parameter of every list and page, with values that no page of ours writes.

A route that is added is walked without a word here.
"""

import re
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from app.db.base import new_id
from app.db.session import Database
from tests import making
from tests.conftest import FakeClock
from tests.web.making_world import make_world

ODD = ("", "-1", "9" * 30, "0" * 32, "x" * 5000, "{}", "%", "٣", "a,b:c", "9999-12-31T23:59-12:00")


def parameters_of(dependant: Dependant) -> set[str]:
    below = (parameters_of(one) for one in dependant.dependencies)
    return {one.alias for one in dependant.query_params}.union(*below)


def lists_of(app: FastAPI) -> dict[str, set[str]]:
    """Paths that are read, with the parameters that they take."""
    found = {}
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and "GET" in (route.methods or ()):
            found[str(route.path)] = parameters_of(route.dependant)
    return {path: names for path, names in found.items() if names}


def test_nothing_that_is_written_into_an_address_makes_a_page_fail(
    app: FastAPI, database: Database, clock: FakeClock
) -> None:
    world = make_world(app, database, clock)
    client = TestClient(app, base_url="http://testserver", follow_redirects=False, raise_server_exceptions=False)
    making.sign_in(client, database, world.people["admin"], clock=clock)
    failed = []
    lists = lists_of(app)
    assert {"/api/v1/projects", "/background"} <= set(lists)
    for path, names in lists.items():
        address = re.sub(r"{(\w+)[^}]*}", lambda found: world.params.get(found[1], new_id()), path)
        for name in sorted(names):
            for value in ODD:
                answer = client.get(f"{address}?{name}={quote(value)}")
                if answer.status_code >= 500:
                    failed.append(f"{path} {name}={value[:40]!r}: {answer.status_code}")
    assert failed == [], "\n".join(failed)

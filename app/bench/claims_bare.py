"""The other side of `claims`: two bare FastAPI routes that write by driver SQL what a claim and a submit write.

No checks beyond the token's, no objects, no layers: parsed by orjson, written row for row into the same tables, each
request one transaction that is as durable as Fasit's, answered by orjson. SQLite is written in the event loop itself,
which is the fastest way there is with one writer; PostgreSQL by as many connections as the clients keep busy, with what
does not depend on an answer sent in one go.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Protocol

import orjson
import psycopg
import uvicorn
from fastapi import FastAPI, Header, Request, Response

from app.db.session import Database

CONNECTIONS = 16
TAKE = """UPDATE slots SET state = 'held', claim_id = ?, expires_at = ? WHERE seq = (
    SELECT s.seq FROM slots s WHERE s.queue_id = ? AND s.state = 'free' AND NOT EXISTS (
        SELECT 1 FROM claims h WHERE h.root_id = s.root_id AND h.person_id = ?
        AND h.state IN ('live', 'submitted', 'skipped'))
    ORDER BY s.sort_key, s.seq LIMIT 1 {locking}) RETURNING id, task_id"""
TO_DO = """SELECT t.asset_id, a.external_id, a.metadata, p.name, p.modality, p.text, p.sha256, v.body, g.title
    FROM tasks t JOIN assets a ON a.id = t.asset_id JOIN parts p ON p.asset_id = a.id
    JOIN schema_versions v ON v.project_id = t.project_id AND v.version = 1
    JOIN guideline_versions g ON g.project_id = t.project_id AND g.version = 1 WHERE t.id = ?"""
HELD = """SELECT c.task_id, c.slot_id, c.queue_id, c.token, c.claimed_at, t.asset_id, t.project_id, p.organisation_id
    FROM claims c JOIN tasks t ON t.id = c.task_id JOIN people p ON p.id = c.person_id
    WHERE c.id = ? AND c.person_id = ?"""
COUNTED = """INSERT INTO queue_tallies (id, created_at, queue_id, noted_by, hour, labels, wanted, tasks_open, tasks_answered,
    tasks_done, tasks_on_hold, tasks_escalated, tasks_withdrawn) VALUES (?, ?, ?, ?, ?, 1, 0, -1, 0, 1, 0, 0, 0)
    ON CONFLICT (queue_id, noted_by, hour) DO UPDATE SET labels = queue_tallies.labels + 1,
    tasks_open = queue_tallies.tasks_open - 1, tasks_done = queue_tallies.tasks_done + 1"""
PERSON = "SELECT person_id FROM tokens WHERE token_hash = ?"
Bearer = Annotated[str, Header()]


class Link(Protocol):
    """A transaction on one connection."""

    async def one(self, statement: str, *values: Any) -> Any: ...
    async def run(self, *written: tuple[str, tuple[Any, ...]]) -> None: ...


class Lite:
    """One connection, used in the event loop alone."""

    locking = ""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=4000"):
            self._database.execute(f"PRAGMA {pragma}")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Link]:
        self._database.execute("BEGIN IMMEDIATE")
        yield self
        self._database.execute("COMMIT")

    async def one(self, statement: str, *values: Any) -> Any:
        return self._database.execute(statement, values).fetchone()

    async def run(self, *written: tuple[str, tuple[Any, ...]]) -> None:
        for statement, values in written:
            self._database.execute(statement, values)

    def moment(self, at: datetime) -> Any:
        return str(at.replace(tzinfo=None))


class Postgres:
    """Connections that are kept open; the one used last is used next."""

    locking = "FOR UPDATE OF s SKIP LOCKED"

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: asyncio.LifoQueue[psycopg.AsyncConnection[Any] | None] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._free.put_nowait(None)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Link]:
        link = await self._free.get() or await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        try:
            async with link.transaction():
                yield _PostgresLink(link)
        finally:
            self._free.put_nowait(link)

    def moment(self, at: datetime) -> Any:
        return at


class _PostgresLink:
    def __init__(self, link: psycopg.AsyncConnection[Any]) -> None:
        self._link = link

    async def one(self, statement: str, *values: Any) -> Any:
        found = await self._link.execute(statement.replace("?", "%s"), values, prepare=True)
        return await found.fetchone()

    async def run(self, *written: tuple[str, tuple[Any, ...]]) -> None:
        async with self._link.pipeline():
            for statement, values in written:
                await self._link.execute(statement.replace("?", "%s"), values, prepare=True)


def insert(table: str, row: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    marks = ", ".join("?" * len(row))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())  # noqa: S608  # our own names


async def person_of(link: Link, authorization: str) -> str:
    (person,) = await link.one(PERSON, sha256(authorization.removeprefix("Bearer ").encode()).hexdigest())
    return str(person)


def answer(content: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(content), 201, media_type="application/json")


def application(database: Lite | Postgres) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.post("/api/v1/queues/{queue}/claims")
    async def claim(queue: str, authorization: Bearer) -> Response:
        return await _claim(database, queue, authorization)

    @app.post("/api/v1/claims/{claim}/label")
    async def submit(
        claim: str, request: Request, authorization: Bearer, claim_token: Bearer, idempotency_key: Bearer
    ) -> Response:
        return await _submit(database, claim, await request.body(), authorization, claim_token, idempotency_key)

    return app


async def _claim(database: Lite | Postgres, queue: str, authorization: str) -> Response:
    now = datetime.now(UTC)
    claim_id, token = secrets.token_hex(16), secrets.token_urlsafe(24)
    at, until = database.moment(now), database.moment(now + timedelta(seconds=900))
    async with database.transaction() as link:
        person = await person_of(link, authorization)
        slot, task = await link.one(TAKE.format(locking=database.locking), claim_id, until, queue, person)
        asset, external, metadata, name, modality, text, sha, schema, title = await link.one(TO_DO, task)
        row = {
            "id": claim_id, "created_at": at, "task_id": task, "root_id": task, "slot_id": slot, "queue_id": queue,
            "person_id": person, "token": token, "state": "live", "schema_version": 1, "guideline_version": 1,
            "asset_revision": 1, "claimed_at": at, "expires_at": until, "active_at": at, "reached": "",
        }  # fmt: skip
        await link.run(insert("claims", row))
    part = {"name": name, "modality": modality, "text": text, "sha256": sha}
    shown = {"id": asset, "external_id": external, "metadata": orjson.loads(metadata), "parts": [part]}
    return answer({
        "claim": {"id": claim_id, "token": token, "expires_at": until},
        "task": {"id": task, "asset": shown, "schema": orjson.loads(schema), "guideline": {"title": title}},
    })  # fmt: skip


async def _submit(
    database: Lite | Postgres, claim: str, body: bytes, authorization: str, claim_token: str, sent_key: str
) -> Response:
    given = orjson.loads(body)
    now = datetime.now(UTC)
    at, hour = database.moment(now), database.moment(now.replace(minute=0, second=0, microsecond=0))
    label, base = secrets.token_hex(16), {"created_at": at}
    async with database.transaction() as link:
        person = await person_of(link, authorization)
        task, slot, queue, token, begun, asset, project, organisation = await link.one(HELD, claim, person)
        assert secrets.compare_digest(claim_token, token)
        row = base | {
            "id": label, "project_id": project, "queue_id": queue, "queue_kind": "production", "task_id": task,
            "asset_id": asset, "person_id": person, "organisation_id": organisation, "revision": 1,
            "status": "submitted",
        }  # fmt: skip
        key = base | {
            "id": secrets.token_hex(16), "person_id": person, "key": sent_key, "body_hash": sha256(body).hexdigest(),
            "label_id": label, "revision": 1,
        }  # fmt: skip
        await link.run(
            insert("submission_keys", key),
            *(insert("timing_slices", base | _slice(claim, given["timing"], one)) for one in given["timing"]["slices"]),
            insert("labels", row),
            insert("revisions", base | _revision(label, person, claim, begun, at, given["answers"], body)),
            ("UPDATE slots SET state = 'done', expires_at = NULL WHERE id = ?", (slot,)),
            ("UPDATE claims SET state = 'submitted', ended_at = ? WHERE id = ?", (at, claim)),
            (COUNTED, (secrets.token_hex(16), at, queue, person, hour)),
            ("UPDATE tasks SET state = 'done', state_at = ?, state_by = ? WHERE id = ?", (at, person, task)),
        )
    return answer(row | {"answers": given["answers"]})


def _slice(claim: str, timing: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16), "claim_id": claim, "page": timing["page"], "slice_seq": one["seq"],
        "state": one["state"], "start_ms": one["start_ms"], "duration_ms": one["duration_ms"],
    }  # fmt: skip


def _revision(
    label: str, person: str, claim: str, begun: Any, at: Any, answers: Mapping[str, Any], body: bytes
) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16), "label_id": label, "number": 1, "made_by": person, "claim_id": claim,
        "schema_name": "Alcohol in ads", "schema_version": 1, "guideline_version": 1, "asset_revision": 1,
        "answers": orjson.dumps(answers).decode(), "sources": "{}", "evidence": "[]", "claimed_at": begun,
        "submitted_at": at, "timing": "{}", "marks_timing": "{}", "salts": "{}",
        "record_hash": sha256(body).hexdigest(),
    }  # fmt: skip


def serve(url: str, port: int) -> None:
    """Runs until its process is ended, on the server that Fasit runs on, set up as Fasit sets it up."""
    address = Database(url).url
    database: Lite | Postgres = (
        Lite(str(address.database))
        if address.get_backend_name() == "sqlite"
        else Postgres(address.set(drivername="postgresql").render_as_string(hide_password=False))
    )
    uvicorn.run(
        application(database), host="127.0.0.1", port=port, log_level="error", access_log=False, lifespan="off",
        server_header=False, timeout_keep_alive=75,
    )  # fmt: skip

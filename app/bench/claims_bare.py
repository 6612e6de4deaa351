"""The other side of `claims`: the same writes and the same answers with nothing in between.

A bare ASGI application on the driver itself, in the event loop of one process: no framework, no checks, no objects. It
writes what Fasit writes for a claim and a submit, row for row, and syncs each commit as Fasit does.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
import uvicorn

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]

TAKE = """UPDATE slots SET state = 'held', claim_id = ?, expires_at = ? WHERE seq = (
    SELECT s.seq FROM slots s WHERE s.queue_id = ? AND s.state = 'free' AND NOT EXISTS (
        SELECT 1 FROM claims h WHERE h.root_id = s.root_id AND h.person_id = ?
        AND h.state IN ('live', 'submitted', 'skipped'))
    ORDER BY s.sort_key, s.seq LIMIT 1) RETURNING id, task_id"""


class Bare:
    """Claims and submits for the person of a bearer token."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=4000"):
            self._database.execute(f"PRAGMA {pragma}")

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = (await receive()).get("body", b"")
        headers = dict(scope["headers"])
        who = self._person(headers[b"authorization"].decode().removeprefix("Bearer "))
        _, _, _, kind, row_id, _ = scope["path"].split("/")
        answer = self._claim(row_id, who) if kind == "queues" else self._submit(row_id, who, headers, body)
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": orjson.dumps(answer)})

    def _person(self, token: str) -> str:
        row = self._one("SELECT person_id FROM tokens WHERE token_hash = ?", sha256(token.encode()).hexdigest())
        return str(row[0])

    def _one(self, statement: str, *values: Any) -> Any:
        return self._database.execute(statement, values).fetchone()

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(row))
        self._database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608

    def _claim(self, queue: str, person: str) -> dict[str, Any]:
        now = datetime.now(UTC).replace(tzinfo=None)
        until, claim, token = str(now + timedelta(seconds=900)), secrets.token_hex(16), secrets.token_urlsafe(24)
        self._database.execute("BEGIN IMMEDIATE")
        slot, task = self._one(TAKE, claim, until, queue, person)
        asset, project = self._one("SELECT asset_id, project_id FROM tasks WHERE id = ?", task)
        external, metadata = self._one("SELECT external_id, metadata FROM assets WHERE id = ?", asset)
        name, modality, text, sha = self._one(
            "SELECT name, modality, text, sha256 FROM parts WHERE asset_id = ?", asset
        )
        (schema,) = self._one("SELECT body FROM schema_versions WHERE project_id = ? AND version = 1", project)
        (title,) = self._one("SELECT title FROM guideline_versions WHERE project_id = ? AND version = 1", project)
        self._insert("claims", {
            "id": claim, "created_at": str(now), "task_id": task, "root_id": task, "slot_id": slot, "queue_id": queue,
            "person_id": person, "token": token, "state": "live", "schema_version": 1, "guideline_version": 1,
            "asset_revision": 1, "claimed_at": str(now), "expires_at": until, "active_at": str(now), "reached": "",
        })  # fmt: skip
        self._database.execute("COMMIT")
        part = {"name": name, "modality": modality, "text": text, "sha256": sha}
        shown = {"id": asset, "external_id": external, "metadata": orjson.loads(metadata), "parts": [part]}
        return {
            "claim": {"id": claim, "token": token, "expires_at": until},
            "task": {"id": task, "asset": shown, "schema": orjson.loads(schema), "guideline": {"title": title}},
        }

    def _submit(self, claim: str, person: str, headers: Mapping[bytes, bytes], body: bytes) -> dict[str, Any]:
        given = orjson.loads(body)
        now = str(datetime.now(UTC).replace(tzinfo=None))
        label, base = secrets.token_hex(16), {"created_at": now}
        self._database.execute("BEGIN IMMEDIATE")
        task, slot, queue, token, begun = self._one(
            "SELECT task_id, slot_id, queue_id, token, claimed_at FROM claims WHERE id = ? AND person_id = ?",
            claim,
            person,
        )
        assert headers[b"claim-token"] == token.encode()
        asset, project = self._one("SELECT asset_id, project_id FROM tasks WHERE id = ?", task)
        (organisation,) = self._one("SELECT organisation_id FROM people WHERE id = ?", person)
        self._insert("submission_keys", base | {
            "id": secrets.token_hex(16), "person_id": person, "key": headers[b"idempotency-key"].decode(),
            "body_hash": sha256(body).hexdigest(), "label_id": label, "revision": 1,
        })  # fmt: skip
        for one in given["timing"]["slices"]:
            self._insert("timing_slices", base | {
                "id": secrets.token_hex(16), "claim_id": claim, "page": given["timing"]["page"], "slice_seq": one["seq"],
                "state": one["state"], "start_ms": one["start_ms"], "duration_ms": one["duration_ms"],
            })  # fmt: skip
        row = base | {
            "id": label, "project_id": project, "queue_id": queue, "queue_kind": "production", "task_id": task,
            "asset_id": asset, "person_id": person, "organisation_id": organisation, "revision": 1, "status": "submitted",
        }  # fmt: skip
        self._insert("labels", row)
        answers = orjson.dumps(given["answers"]).decode()
        self._insert("revisions", base | {
            "id": secrets.token_hex(16), "label_id": label, "number": 1, "made_by": person, "claim_id": claim,
            "schema_name": "Alcohol in ads", "schema_version": 1, "guideline_version": 1, "asset_revision": 1,
            "answers": answers, "sources": "{}", "evidence": "[]", "claimed_at": begun, "submitted_at": now,
            "timing": "{}", "marks_timing": "{}", "salts": "{}", "record_hash": sha256(body).hexdigest(),
        })  # fmt: skip
        self._database.execute("UPDATE slots SET state = 'done', expires_at = NULL WHERE id = ?", (slot,))
        self._database.execute("UPDATE claims SET state = 'submitted', ended_at = ? WHERE id = ?", (now, claim))
        self._database.execute(
            "UPDATE tasks SET state = 'done', state_at = ?, state_by = ? WHERE id = ?", (now, person, task)
        )
        self._database.execute("COMMIT")
        return row | {"answers": given["answers"]}


def serve(path: str, port: int) -> None:
    """Runs until its process is ended."""
    config = uvicorn.Config(
        Bare(path), host="127.0.0.1", port=port, log_level="error", access_log=False, lifespan="off"
    )
    asyncio.run(uvicorn.Server(config).serve())

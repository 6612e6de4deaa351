"""Tasks by the million for `claims`, with those labels that are there already: made inside the database, one statement a
table, from the numbers of the tasks alone. Ids are hashes, so that they lie in the indexes as scattered as real ones.
"""

import hashlib
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from app.clock import system_clock
from app.db.types import UtcDateTime
from app.queues.models import Slot
from app.queues.ordering import Spread, sort_key

_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count})"
_HASH = f"'{'0' * 56}' || {{hex}}"
_WHO = "(SELECT id FROM people WHERE email = 'worker' || (n % :workers) || '@example.org')"
_PINNED = "1, 1, 1"

_ASSETS = f"""INSERT INTO assets
    (id, created_at, project_id, external_id, revision, metadata, content_hash, state)
    SELECT {{asset}}, :now, :project, 'ad-' || :salt || n, 1, '{{{{"market":"NO"}}}}', {_HASH}, 'ready' FROM numbers"""  # noqa: S608  # only constants are put together here
_PARTS = f"""INSERT INTO parts (id, created_at, asset_id, name, modality, text, sha256, facts, since_revision)
    SELECT {{part}}, :now, {{asset}}, 'creative', 'text', :text, {_HASH}, '{{{{}}}}', 1 FROM numbers"""  # noqa: S608  # only constants are put together here
_TASKS = """INSERT INTO tasks
    (id, created_at, project_id, queue_id, asset_id, root_id, schema_version, overlap, position, origin, state, state_at)
    SELECT {task}, :now, :project, :queue, {asset}, {task}, 1, :overlap, n, 'fill',
    CASE WHEN n < :done AND :overlap = 1 THEN 'done' ELSE 'open' END, :now FROM numbers"""
_SLOTS = """INSERT INTO slots
    (id, created_at, task_id, root_id, queue_id, position, layer, sort_key, state, claim_id)
    SELECT {slot}, :now, {task}, {task}, :queue, n, {layer}, '1000' || {hex} || '0{layer}', {state}, {holder} FROM numbers"""
_CLAIMS = f"""INSERT INTO claims
    (id, created_at, task_id, root_id, slot_id, queue_id, person_id, token, state, seat, schema_version, guideline_version,
    asset_revision, claimed_at, expires_at, active_at, ended_at, reached, reached_under)
    SELECT {{claim}}, :begun, {{task}}, {{task}}, {{slot}}, :queue, {_WHO}, {{claim}}, 'submitted', 0, {_PINNED},
    :begun, :now, :now, :now, '1000' || {{hex}} || '00', '0' FROM numbers"""  # noqa: S608  # only constants are put together here
_LABELS = f"""INSERT INTO labels
    (id, created_at, project_id, queue_id, queue_kind, task_id, asset_id, person_id, organisation_id, revision, status)
    SELECT {{label}}, :now, :project, :queue, 'production', {{task}}, {{asset}}, {_WHO}, :organisation, 1, 'submitted'
    FROM numbers"""  # noqa: S608  # only constants are put together here
_REVISIONS = f"""INSERT INTO revisions
    (id, created_at, label_id, number, made_by, claim_id, schema_name, schema_version, guideline_version, asset_revision,
    answers, sources, evidence, claimed_at, submitted_at, timing, marks_timing, salts, record_hash, history_hash)
    SELECT {{revision}}, :now, {{label}}, 1, {_WHO}, {{claim}}, 'Alcohol in ads', {_PINNED}, :answers, '{{{{}}}}', '[]',
    :begun, :now, '{{{{}}}}', '{{{{}}}}', '{{{{}}}}', {_HASH}, {_HASH} FROM numbers"""  # noqa: S608  # only constants are put together here


def write(connection: Connection, *, tasks: int, done: int, overlap: int, values: dict[str, Any]) -> None:
    """`tasks` of one queue, of which `done` have a label by one of the workers each. `values`: ids, texts and `workers`."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        _teach_md5(connection.connection.dbapi_connection)
        connection.exec_driver_sql("PRAGMA cache_size = -800000")  # in kB: what is written scattered stays in memory
    now = system_clock()
    moment = UtcDateTime().process_bind_param
    given = {
        **values, "salt": values["queue"][:6], "now": moment(now, connection.dialect), "overlap": overlap, "done": done,
        "begun": moment(now - timedelta(seconds=30), connection.dialect), "answers": orjson.dumps(values["answers"]).decode(),
    }  # fmt: skip
    for statement in (_ASSETS, _PARTS, _TASKS):
        _run(connection, statement, given, count=tasks)
    _run(connection, _SLOTS, given, count=tasks, layer=0, state="CASE WHEN n < :done THEN 'done' ELSE 'free' END",
         holder="CASE WHEN n < :done THEN {claim} END")  # fmt: skip
    for layer in range(1, overlap):
        _run(connection, _SLOTS, given, count=tasks, layer=layer, state="'free'", holder="NULL")
    for statement in (_CLAIMS, _LABELS, _REVISIONS) if done else ():
        _run(connection, statement, given, count=done)
    _require_real_keys(connection, values["queue"], overlap)


def _run(connection: Connection, statement: str, given: dict[str, Any], *, count: int, **more: Any) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    layer = more.pop("layer", 0)
    ids = {
        kind: f"md5('{kind}' || CAST(:salt AS varchar) || n)"
        for kind in ("asset", "part", "task", "claim", "label", "revision")
    }
    ids |= {
        "slot": f"md5('slot{layer}' || CAST(:salt AS varchar) || n)",
        "hex": "printf('%08x', n)" if is_sqlite else "lpad(to_hex(n), 8, '0')",
    }
    filled = {name: str(value).format(**ids) for name, value in more.items()}
    head, rest = statement.format(**ids, layer=layer, **filled).split("SELECT", 1)
    written = f"{head}{_NUMBERS.format(count=count)} SELECT{rest}"
    connection.execute(text(written), {name: value for name, value in given.items() if f":{name}" in written})


def _teach_md5(driver: DBAPIConnection | None) -> None:
    """PostgreSQL has it."""
    teach: Any = driver
    teach.create_function("md5", 1, lambda given: hashlib.md5(str(given).encode()).hexdigest(), deterministic=True)  # noqa: S324  # not a secret


def _require_real_keys(connection: Connection, queue: str, overlap: int) -> None:
    """What is measured would mean nothing if these slots were sorted otherwise than those that Fasit makes."""
    found = connection.execute(
        select(Slot.position, Slot.layer, Slot.sort_key).where(Slot.queue_id == queue).limit(overlap)
    )
    for position, layer, key in found:
        assert key == sort_key(priority=0, part="", position=position, layer=layer, spread=Spread.DEPTH)

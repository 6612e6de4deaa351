"""Rows of the ORM where it is hot: read by a statement over tables, then held by the session as if it had loaded them.

The ORM puts a loader together for each run of a statement; for one row that costs several times what reading it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, inspect
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from app.db.base import Row

R = TypeVar("R", bound=Row)


def all_of(kind: type[Row]) -> list[ColumnElement[Any]]:
    """What to select for `held`, in its order."""
    return [column.label(f"{kind.__tablename__}_{name}") for name, column in _mapped(kind)]


def held(session: Session, kind: type[R], values: Sequence[Any]) -> R:
    """The row of these values, as the session's own; one that it holds already is brought up to what was read."""
    described = _described(kind)
    key = described.key_of(values[described.place_of_seq])
    known = session.identity_map.get(key)
    if isinstance(known, kind):
        for name, value in zip(described.names, values, strict=True):
            set_committed_value(known, name, value)
        return known
    row = _new(kind, dict(zip(described.names, values, strict=True)))
    _attach(session, row, key)
    return row


def made(kind: type[R], /, **values: Any) -> R:
    """A row of these values that no session knows yet; what may be missing is missing. The ORM's own constructor tells
    each value to all who may want to know of changes, of which there are none.
    """
    assert _defaulted(kind) <= values.keys(), f"{_defaulted(kind) - values.keys()} would have to come from the database"
    return _new(kind, values)


def _new(kind: type[R], values: Mapping[str, Any]) -> R:
    row: R = _described(kind).mapper.class_manager.new_instance()
    vars(row).update(values)
    return row


def attach(session: Session, row: Row) -> None:
    """The session's own from now on, as what the database holds."""
    _attach(session, row, _described(type(row)).key_of(row.seq))


def _attach(session: Session, row: Row, key: Any) -> None:
    """What the ORM does with each row it loads."""
    state = instance_state(row)
    state.key = key
    state.session_id = session.hash_key
    session.identity_map.add(state)


@dataclass(frozen=True)
class _Described:
    """What is asked of a kind of row each time, looked up once."""

    mapper: Mapper[Any]
    names: Sequence[str]
    place_of_seq: int
    identity: Any  # of its kind, in the keys of `identity_map`
    token: Any

    def key_of(self, seq: int) -> Any:
        return self.identity, (seq,), self.token


@cache
def _described(kind: type[Row]) -> _Described:
    mapper, names = inspect(kind), [name for name, _ in _mapped(kind)]
    identity, _, token = mapper.identity_key_from_primary_key((0,))
    return _Described(mapper, names, names.index("seq"), identity, token)


@cache
def _mapped(kind: type[Row]) -> list[tuple[str, Any]]:
    return [(one.key, one.columns[0]) for one in inspect(kind).column_attrs]


@cache
def _defaulted(kind: type[Row]) -> set[str]:
    columns = {name: column for name, column in _mapped(kind) if name != "seq"}
    return {name for name, column in columns.items() if column.default or column.server_default}

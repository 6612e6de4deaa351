"""Rows of the ORM where it is hot: read by a statement over tables, then held by the session as if it had loaded them.

The ORM puts a loader together for each run of a statement; for one row that costs several times what reading it does.
"""

from collections.abc import Mapping, Sequence
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
    given = dict(zip(_names(kind), values, strict=True))
    known = session.identity_map.get(_mapper(kind).identity_key_from_primary_key((given["seq"],)))
    if isinstance(known, kind):
        for name, value in given.items():
            set_committed_value(known, name, value)
        return known
    row = _new(kind, given)
    attach(session, row)
    return row


def made(kind: type[R], /, **values: Any) -> R:
    """A row of these values that no session knows yet; what may be missing is missing. The ORM's own constructor tells
    each value to all who may want to know of changes, of which there are none.
    """
    assert _defaulted(kind) <= values.keys(), f"{_defaulted(kind) - values.keys()} would have to come from the database"
    return _new(kind, values)


def _new(kind: type[R], values: Mapping[str, Any]) -> R:
    row: R = _mapper(kind).class_manager.new_instance()
    vars(row).update(values)
    return row


def attach(session: Session, row: Row) -> None:
    """The session's own from now on, as what the database holds: what the ORM does with each row it loads."""
    state = instance_state(row)
    state.key = _mapper(type(row)).identity_key_from_primary_key((row.seq,))
    state.session_id = session.hash_key
    session.identity_map.add(state)


@cache
def _mapper(kind: type[Row]) -> Mapper[Any]:
    return inspect(kind)


@cache
def _mapped(kind: type[Row]) -> list[tuple[str, Any]]:
    return [(one.key, one.columns[0]) for one in _mapper(kind).column_attrs]


@cache
def _defaulted(kind: type[Row]) -> set[str]:
    columns = {name: column for name, column in _mapped(kind) if name != "seq"}
    return {name for name, column in columns.items() if column.default or column.server_default}


@cache
def _names(kind: type[Row]) -> list[str]:
    return [name for name, _ in _mapped(kind)]

"""Statements straight to the driver, for the hottest ones: compiled once by SQLAlchemy, with the same types and in the same
transaction, then run without what it does for each run.

Found by measuring: of a claim and a submit, SQLAlchemy's own work around some thirty statements took more than the
statements themselves. What only SQLAlchemy can do (values that a statement computes itself, lists that become part of
its text) is left to it.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ClauseElement, Dialect, Executable, TextClause
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

_LINK = "link"  # in `session.info`
_NAMED = re.compile(r"%(?:%|\((?P<name>[^)]+)\)s)")
Process = Callable[[Any], Any]
Values = Mapping[str, Any]


class Rows(list[Any]):
    """What a statement gave, all of it: named tuples, one a row."""

    def first(self) -> Any:
        return self[0] if self else None

    def one_or_none(self) -> Any:
        if len(self) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self.first()

    def one(self) -> Any:
        if not self:
            raise NoResultFound("No row was found when one was required")
        return self.one_or_none()

    def scalar(self) -> Any:
        return self[0][0] if self else None

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalars(self) -> list[Any]:
        return [row[0] for row in self]


@dataclass
class _Shape:
    """How the rows of a statement are read; known when it has run once, since drivers tell the types then."""

    make: Callable[[Iterable[Any]], Any]
    processes: Sequence[tuple[int, Process]]


@dataclass
class Prepared:
    """A statement as the driver takes it."""

    text: str
    bound: Sequence[tuple[str, Process | None]]  # in the order in which the driver takes the values
    fixed: Values
    types: Sequence[Any]  # of the columns it gives; none: as the driver gives them
    dialect: Dialect
    shape: _Shape | None = field(default=None)
    gives_rows: bool | None = field(default=None)  # known when it has run once

    def run(self, link: "_Link", values: Values) -> Rows:
        try:
            link.cursor.execute(self.text, self._bound(values), **link.asked)
            return self._rows(link.cursor)
        except self.dialect.loaded_dbapi.Error as failure:
            raise self._told(values, failure) from failure

    def run_many(self, link: "_Link", rows: Sequence[Values]) -> None:
        try:
            link.cursor.executemany(self.text, [self._bound(row) for row in rows])
        except self.dialect.loaded_dbapi.Error as failure:
            raise self._told(rows, failure) from failure

    def _told(self, values: Any, failure: Exception) -> BaseException:
        errors = self.dialect.loaded_dbapi.Error
        return DBAPIError.instance(self.text, values, failure, errors, dialect=self.dialect)

    def _bound(self, given: Values) -> list[Any]:
        values = {**self.fixed, **given} if self.fixed else given
        return [process(values[name]) if process else values[name] for name, process in self.bound]

    def _rows(self, cursor: DBAPICursor) -> Rows:
        if self.gives_rows is None:
            described: Sequence[Any] | None = cursor.description  # which drivers put together anew each time
            self.gives_rows = described is not None
        if not self.gives_rows:
            return Rows()
        found = cursor.fetchall()
        if not found:
            return Rows()
        if self.shape is None:
            self.shape = _shape(self, cursor.description)
        make, processes = self.shape.make, self.shape.processes
        if not processes:
            return Rows(map(make, found))
        rows = Rows()
        for row in map(list, found):
            for place, process in processes:
                row[place] = process(row[place])
            rows.append(make(row))
        return rows


class _Link(NamedTuple):
    """The driver's cursor of a session in one transaction, so that it is looked up and made once. All that a statement
    gives is read before the next is run.
    """

    transaction: Any
    cursor: Any
    asked: Values  # of the driver with each statement
    dialect: Dialect


def _link(session: Session) -> _Link:
    """Where a savepoint was asked for, looking it up lets it begin."""
    known: _Link | None = session.info.get(_LINK)
    if known is not None and known.transaction is (session.get_nested_transaction() or session.get_transaction()):
        return known
    connection = session.connection()
    driver, dialect = connection.connection.dbapi_connection, connection.dialect
    assert driver is not None
    # PostgreSQL's driver prepares nothing unasked, and looks for names in a long statement anew each time it is run.
    is_numbered = dialect.name == "postgresql"
    cursor = cast("Any", dialect.loaded_dbapi).RawCursor(driver) if is_numbered else driver.cursor()
    asked = {"prepare": True} if is_numbered else {}
    link = _Link(session.get_nested_transaction() or session.get_transaction(), cursor, asked, dialect)
    session.info[_LINK] = link
    return link


def run(session: Session, statement: Executable, values: Values) -> Rows:
    """The rows it gives. `statement` must be one that is put together once: it is kept by itself, not by what it says."""
    link = _link(session)
    prepared = _prepared(statement, link.dialect, tuple(values))
    if prepared is None:
        result = session.connection().execute(statement, values)
        return Rows(result.all()) if result.returns_rows else Rows()
    return prepared.run(link, values)


def run_many(session: Session, statement: Executable, rows: Sequence[Values]) -> None:
    """Once for each row; all rows have the same names."""
    link = _link(session)
    prepared = _prepared(statement, link.dialect, tuple(rows[0]))
    if prepared is None:
        session.connection().execute(statement, list(rows))
    else:
        prepared.run_many(link, rows)


@lru_cache(maxsize=1000)
def _prepared(statement: Executable, dialect: Dialect, given: Sequence[str]) -> Prepared | None:
    compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=dialect, column_keys=list(given)))
    if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
        return None
    bound = {name: parameter for parameter, name in compiled.bind_names.items()}
    text, names = _numbered(str(compiled)) if compiled.positiontup is None else (str(compiled), compiled.positiontup)
    return Prepared(
        text=text,
        bound=[(name, bound[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names],
        fixed={name: value for name, value in compiled.params.items() if name not in given},
        types=[column.type for column in _given_columns(statement)],
        dialect=dialect,
    )


def _numbered(text: str) -> tuple[str, Sequence[str]]:
    """With its values by number, as PostgreSQL itself takes them, and their names in that order."""
    places: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found["name"]
        return "%" if name is None else f"${places.setdefault(name, len(places) + 1)}"

    return _NAMED.sub(number, text), tuple(places)


def _given_columns(statement: Executable) -> Sequence[Any]:
    return () if isinstance(statement, TextClause) else list(getattr(statement, "exported_columns", ()))


def _shape(prepared: Prepared, description: Sequence[Any]) -> _Shape:
    names = [str(column[0]) for column in description]
    if prepared.types:
        assert len(prepared.types) == len(names)
    read = [
        (place, kind.dialect_impl(prepared.dialect).result_processor(prepared.dialect, description[place][1]))
        for place, kind in enumerate(prepared.types)
    ]
    row = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024  # its names come with the statement
    return _Shape(row._make, [(place, process) for place, process in read if process is not None])

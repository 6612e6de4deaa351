"""In what state ads are in the queues, for the catalogue of ads. Handed to assets by main, since queues lie above.

An ad counts under every state that a task of it is in, and under `none` where no queue has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.orm import Session

from app.assets.catalog import bits
from app.assets.catalog.bits import Places
from app.assets.catalog.counting import Facet, Value
from app.assets.catalog.finding import Asked, Selection
from app.assets.models import Asset
from app.db.listing import is_among
from app.people.models import Person
from app.queues.models import Queue, Task
from app.queues.rules import KINDS_OF_ROLE, TaskState

KEY = "queue_state"
NONE = "none"
STATES = (*(str(state) for state in TaskState), NONE)
MOST_JOINED = 8000  # tasks whose ads are looked up for a set
MOST_COUNTED = 10_000
CLOSE = 1.5  # so many times as wide as the ads asked of, a stretch is read whole
MOST_ASKED_OF = 2000  # ads of a selection that are counted one by one


@dataclass(frozen=True)
class InStates:
    """Ads with a task in one of these states."""

    project_id: str
    states: Sequence[str]

    def first(self, session: Session, most: int) -> Places | None:
        if NONE in self.states:
            return None
        most = min(most, MOST_JOINED)
        fitting = _of(self.project_id, self.states)
        some = select(Task.seq).where(fitting).limit(most + 1).subquery()  # so many are only counted, not looked up
        if (session.scalar(select(func.count()).select_from(some)) or 0) > most:
            return None
        query = select(Asset.seq).join(Task, Task.asset_id == Asset.id).where(fitting)
        return np.unique(np.fromiter(session.scalars(query), np.int64))

    def among(self, session: Session, seqs: Places) -> Places:
        """Each way to fit is asked for by itself: one question with "or" in it PostgreSQL answers ad by ad."""
        having = select(Task.seq).where(Task.asset_id == Asset.id)
        states = [state for state in self.states if state != NONE]
        ways: list[ColumnElement[bool]] = [having.where(Task.state.in_(states)).exists()] if states else []
        if NONE in self.states:
            ways.append(~having.exists())
        among = select(Asset.seq).where(_these(session, seqs))
        found = np.fromiter((seq for way in ways for seq in session.scalars(among.where(way))), np.int64)
        return np.intersect1d(found, seqs)


def _these(session: Session, seqs: Places) -> ColumnElement[bool]:
    """Those that stand close, by the stretch they are in: PostgreSQL plans a list of thousands for long, and badly."""
    first, last = (int(seqs.min()), int(seqs.max())) if len(seqs) else (0, 0)
    if last - first < CLOSE * len(seqs):
        return Asset.seq.between(first, last)
    return is_among(session, Asset.seq, seqs.tolist())


def makes_queues(person: Person) -> bool:
    return person.is_company and any(role in KINDS_OF_ROLE for role in person.roles)


def facet(session: Session, selection: Selection, asked: Asked) -> Facet:
    """The states there are, with how many ads; of many ads only that they are many."""
    chosen = {str(one) for one in asked.filter.get(KEY, ())}
    numbers: dict[str, int | None] = {}
    if asked.is_everything:
        numbers = _in_project(session, selection.project_id)
    elif KEY not in asked.filter and selection.total is not None and selection.total <= MOST_ASKED_OF:
        numbers = dict(_of_these(session, bits.places(selection.bits())))
    else:
        numbers = dict.fromkeys(_present(session, selection.project_id))
    listed = [state for state in STATES if state in numbers or state in chosen or state == NONE]
    values = [_value(state, numbers.get(state), state in chosen) for state in listed]
    return Facet(KEY, values, has_more=False)


def _value(state: str, number: int | None, chosen: bool) -> Value:
    many = number is not None and number > MOST_COUNTED
    return Value(state, MOST_COUNTED if many else number, chosen, at_least=many)


def _present(session: Session, project_id: str) -> list[str]:
    """The states that tasks of the project are in."""
    some = [select(Task.seq).where(_of(project_id, [state])).exists() for state in TaskState]
    row = session.execute(select(*some)).one()
    return [str(state) for state, is_there in zip(TaskState, row, strict=True) if is_there]


def _in_project(session: Session, project_id: str) -> dict[str, int | None]:
    """More than `MOST_COUNTED` where there are more tasks: whether they are of as many ads takes too long to find out."""
    found: dict[str, int | None] = {}
    for state in _present(session, project_id):
        some = select(Task.asset_id).where(_of(project_id, [state])).limit(MOST_COUNTED + 1).subquery()
        number = session.scalar(select(func.count()).select_from(some)) or 0
        is_few = number <= MOST_COUNTED
        found[state] = session.scalar(select(func.count(distinct(some.c.asset_id)))) if is_few else number
    return found


def _of_these(session: Session, seqs: Places) -> dict[str, int]:
    query = (
        select(Task.state, func.count(distinct(Asset.seq)))
        .join(Asset, Asset.id == Task.asset_id)
        .where(is_among(session, Asset.seq, seqs.tolist()))
        .group_by(Task.state)
    )
    found = {str(state): number for state, number in session.execute(query)}
    without = (
        select(func.count())
        .select_from(Asset)
        .where(is_among(session, Asset.seq, seqs.tolist()), ~select(Task.seq).where(Task.asset_id == Asset.id).exists())
    )
    return found | {NONE: session.scalar(without) or 0}


def _of(project_id: str, states: Sequence[str]) -> ColumnElement[bool]:
    queues = select(Queue.id).where(Queue.project_id == project_id).scalar_subquery()
    return Task.queue_id.in_(queues) & Task.state.in_(states)

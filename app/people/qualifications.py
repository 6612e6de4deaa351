"""What people are qualified for: languages, markets and certificates, given and taken away by those who may say so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Invalid, NotAllowed, NotFound, Problem
from app.people import audit, rules
from app.people.models import Person, Qualification
from app.people.rules import QualificationKind, Role

MOST_PROPOSED = 100
COMPANY_WIDE = frozenset({Role.ADMIN, Role.MANAGER})


def is_of_concern(reader: Person, person: Person) -> bool:
    """Whether this reader learns what the person is qualified for: their managers, their own lead, and they themselves."""
    if reader.id == person.id or (reader.is_company and bool(reader.roles & COMPANY_WIDE)):
        return True
    return Role.VENDOR_LEAD in reader.roles and reader.organisation_id == person.organisation_id


def kinds_given_by(giver: Person, person: Person) -> list[QualificationKind]:
    """What this giver may say of the person."""
    if not is_of_concern(giver, person):
        return []
    return [kind for kind in QualificationKind if rules.may_qualify(giver.roles, kind)]


def of_person(session: Session, person_id: str) -> Sequence[Qualification]:
    """Every one not taken away, those that have lapsed included."""
    return session.scalars(
        select(Qualification)
        .where(Qualification.person_id == person_id, Qualification.ended_at.is_(None))
        .order_by(Qualification.kind, Qualification.name)
    ).all()


def held_by(session: Session, person_id: str, now: datetime) -> frozenset[tuple[QualificationKind, str]]:
    """What holds now."""
    rows = session.execute(
        select(Qualification.kind, Qualification.name).where(Qualification.person_id == person_id, *_holds(now))
    )
    return frozenset((QualificationKind(kind), name) for kind, name in rows)


def held_by_each(session: Session, now: datetime) -> dict[str, set[tuple[QualificationKind, str]]]:
    """The same of everybody who holds anything, by the person's id."""
    found: dict[str, set[tuple[QualificationKind, str]]] = {}
    rows = session.execute(select(Qualification.person_id, Qualification.kind, Qualification.name).where(*_holds(now)))
    for person_id, kind, name in rows:
        found.setdefault(person_id, set()).add((QualificationKind(kind), name))
    return found


def certificates(session: Session) -> list[str]:
    """Names of the certificates that people have, for forms to propose: a name is compared letter by letter."""
    held = select(Qualification.name).where(
        Qualification.kind == QualificationKind.CERTIFICATE, Qualification.ended_at.is_(None)
    )
    return list(session.scalars(held.distinct().order_by(Qualification.name).limit(MOST_PROPOSED)))


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Qualification.ended_at.is_(None), or_(Qualification.until.is_(None), Qualification.until > now)


def give(
    session: Session,
    *,
    person: Person,
    kind: QualificationKind,
    name: str,
    until: datetime | None = None,
    giver: Person | None,
    clock: Clock,
) -> Qualification:
    """They hold it from now on. One they hold already is replaced, so that its end can be moved."""
    if giver is not None and kind not in kinds_given_by(giver, person):
        raise NotAllowed(f"Somebody else says who has a {kind}. Ask an admin or a manager.")
    name = rules.qualification_name(kind, name)
    fault = rules.fault_of_qualification(name, until, clock())
    if fault is not None:
        raise Invalid(fault, problems=[Problem("/until" if until is not None and name else "/name", fault)])
    for held in of_person(session, person.id):
        if (held.kind, held.name) == (kind, name):
            held.ended_at, held.ended_by = clock(), giver.id if giver else None
    session.flush()
    given = Qualification(
        created_at=clock(), person_id=person.id, kind=kind, name=name, given_by=giver.id if giver else None, until=until
    )
    session.add(given)
    session.flush()
    _record(session, giver, "gave a qualification to", given, clock)
    return given


def end(session: Session, *, person: Person, qualification_id: str, ender: Person, clock: Clock) -> Qualification:
    """They do not hold it any more; tasks they have begun go on."""
    held = session.scalar(
        select(Qualification).where(Qualification.id == qualification_id, Qualification.person_id == person.id)
    )
    if held is None:
        raise NotFound
    if held.kind not in kinds_given_by(ender, person):
        raise NotAllowed(f"Somebody else says who has a {held.kind}. Ask an admin or a manager.")
    if held.ended_at is None:
        held.ended_at, held.ended_by = clock(), ender.id
        session.flush()
        _record(session, ender, "took a qualification from", held, clock)
    return held


def _record(session: Session, actor: Person | None, verb: str, held: Qualification, clock: Clock) -> None:
    details = {"kind": held.kind, "of": held.name, "until": held.until.isoformat() if held.until else None}
    audit.record(
        session, actor=actor, verb=verb, subject_kind="person", subject_id=held.person_id, details=details, clock=clock
    )

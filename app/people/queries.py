"""Reading people, organisations, sign-ins and the audit trail. Every person comes with organisation and roles."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.db.loading import all_of, held
from app.db.reading import read
from app.db.types import UtcDateTime
from app.people.models import AuditEvent, Organisation, Person, PersonRole, SignIn, SignInLink, Token
from app.people.rules import DEMO_DOMAIN, OrganisationKind, Role, normal_email


def _people() -> Select[Person]:
    return select(Person).options(joinedload(Person.organisation), joinedload(Person.role_rows))


# Asked with each request, so put together once. A row for each role, or one without.
_WHOLE = all_of(Person), all_of(Organisation), all_of(PersonRole)
_WITH_ROLES = (
    select(*_WHOLE[0], *_WHOLE[1], *_WHOLE[2])
    .select_from(Person)
    .join(Organisation, Organisation.id == Person.organisation_id)
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .where(Person.disabled_at.is_(None))
)
_OF_TOKEN = _WITH_ROLES.join(Token, Token.person_id == Person.id).where(
    Token.token_hash == bindparam("hash"), Token.revoked_at.is_(None)
)
_OF_SIGN_IN = _WITH_ROLES.join(SignIn, SignIn.person_id == Person.id).where(
    SignIn.token_hash == bindparam("hash"), SignIn.revoked_at.is_(None),
    SignIn.expires_at > bindparam("now", type_=UtcDateTime),
)  # fmt: skip


def _whole(session: Session, rows: Sequence[Any]) -> Person | None:
    if not rows:
        return None
    of_organisation = len(_WHOLE[0])
    of_role = of_organisation + len(_WHOLE[1])
    person = held(session, Person, rows[0][:of_organisation])
    organisation = held(session, Organisation, rows[0][of_organisation:of_role])
    roles = [held(session, PersonRole, row[of_role:]) for row in rows if row[of_role] is not None]
    set_committed_value(person, "organisation", organisation)
    set_committed_value(person, "role_rows", roles)
    return person


def _one(session: Session, query: Select[Person]) -> Person | None:
    return session.scalars(query).unique().one_or_none()


def person_by_id(session: Session, person_id: str) -> Person | None:
    return _one(session, _people().where(Person.id == person_id))


def person_by_email(session: Session, email: str) -> Person | None:
    return _one(session, _people().where(Person.email == normal_email(email)))


def person_of_token(session: Session, token_hash: str) -> Person | None:
    """Whose live bearer token this is."""
    return _whole(session, read(session, _OF_TOKEN, hash=token_hash))


def person_of_sign_in(session: Session, token_hash: str, now: datetime) -> Person | None:
    """Whose live sign-in this is."""
    return _whole(session, read(session, _OF_SIGN_IN, hash=token_hash, now=now))


def people_of(session: Session, organisation_id: str) -> Sequence[Person]:
    """An organisation's people by name, the disabled last."""
    return (
        session.scalars(
            _people()
            .where(Person.organisation_id == organisation_id)
            .order_by(Person.disabled_at.is_not(None), func.lower(Person.name), Person.seq)
        )
        .unique()
        .all()
    )


def people_by_organisation(session: Session, organisation_id: str | None) -> list[tuple[Organisation, list[Person]]]:
    """Every organisation (or only this one), the company first, with its people by name, the disabled last."""
    found: dict[str, tuple[Organisation, list[Person]]] = {
        organisation.id: (organisation, [])
        for organisation in organisations(session)
        if organisation_id in (None, organisation.id)
    }
    people = _people().order_by(Person.disabled_at.is_not(None), func.lower(Person.name), Person.seq)
    if organisation_id is not None:
        people = people.where(Person.organisation_id == organisation_id)
    for person in session.scalars(people).unique():
        found[person.organisation_id][1].append(person)
    return list(found.values())


def demo_people(session: Session) -> Sequence[Person]:
    query = _people().where(Person.email.endswith(DEMO_DOMAIN), Person.disabled_at.is_(None))
    return session.scalars(query.order_by(Person.seq)).unique().all()


def other_admins(session: Session, person: Person) -> bool:
    """Whether somebody else could still administer."""
    admins = (other for other in session.scalars(_people().where(Person.disabled_at.is_(None))).unique())
    return any(Role.ADMIN in other.roles and other.id != person.id for other in admins)


def organisations(session: Session) -> Sequence[Organisation]:
    """The company first, then vendors by name."""
    company_first = Organisation.kind != OrganisationKind.COMPANY
    return session.scalars(select(Organisation).order_by(company_first, func.lower(Organisation.name))).all()


def organisation_by_name(session: Session, name: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(func.lower(Organisation.name) == name.strip().lower()))


def organisations_by_name(session: Session, names: Sequence[str]) -> dict[str, Organisation]:
    """Those of the names that exist, under the name as given."""
    wanted = {name: organisation_by_name(session, name) for name in names}
    return {name: organisation for name, organisation in wanted.items() if organisation is not None}


def organisation_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def live_sign_ins(session: Session, person: Person, now: datetime) -> Sequence[SignIn]:
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person.id, SignIn.revoked_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.seq.desc())
    ).all()


def sign_in_of_token(session: Session, token_hash: str) -> SignIn | None:
    return session.scalar(select(SignIn).where(SignIn.token_hash == token_hash))


def live_tokens(session: Session, person: Person) -> Sequence[Token]:
    return session.scalars(
        select(Token).where(Token.person_id == person.id, Token.revoked_at.is_(None)).order_by(Token.seq)
    ).all()


def person_of_link(session: Session, token_hash: str, now: datetime) -> Person | None:
    """Whom this one-time link would sign in, where it still works."""
    alive = (SignInLink.token_hash == token_hash) & SignInLink.used_at.is_(None) & (SignInLink.expires_at > now)
    return _one(
        session,
        _people().join(SignInLink, SignInLink.person_id == Person.id).where(alive, Person.disabled_at.is_(None)),
    )


def audit_events(person_id: str | None = None) -> Select[AuditEvent]:
    """All of the trail, or what concerns one person as actor or subject."""
    query = select(AuditEvent)
    if person_id is None:
        return query
    return query.where((AuditEvent.actor_id == person_id) | (AuditEvent.subject_id == person_id))


def names_of(session: Session, person_ids: set[str]) -> dict[str, str]:
    """Names of people by id, in one query."""
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {person_id: name for person_id, name in found}  # noqa: C416  # a row is not yet a pair to the type checker

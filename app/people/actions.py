"""Acts on organisations, people, links and tokens. Each leaves a row in the audit trail."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Conflict, Invalid, Problem
from app.jobs import actions as jobs
from app.people import audit, passwords, queries, rules, tokens
from app.people.models import Organisation, Person, PersonRole, SignInLink, Token
from app.people.rules import OrganisationKind, Role

# Whoever keeps something of theirs, such as the tasks they hold, does what this asks in the background.
DISABLED_KIND = "people.disabled"


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    organisation: str,
    password: str | None = None,
    clock: Clock,
    actor: Person | None = None,
) -> Person:
    """Adds the person, or brings the one with this e-mail to what is given. A new organisation is made: the first is
    the company, later ones are vendors. Raises `Invalid` for what does not fit.
    """
    home = queries.organisation_by_name(session, organisation) or add_organisation(
        session, name=organisation, actor=actor, clock=clock
    )
    email = rules.normal_email(email)
    _require(
        ("/email", rules.fault_of_email(email)),
        ("/name", _fault_of_name(name)),
        ("/roles", rules.fault_of_roles(roles, home.kind)),
        ("/password", None if password is None else rules.fault_of_password(password)),
    )
    person = queries.person_by_email(session, email)
    verb = "added" if person is None else "updated"
    if person is None:
        person = Person(created_at=clock(), email=email, name=name.strip(), organisation=home, role_rows=[])
        session.add(person)
    person.name = name.strip()
    person.organisation = home
    person.disabled_at = None
    if password is not None:
        person.password_hash = passwords.hashed(password)
    _give_roles(person, roles, clock)
    session.flush()
    _record(session, actor, verb, person, clock, email=email, organisation=home.name, **_role_details(person))
    return person


def add_organisation(session: Session, *, name: str, actor: Person | None, clock: Clock) -> Organisation:
    """Raises `Conflict` where one of this name is there."""
    _require(("/name", _fault_of_name(name)))
    if queries.organisation_by_name(session, name) is not None:
        raise Conflict(f"There is an organisation named {name.strip()} already.")
    kind = OrganisationKind.VENDOR if queries.organisations(session) else OrganisationKind.COMPANY
    made = Organisation(created_at=clock(), name=name.strip(), kind=kind)
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor=actor,
        verb="added",
        subject_kind="organisation",
        subject_id=made.id,
        details={"name": made.name, "kind": kind},
        clock=clock,
    )
    return made


def invite(
    session: Session, *, email: str, name: str, roles: Collection[Role], organisation: str, actor: Person, clock: Clock
) -> tuple[Person, str]:
    """A new person and the one-time link that lets them in. Raises `Conflict` for an e-mail that is somebody's."""
    if queries.person_by_email(session, email) is not None:
        raise Conflict(f"{rules.normal_email(email)} is somebody's e-mail here already, so nobody was added.")
    person = add_person(
        session, email=email, name=name, roles=roles, organisation=organisation, actor=actor, clock=clock
    )
    return person, make_sign_in_link(session, person=person, actor=actor, clock=clock)


def change_person(
    session: Session, *, person: Person, name: str, roles: Collection[Role], actor: Person, clock: Clock
) -> None:
    """Name and roles. Raises `Conflict` where an admin would lock themselves out."""
    _require(("/name", _fault_of_name(name)), ("/roles", rules.fault_of_roles(roles, person.organisation.kind)))
    if person.id == actor.id and Role.ADMIN in person.roles and Role.ADMIN not in roles:
        raise Conflict("You cannot take the admin role from yourself; another admin can.")
    person.name = name.strip()
    _give_roles(person, roles, clock)
    session.flush()
    _record(session, actor, "updated", person, clock, name=person.name, **_role_details(person))


def change_own_account(
    session: Session, *, person: Person, name: str, language: str, theme: str, single_keys: bool
) -> None:
    """What everybody may set for themselves."""
    _require(
        ("/name", _fault_of_name(name)),
        ("/language", None if language in rules.LANGUAGES else "Choose one of the languages."),
        ("/theme", None if theme in rules.THEMES else "Choose one of the themes."),
    )
    person.name = name.strip()
    person.language = language
    person.preferences = {**person.preferences, "theme": theme, "single_keys": single_keys}
    session.flush()


def change_preferences(session: Session, *, person: Person, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Replaces the named preferences and gives all that are kept then. Raises `Invalid`, and changes nothing."""
    problems = [Problem(f"/{name}", message) for name, message in rules.faults_of_preferences(changes)]
    kept = {name: value for name, value in {**person.preferences, **changes}.items() if value is not None}
    if len(json.dumps(kept)) > rules.LARGEST_PREFERENCES:
        problems.append(Problem("", f"all preferences together take at most {rules.LARGEST_PREFERENCES} characters"))
    if problems:
        raise Invalid("These preferences were not kept.", problems=problems)
    person.preferences = kept
    session.flush()
    return kept


def change_wishes(session: Session, *, person: Person, written: str) -> dict[str, list[str]]:
    """What the person would rather not be given, a wish a line; gives the wishes. Raises `Invalid` for a line that is none."""
    try:
        wishes = rules.wishes_of(written)
    except ValueError as line:
        problem = Problem("/not_for_me", f"write NAME = VALUE, VALUE: {line}")
        raise Invalid("A wish could not be read, so nothing was changed.", problems=[problem]) from None
    change_preferences(session, person=person, changes={"not_for_me": wishes or None})
    return wishes


def disable(session: Session, *, person: Person, actor: Person, clock: Clock) -> None:
    """Ends every way in at once. Their labels stay. Raises `Conflict` for oneself."""
    if person.id == actor.id:
        raise Conflict("You cannot disable yourself; another admin can.")
    if person.disabled_at is not None:
        return
    person.disabled_at = clock()
    for sign_in in queries.live_sign_ins(session, person, clock()):
        sign_in.revoked_at = clock()
    for token in queries.live_tokens(session, person):
        token.revoked_at = clock()
    jobs.enqueue(session, DISABLED_KIND, {"person": person.id}, clock=clock)
    _record(session, actor, "disabled", person, clock)


def enable(session: Session, *, person: Person, actor: Person, clock: Clock) -> None:
    """They may sign in again; tokens and sign-ins that were ended stay ended."""
    if person.disabled_at is None:
        return
    person.disabled_at = None
    _record(session, actor, "enabled", person, clock)


def make_sign_in_link(session: Session, *, person: Person, clock: Clock, actor: Person | None = None) -> str:
    """The token of a one-time way in; `/sign-in/{token}` is its page."""
    if person.disabled_at is not None:
        raise Conflict(f"{person.name} is disabled. Enable them first.")
    secret = tokens.new_secret()
    expires_at = clock() + rules.LINK_LIFETIME
    session.add(
        SignInLink(
            created_at=clock(),
            person_id=person.id,
            token_hash=tokens.digest(secret),
            expires_at=expires_at,
            used_at=None,
        )
    )
    _record(session, actor, "made a sign-in link for", person, clock)
    return secret


def add_token(session: Session, *, person: Person, name: str, clock: Clock) -> str:
    """A bearer token, which only this answer ever holds."""
    _require(("/name", _fault_of_name(name, longest=100)))
    secret = tokens.new_secret(tokens.BEARER_PREFIX)
    token = Token(created_at=clock(), person_id=person.id, name=name.strip(), token_hash=tokens.digest(secret))
    session.add(token)
    session.flush()
    _record(session, person, "added a token for", person, clock, token=token.name)
    return secret


def revoke_token(session: Session, *, token: Token, person: Person, clock: Clock) -> None:
    if token.revoked_at is None:
        token.revoked_at = clock()
    _record(session, person, "revoked a token of", person, clock, token=token.name)


def _give_roles(person: Person, roles: Iterable[Role], clock: Clock) -> None:
    wanted = frozenset(roles)
    held = {Role(row.role) for row in person.role_rows}
    person.role_rows = [
        *(row for row in person.role_rows if row.role in wanted),
        *(PersonRole(created_at=clock(), role=role) for role in rules.in_order(wanted - held)),
    ]


def _role_details(person: Person) -> dict[str, Any]:
    return {"roles": rules.in_order(person.roles)}


def _record(session: Session, actor: Person | None, verb: str, person: Person, clock: Clock, **details: Any) -> None:
    audit.record(
        session, actor=actor, verb=verb, subject_kind="person", subject_id=person.id, details=details, clock=clock
    )


def _fault_of_name(name: str, *, longest: int = 200) -> str | None:
    return None if 1 <= len(name.strip()) <= longest else f"A name has 1 to {longest} characters."


def _require(*checked: tuple[str, str | None]) -> None:
    problems = [Problem(path, message) for path, message in checked if message is not None]
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems=problems)

"""Acts on sign-in records: beginning one, ending one or all, the one-time link, the password behind them."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Invalid, NotFound, Problem
from app.people import audit, passwords, queries, rules, tokens
from app.people.models import Person, SignIn, SignInLink
from app.people.rules import SignInWay

LONGEST_BROWSER = 300


def begin(session: Session, *, person: Person, way: SignInWay, browser: str, clock: Clock) -> str:
    """The secret for the cookie of a new sign-in."""
    secret = tokens.new_secret()
    session.add(
        SignIn(
            created_at=clock(),
            person_id=person.id,
            token_hash=tokens.digest(secret),
            way=way,
            browser=browser[:LONGEST_BROWSER],
            expires_at=clock() + rules.SIGN_IN_LIFETIME,
        )
    )
    return secret


def end(session: Session, *, secret: str | None, clock: Clock) -> None:
    """Ends the sign-in of this cookie, where there is one."""
    sign_in = None if secret is None else queries.sign_in_of_token(session, tokens.digest(secret))
    if sign_in is not None and sign_in.revoked_at is None:
        sign_in.revoked_at = clock()


def end_one(session: Session, *, person: Person, sign_in_id: str, clock: Clock) -> None:
    """Ends one of the person's own. Raises `NotFound` for any other."""
    for sign_in in queries.live_sign_ins(session, person, clock()):
        if sign_in.id == sign_in_id:
            sign_in.revoked_at = clock()
            return
    raise NotFound


def end_others(session: Session, *, person: Person, kept: str | None, clock: Clock) -> None:
    """Ends all of the person's sign-ins but that of the cookie `kept`."""
    kept_hash = None if kept is None else tokens.digest(kept)
    for sign_in in queries.live_sign_ins(session, person, clock()):
        if sign_in.token_hash != kept_hash:
            sign_in.revoked_at = clock()


def end_all_of(session: Session, *, person: Person, actor: Person, clock: Clock) -> None:
    """For an admin: the person has to sign in again everywhere."""
    end_others(session, person=person, kept=None, clock=clock)
    audit.record(
        session,
        actor=actor,
        verb="ended all sign-ins of",
        subject_kind="person",
        subject_id=person.id,
        details={},
        clock=clock,
    )


def use_link(session: Session, *, secret: str, clock: Clock) -> Person:
    """Whom the link lets in, once: of two who follow it at the same time, one comes in. Raises `NotFound`."""
    person = queries.person_of_link(session, tokens.digest(secret), clock())
    used = session.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == tokens.digest(secret), SignInLink.used_at.is_(None))
        .values(used_at=clock())
        .returning(SignInLink.id)
    ).first()
    if person is None or used is None:
        raise NotFound("This sign-in link was used before or has run out. Ask an admin for a new one.")
    return person


def may_set_password_freely(session: Session, *, person: Person, secret: str | None) -> bool:
    """Who has none yet, or just came by a link sent to them, need not know the old one."""
    if person.password_hash is None:
        return True
    sign_in = None if secret is None else queries.sign_in_of_token(session, tokens.digest(secret))
    return sign_in is not None and sign_in.person_id == person.id and sign_in.way == SignInWay.LINK


def change_password(session: Session, *, person: Person, old: str, new: str, kept: str | None, clock: Clock) -> None:
    """Sets the password and ends all other sign-ins. Raises `Invalid` at the field that does not fit."""
    free = may_set_password_freely(session, person=person, secret=kept)
    if not free and not passwords.fits(old, person.password_hash):
        raise Invalid(
            "The present password is not right, so nothing was changed.",
            problems=[Problem("/old", "This is not your present password.")],
        )
    fault = rules.fault_of_password(new)
    if fault is not None:
        raise Invalid(f"{fault} Nothing was changed.", problems=[Problem("/new", fault)])
    person.password_hash = passwords.hashed(new)
    end_others(session, person=person, kept=kept, clock=clock)
    audit.record(
        session,
        actor=person,
        verb="changed the password of",
        subject_kind="person",
        subject_id=person.id,
        details={},
        clock=clock,
    )

"""Adding and changing people, links and tokens, and the trail they leave."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.session import Database
from app.errors import Conflict, Invalid, NotFound
from app.people import actions, passwords, queries, sign_ins, tokens
from app.people.models import AuditEvent, Person
from app.people.rules import OrganisationKind, Role, SignInWay
from tests import making
from tests.conftest import FakeClock


@pytest.fixture
def admin(session: Session, clock: FakeClock) -> Iterator[Person]:
    yield making.make_colleague(session, Role.ADMIN, clock=clock)  # noqa: PT022  # the session stays open


def test_the_first_organisation_is_the_company_and_later_ones_are_vendors(session: Session, clock: FakeClock) -> None:
    for name in ("Fasit AS", "Nordlys", "Atlantico"):
        actions.add_organisation(session, name=name, actor=None, clock=clock)
    kinds = [organisation.kind for organisation in queries.organisations(session)]
    assert kinds == [OrganisationKind.COMPANY, OrganisationKind.VENDOR, OrganisationKind.VENDOR]


def test_adding_somebody_again_updates_them(session: Session, clock: FakeClock) -> None:
    first = making.make_person(session, clock=clock, roles=[Role.LABELER])
    again = actions.add_person(
        session,
        email=" ADA@example.org",
        name="Ada Lind",
        roles=[Role.VENDOR_LEAD],
        organisation="nordlys",
        clock=clock,
    )
    assert again.id == first.id
    assert (again.name, again.roles) == ("Ada Lind", {Role.VENDOR_LEAD})
    assert len(queries.organisations(session)) == 2


def test_a_vendors_person_is_refused_a_company_role_and_nothing_is_added(session: Session, clock: FakeClock) -> None:
    with pytest.raises(Invalid) as refused:
        making.make_person(session, clock=clock, roles=[Role.ENGINEER])
    assert [problem.path for problem in refused.value.problems] == ["/roles"]
    assert queries.person_by_email(session, "ada@example.org") is None


def test_every_fault_is_named_at_its_place(session: Session, clock: FakeClock) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_person(session, email="x", name=" ", roles=[], organisation="O", password="short", clock=clock)
    assert [problem.path for problem in refused.value.problems] == ["/email", "/name", "/roles", "/password"]


def test_inviting_a_known_email_is_a_conflict(session: Session, admin: Person, clock: FakeClock) -> None:
    with pytest.raises(Conflict, match="nobody was added"):
        actions.invite(
            session,
            email="GRACE@example.org",
            name="G",
            roles=[Role.SME],
            organisation=making.COMPANY,
            actor=admin,
            clock=clock,
        )


def test_an_admin_cannot_lock_themselves_out(session: Session, admin: Person, clock: FakeClock) -> None:
    with pytest.raises(Conflict):
        actions.disable(session, person=admin, actor=admin, clock=clock)
    with pytest.raises(Conflict):
        actions.change_person(session, person=admin, name="G", roles=[Role.SME], actor=admin, clock=clock)
    assert Role.ADMIN in admin.roles


def test_disabling_ends_every_way_in_at_once(session: Session, admin: Person, clock: FakeClock) -> None:
    ada = making.make_person(session, clock=clock)
    token = tokens.digest(actions.add_token(session, person=ada, name="t", clock=clock))
    cookie = tokens.digest(sign_ins.begin(session, person=ada, way=SignInWay.LINK, browser="", clock=clock))
    link = tokens.digest(actions.make_sign_in_link(session, person=ada, clock=clock))
    assert queries.person_of_token(session, token) == ada
    assert queries.person_of_sign_in(session, cookie, clock()) == ada
    actions.disable(session, person=ada, actor=admin, clock=clock)
    assert queries.person_of_token(session, token) is None
    assert queries.person_of_sign_in(session, cookie, clock()) is None
    assert queries.person_of_link(session, link, clock()) is None
    actions.enable(session, person=ada, actor=admin, clock=clock)
    assert queries.person_of_token(session, token) is None, "what was ended stays ended"


def test_a_sign_in_ends_by_itself_after_its_time(session: Session, clock: FakeClock) -> None:
    ada = making.make_person(session, clock=clock)
    cookie = tokens.digest(sign_ins.begin(session, person=ada, way=SignInWay.LINK, browser="", clock=clock))
    clock.forward(hours=12, seconds=-1)
    assert queries.person_of_sign_in(session, cookie, clock()) == ada
    clock.forward(seconds=1)
    assert queries.person_of_sign_in(session, cookie, clock()) is None


def test_a_link_runs_out(session: Session, clock: FakeClock) -> None:
    link = actions.make_sign_in_link(session, person=making.make_person(session, clock=clock), clock=clock)
    clock.forward(days=7)
    with pytest.raises(NotFound, match="Ask an admin"):
        sign_ins.use_link(session, secret=link, clock=clock)


def test_of_many_who_follow_a_link_at_once_one_comes_in(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        link = actions.make_sign_in_link(session, person=making.make_person(session, clock=clock), clock=clock)

    def follow(_number: int) -> bool:
        try:
            with database.write() as session:
                sign_ins.use_link(session, secret=link, clock=clock)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(follow, range(16))) == 1


def test_secrets_are_kept_only_as_hashes(session: Session, clock: FakeClock) -> None:
    ada = making.make_person(session, clock=clock, password="a good password")
    token = actions.add_token(session, person=ada, name="t", clock=clock)
    kept = queries.live_tokens(session, ada)[0]
    assert token.startswith("fasit_")
    assert token not in (kept.token_hash, kept.name)
    assert ada.password_hash is not None
    assert ada.password_hash.startswith("$argon2id$")


def test_every_administrative_act_leaves_a_row_without_secrets(
    session: Session, admin: Person, clock: FakeClock
) -> None:
    ada = making.make_person(session, clock=clock, password="a good password")
    actions.change_person(session, person=ada, name="Ada L", roles=[Role.LABELER], actor=admin, clock=clock)
    link = actions.make_sign_in_link(session, person=ada, actor=admin, clock=clock)
    token = actions.add_token(session, person=ada, name="pipeline", clock=clock)
    actions.revoke_token(session, token=queries.live_tokens(session, ada)[0], person=ada, clock=clock)
    sign_ins.end_all_of(session, person=ada, actor=admin, clock=clock)
    actions.disable(session, person=ada, actor=admin, clock=clock)
    actions.enable(session, person=ada, actor=admin, clock=clock)
    session.flush()
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == ada.id).order_by(AuditEvent.seq)).all()
    assert [event.verb for event in events] == [
        "added", "updated", "made a sign-in link for", "added a token for", "revoked a token of", "ended all sign-ins of",
        "disabled", "enabled",
    ]  # fmt: skip
    assert [event.actor_id for event in events] == [None, *[admin.id] * 2, *[ada.id] * 2, *[admin.id] * 3]
    told = " ".join(str(event.details) for event in events)
    assert link not in told
    assert token not in told
    assert "a good password" not in told


def test_the_hash_for_unknown_emails_costs_what_others_cost() -> None:
    assert not passwords.HASHER.current_hasher.check_needs_rehash(passwords.NOBODY)
    assert not passwords.fits("nobody", None)
    assert not passwords.fits("", passwords.hashed("something else"))

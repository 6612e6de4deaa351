"""Statements that go straight to the driver: the same values and errors as through SQLAlchemy, in the same transaction."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.db import prepared, writing
from app.db.base import new_id
from app.db.loading import all_of, held
from app.db.reading import columns, read
from app.db.session import Database
from app.people.models import Organisation, Person
from tests import making
from tests.conftest import FakeClock

_person = columns(Person)
_OF_NAME = select(_person.id, _person.preferences, _person.created_at, _person.disabled_at).where(
    _person.name == bindparam("name")
)
_ANY_OF = select(_person.name).where(_person.name.in_(bindparam("names", expanding=True))).order_by(_person.name)
_LATER = select(func.count()).select_from(Person).where(_person.created_at > bindparam("since"))
_LATER_NAMES = select(_person.name).where(_person.created_at > bindparam("since"))
_FIRST = select(_person.name).order_by(_person.name).limit(1)
_WHOLE = select(*all_of(Person)).where(_person.id == bindparam("person"))
_TEXT = text("SELECT name FROM people WHERE name = :name")


def test_values_come_as_their_types_have_them(session: Session, clock: FakeClock) -> None:
    person = making.make_person(session, clock=clock)
    person.preferences = {"theme": "dark", "nested": [1, None]}
    row = read(session, _OF_NAME, name=person.name).one()  # what was changed is written first
    assert (row.id, row.preferences) == (person.id, {"theme": "dark", "nested": [1, None]})
    assert (row.created_at, row.created_at.tzinfo, row.disabled_at) == (person.created_at, UTC, None)


def test_what_goes_in_is_bound_as_its_type_has_it(session: Session, clock: FakeClock) -> None:
    person = making.make_person(session, clock=clock)
    assert read(session, _LATER, since=person.created_at).scalar_one() == 0
    assert read(session, _LATER, since=datetime(2000, 1, 1, tzinfo=UTC)).scalar_one() == 1
    with pytest.raises(ValueError, match="without a zone"):
        read(session, _LATER, since=datetime(2000, 1, 1))  # noqa: DTZ001  # the very thing that is refused


def test_values_of_the_statement_itself_are_sent_too(session: Session, clock: FakeClock) -> None:
    making.make_person(session, clock=clock, name="Bo")
    making.make_person(session, clock=clock, name="Ada")
    assert read(session, _FIRST).scalars() == ["Ada"]
    assert read(session, _TEXT, name="Bo").scalar() == "Bo"


def test_what_only_sqlalchemy_can_send_is_left_to_it(session: Session, clock: FakeClock) -> None:
    for name in ("Ada", "Bo", "Cleo"):
        making.make_person(session, clock=clock, name=name)
    assert read(session, _ANY_OF, names=["Bo", "Ada"]).scalars() == ["Ada", "Bo"]
    assert read(session, _ANY_OF, names=["Cleo"]).scalars() == ["Cleo"]


def test_one_row_is_asked_for_as_of_sqlalchemy(session: Session, clock: FakeClock) -> None:
    assert read(session, _TEXT, name="nobody").one_or_none() is None
    with pytest.raises(NoResultFound):
        read(session, _TEXT, name="nobody").one()
    for name in ("Ada", "Bo"):
        making.make_person(session, clock=clock, name=name)
    with pytest.raises(MultipleResultsFound):
        read(session, _LATER_NAMES, since=datetime(2000, 1, 1, tzinfo=UTC)).one_or_none()


def test_an_error_of_the_driver_is_sqlalchemys_and_undone_alone_in_a_savepoint(
    database: Database, clock: FakeClock
) -> None:
    def organisation(name: str) -> Organisation:
        return Organisation(id=new_id(), created_at=clock(), name=name, kind="vendor")

    with database.write() as session:
        writing.add(session, organisation("Nordlys"))
        with pytest.raises(IntegrityError), session.begin_nested():
            writing.add(session, organisation("Fjord"))
            writing.add(session, organisation("Nordlys"))
        writing.add(session, organisation("Sørlys"))
    with database.read() as session:
        assert session.scalars(select(Organisation.name).order_by(Organisation.name)).all() == ["Nordlys", "Sørlys"]


def test_a_session_goes_on_to_its_next_transaction(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        making.make_person(session, clock=clock, name="Ada")
        assert read(session, _TEXT, name="Ada").scalar() == "Ada"
    with database.read() as session:
        assert read(session, _TEXT, name="Ada").scalar() == "Ada"
        session.rollback()
        assert read(session, _TEXT, name="Ada").scalar() == "Ada"


def test_a_held_row_is_the_sessions_and_brought_up_to_what_was_read(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        person_id = making.make_person(session, clock=clock, name="Ada").id
    with database.write() as session:
        person = held(session, Person, read(session, _WHOLE, person=person_id).one())
        assert session.scalars(select(Person)).one() is person
        set_committed_value(person, "name", "Eve")
        assert held(session, Person, read(session, _WHOLE, person=person_id).one()) is person
        assert person.name == "Ada"
        person.name = "Bo"
    with database.read() as session:
        assert session.scalars(select(Person.name)).all() == ["Bo"]


def test_many_rows_go_at_once(session: Session, clock: FakeClock) -> None:
    statement = text("UPDATE people SET name = :name WHERE name = :old")
    for name in ("ada", "bo"):
        making.make_person(session, clock=clock, name=name)
    prepared.run_many(
        session,
        statement,
        [{"name": "Ada", "old": "ada"}, {"name": "Bo", "old": "bo"}],
    )
    assert session.scalars(
        select(Person.name).order_by(Person.name).execution_options(populate_existing=True)
    ).all() == [
        "Ada",
        "Bo",
    ]

"""Single rows written without the unit of work: they are the session's own afterwards, and read back as they were given."""

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.db import loading, writing
from app.db.base import new_id
from app.db.kept import KEPT, kept
from app.db.session import Database
from app.labels.models import SubmissionKey
from app.people.models import Organisation, Token
from tests import making
from tests.conftest import FakeClock


def organisation(clock: FakeClock, name: str) -> Organisation:
    return Organisation(id=new_id(), created_at=clock(), name=name, kind="vendor")


def test_an_added_row_is_the_sessions_and_its_changes_are_written(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        row = organisation(clock, "Nordlys")
        writing.add(session, row)
        assert session.scalars(select(Organisation)).one() is row
        row.name = "Sørlys"  # as any other row's, at the end of the transaction
    with database.read() as session:
        assert session.scalars(select(Organisation.name)).all() == ["Sørlys"]


def test_columns_that_were_not_given_have_their_defaults(session: Session, clock: FakeClock) -> None:
    person = making.make_person(session, clock=clock)
    token = Token(created_at=clock(), person_id=person.id, name="script", token_hash="0" * 64)
    writing.add(session, token)
    assert len(token.id) == 32
    assert token.revoked_at is None


def test_a_change_is_written_at_once_and_leaves_others_waiting(session: Session, clock: FakeClock) -> None:
    row = organisation(clock, "Nordlys")
    writing.add(session, row)
    row.kind = "company"
    with session.no_autoflush:
        writing.change(session, (row, {"name": "Sørlys"}))
        written = (
            session.connection().execute(select(Organisation.__table__.c.name, Organisation.__table__.c.kind)).one()
        )
    assert tuple(written) == ("Sørlys", "vendor")
    assert row.name == "Sørlys"
    session.flush()
    session.expire_all()
    assert (row.name, row.kind) == ("Sørlys", "company")


def test_several_rows_are_added_and_changed_as_one_is(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        first, second = organisation(clock, "Nordlys"), organisation(clock, "Sørlys")
        writing.add(session, first, second)
        assert first.seq != second.seq
        writing.change(session, (first, {"name": "Fjord", "kind": "company"}), (second, {"name": "Fjell"}))
        assert (first.name, first.kind, second.name, second.kind) == ("Fjord", "company", "Fjell", "vendor")
    with database.read() as session:
        rows = session.execute(select(Organisation.seq, Organisation.name, Organisation.kind)).all()
    assert {tuple(row) for row in rows} == {(first.seq, "Fjord", "company"), (second.seq, "Fjell", "vendor")}


@pytest.mark.parametrize("count", [1, 3, writing.FEW + 1])
@pytest.mark.parametrize("others", [1, 2])
def test_rows_beside_others_are_added_unless_they_are_there(
    session: Session, clock: FakeClock, count: int, others: int
) -> None:
    person = making.make_person(session, clock=clock)

    def token(number: int, name: str) -> dict[str, object]:
        return {
            "id": new_id(),
            "created_at": clock(),
            "person_id": person.id,
            "token_hash": f"{number:064}",
            "name": name,
        }

    there = writing.Unless(Token, [token(0, "first")], unique=("token_hash",))
    writing.add_unless_there(session, there)
    tokens = [token(number, "second") for number in range(count)]
    tokens.append(token(count - 1, "again"))  # a repeat within
    rows = [organisation(clock, f"Team {at}") for at in range(others)]
    writing.add(session, *rows, beside=writing.Unless(Token, tokens, unique=("token_hash",)))
    names = {one.token_hash: one.name for one in session.scalars(select(Token))}
    assert names == {f"{number:064}": "second" if number else "first" for number in range(count)}
    assert all(row.seq for row in rows)
    assert len(session.scalars(select(Organisation).where(Organisation.name.startswith("Team "))).all()) == others


@pytest.mark.parametrize("changes", [0, 1, 2])
def test_an_update_besides_tells_what_it_found(session: Session, clock: FakeClock, changes: int) -> None:
    rows = [organisation(clock, "Nordlys"), organisation(clock, "Sørlys"), organisation(clock, "Fjord")]
    writing.add(session, *rows)
    table = Organisation.__table__.c
    besides = update(Organisation.__table__).where(table.name == bindparam("named")).values(kind="company")  # type: ignore[arg-type]  # it is a table
    besides = besides.returning(table.seq)
    written = [(row, {"name": f"Team {at}"}) for at, row in enumerate(rows[:changes])]
    assert writing.change(session, *written, then=(besides, {"named": "Fjord"})) == [(rows[2].seq,)]
    assert writing.change(session, *written, then=(besides, {"named": "nobody"})) == []
    session.expire_all()
    names = [f"Team {at}" for at in range(changes)] + ["Nordlys", "Sørlys", "Fjord"][changes:]
    assert [(row.name, row.kind) for row in rows] == [*((name, "vendor") for name in names[:2]), ("Fjord", "company")]


def test_only_the_first_of_a_key_is_taken(session: Session, clock: FakeClock) -> None:
    person = making.make_person(session, clock=clock)

    def take() -> bool:
        row = {
            "id": new_id(), "created_at": clock(), "person_id": person.id, "key": "k", "body_hash": "0" * 64,
            "label_id": new_id(), "revision": 1,
        }  # fmt: skip
        return writing.take(session, SubmissionKey, row, unique=("person_id", "key"))

    assert [take(), take()] == [True, False]


def test_what_is_kept_is_read_once_in_each_database(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Database(f"sqlite:///{tmp_path_factory.mktemp('other')}/other.db")
    for place, value in ((database, "one"), (other, "two")):
        for _ in range(2):
            with place.read() as session:
                assert kept(session, "key", iter([value]).__next__) == value
    with database.read() as session:
        assert kept(session, "key", lambda: "never read again") == "one"
    other.close()


class DroppedOnceSeen(dict[object, object]):
    """As if another thread emptied it between two looks."""

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        self.clear()
        return found

    def get(self, key: object, default: object = None) -> object:
        found = super().get(key, default)
        self.clear()
        return found


def test_what_is_kept_may_be_dropped_by_another_thread_at_any_moment(session: Session) -> None:
    session.info[KEPT] = DroppedOnceSeen({"key": "one"})
    assert kept(session, "key", lambda: "two") == "one"
    assert kept(session, "key", lambda: "two") == "two"


def test_a_row_that_was_made_leaves_nothing_to_the_database(session: Session, clock: FakeClock) -> None:
    row = loading.made(Organisation, id=new_id(), created_at=clock(), name="Nordlys", kind="vendor")
    writing.add(session, row)
    row.name = "Sørlys"
    session.flush()
    assert session.scalars(select(Organisation.name).where(Organisation.seq == row.seq)).one() == "Sørlys"
    with pytest.raises(AssertionError, match="from the database"):
        loading.made(Organisation, created_at=clock(), name="Nordlys", kind="vendor")

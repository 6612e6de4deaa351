"""Keyset pages: nothing twice, nothing left out, whatever is added meanwhile."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.people import actions
from app.people.models import Organisation
from app.web.pagination import PageRequest, fetch_page, page_of
from tests.conftest import FakeClock


def names(session: Session, clock: FakeClock, count: int, start: int = 0) -> list[str]:
    return [
        actions.add_organisation(session, name=f"O{number}", actor=None, clock=clock).name
        for number in range(start, start + count)
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_in_a_row_are_the_whole_list(session: Session, clock: FakeClock, limit: int, newest_first: bool) -> None:
    added = names(session, clock, 7)
    seen: list[str] = []
    after = None
    while True:
        page = fetch_page(
            session, select(Organisation), Organisation, PageRequest(limit, after), newest_first=newest_first
        )
        seen += [item.name for item in page.items]
        after = page.next
        if after is None:
            break
    assert seen == (added[::-1] if newest_first else added)


def test_what_is_added_meanwhile_comes_at_the_end_and_shifts_nothing(session: Session, clock: FakeClock) -> None:
    names(session, clock, 4)
    first = fetch_page(session, select(Organisation), Organisation, PageRequest(3, None))
    names(session, clock, 2, start=4)
    rest = fetch_page(session, select(Organisation), Organisation, PageRequest(3, first.next))
    assert [item.name for item in (*first.items, *rest.items)] == [f"O{number}" for number in range(6)]
    assert rest.next is None


def test_an_after_that_names_nothing_is_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="Start again"):
        fetch_page(session, select(Organisation), Organisation, PageRequest(3, "nothing"))


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
def test_rows_at_hand_are_paged_alike(session: Session, clock: FakeClock, limit: int) -> None:
    names(session, clock, 5)
    rows = session.scalars(select(Organisation).order_by(Organisation.seq)).all()
    after = None
    while True:
        by_key = fetch_page(session, select(Organisation), Organisation, PageRequest(limit, after))
        assert page_of(rows, PageRequest(limit, after)) == by_key
        after = by_key.next
        if after is None:
            break
    with pytest.raises(Invalid):
        page_of(rows, PageRequest(limit, "nothing"))

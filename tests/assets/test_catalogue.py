"""Browsing, filtering, searching and counting ads; the sets of bits say what the filter's own rule says."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assets import actions
from app.assets.catalog import counting, finding
from app.assets.catalog.finding import Asked, Found, Place, Sort
from app.assets.intake import GivenPart
from app.assets.models import Asset
from app.assets.store import Store
from app.errors import Invalid
from app.people.rules import Role
from app.projects.models import Project
from app.queues import of_assets
from tests.conftest import FakeClock
from tests.making import make_colleague, make_project
from tests.making_assets import make_asset

Ads = dict[str, Asset]


@pytest.fixture
def project(session: Session, clock: FakeClock) -> Project:
    return make_project(session, clock=clock)


@pytest.fixture
def store(tmp_path: Any) -> Store:
    return Store(tmp_path / "media")


def add(
    session: Session, store: Store, project: Project, clock: FakeClock, name: str, text: str = "Kjøp nå", **meta: Any
) -> Asset:
    parts = [GivenPart("caption", "text", text=text)]
    return make_asset(session, store, project=project, clock=clock, external_id=name, metadata=meta, parts=parts)


def selected(session: Session, project: Project, asked: Asked) -> finding.Selection:
    return finding.select_ads(session, project.id, asked, of_assets.InStates)


def look(
    session: Session, project: Project, search: str = "", *, sort: Sort = Sort.OLDEST, place: Place | None = None,
    wanted: Any = None,
) -> tuple[list[str], Found]:  # fmt: skip
    selection = selected(session, project, Asked(wanted or {}, search))
    found = finding.page(session, selection, sort, place or Place(100))
    names = {row.seq: row.external_id for row in session.execute(select(Asset.seq, Asset.external_id))}
    return [names[seq] for seq in found.seqs], found


def names(session: Session, project: Project, search: str = "", **more: Any) -> list[str]:
    return look(session, project, search, **more)[0]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("får", ["a"]),
        ("FÅR", ["a"]),
        ("far", ["b"]),
        ("fa\u030ar", ["a"]),  # composed and decomposed letters are one
        ("ørs", ["c"]),
        ("somm", ["a", "b"]),
        ('"somm"', []),
        ('"sommer"', ["b"]),
        ('"fest i parken"', ["c"]),
        ('"parken i fest"', []),
        ("parken fest", ["c"]),
        ("AD-0012", []),
        ("lumia", ["b"]),
        ("naïve", ["c"]),
        ('"unfinished', []),
    ],
)
def test_a_search_finds_words_beginnings_and_quotations(
    session: Session, store: Store, project: Project, clock: FakeClock, search: str, expected: list[str]
) -> None:
    add(session, store, project, clock, "a", "Får vi sommerfest?")
    add(session, store, project, clock, "b", "Far liker sommer", advertiser="Lumia AS")
    add(session, store, project, clock, "c", "Ørsta: fest i parken, naïve og straße")
    assert names(session, project, search) == expected


@pytest.mark.parametrize(
    "search",
    ['"', '""', "*", "a* OR b*", "NEAR(a b)", "words: a", "' | !x", "a & b:*", "(((", "-a", "^a", "\\", "%", "'; DROP TABLE assets;",
     "AND", "NOT", "a\u0000b"[:1], "\u202e", "x" * 200, "🙂", '" " "', "a " * 100],
)  # fmt: skip
def test_whatever_is_typed_is_only_words(
    session: Session, store: Store, project: Project, clock: FakeClock, search: str
) -> None:
    add(session, store, project, clock, "a", "Whatever it says")
    look(session, project, search)
    assert session.scalars(select(Asset.external_id)).all() == ["a"]


def test_a_search_of_signs_alone_finds_nothing(
    session: Session, store: Store, project: Project, clock: FakeClock
) -> None:
    add(session, store, project, clock, "a")
    assert names(session, project, "!?") == []


def test_changed_metadata_and_added_parts_are_found_at_once_and_what_is_gone_is_not(
    session: Session, store: Store, project: Project, clock: FakeClock
) -> None:
    asset = add(session, store, project, clock, "a", market="NO", note="vinter")
    engineer = make_colleague(session, Role.ENGINEER, clock=clock)
    more = [GivenPart("headline", "text", text="Solkrem")]
    actions.change_asset(
        session, store, asset, metadata={"market": "SE", "note": None}, parts=more, person=engineer, clock=clock
    )
    assert names(session, project, "solkrem") == ["a"]
    assert names(session, project, "vinter") == []
    assert names(session, project, wanted={"metadata.market": ["NO"]}) == []
    assert names(session, project, wanted={"metadata.market": ["SE"], "part": ["headline"]}) == ["a"]
    facets = counting.facets(session, selected(session, project, Asked({})), Asked({}))
    markets = next(one for one in facets if one.key == "metadata.market")
    assert [(one.value, one.number) for one in markets.values] == [("SE", 1)]


def test_a_withdrawn_ad_is_found_as_that_alone(
    session: Session, store: Store, project: Project, clock: FakeClock
) -> None:
    asset = add(session, store, project, clock, "a")
    engineer = make_colleague(session, Role.ENGINEER, clock=clock)
    assert names(session, project, wanted={"state": ["ready"]}) == ["a"]
    actions.withdraw_asset(session, asset, reason="Wrong", person=engineer, clock=clock)
    assert names(session, project, wanted={"state": ["ready"]}) == []
    assert names(session, project, wanted={"state": ["withdrawn"]}) == ["a"]


def test_other_projects_are_never_found(session: Session, store: Store, project: Project, clock: FakeClock) -> None:
    other = make_project(session, clock=clock, slug="other")
    add(session, store, other, clock, "theirs", market="NO")
    add(session, store, project, clock, "ours", market="NO")
    assert names(session, project, "kjøp") == ["ours"]
    assert names(session, project, wanted={"metadata.market": ["NO"]}) == ["ours"]
    assert names(session, project, wanted={"external_id": ["theirs"]}) == []


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_go_forward_and_back_over_the_same_ads_in_every_order(
    session: Session, store: Store, project: Project, clock: FakeClock, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FIRST_LOOK", 3)
    for number in range(11):
        add(session, store, project, clock, f"ad-{(number * 7) % 11:02d}", market="NO" if number % 3 else "SE")
    for most_sorted in (100, 0):  # sorted in memory, and along the index
        monkeypatch.setattr(finding, "MOST_SORTED", most_sorted)
        for wanted in ({}, {"metadata.market": ["NO"]}):
            everything = names(session, project, sort=sort, wanted=wanted)
            forward = walk(session, project, sort, wanted)
            assert [name for page, _ in forward for name in page] == everything
            assert len(everything) == (11 if not wanted else 7)
            back = [forward[-1][0]]
            found = forward[-1][1]
            while found.before:
                page, found = look(session, project, sort=sort, wanted=wanted, place=Place(2, before=found.before))
                back.insert(0, page)
            assert [name for page in back for name in page] == everything


def walk(session: Session, project: Project, sort: Sort, wanted: Any) -> Sequence[tuple[list[str], Found]]:
    pages = [look(session, project, sort=sort, wanted=wanted, place=Place(2))]
    while pages[-1][1].after:
        pages.append(look(session, project, sort=sort, wanted=wanted, place=Place(2, after=pages[-1][1].after)))
    return pages


def test_a_page_that_begins_nowhere_is_refused(
    session: Session, store: Store, project: Project, clock: FakeClock
) -> None:
    add(session, store, project, clock, "a")
    with pytest.raises(Invalid):
        look(session, project, place=Place(2, after="nothing"))


@pytest.mark.parametrize("sort", list(Sort))
def test_what_is_too_much_to_search_at_once_is_searched_page_after_page_and_none_is_lost(
    session: Session, store: Store, project: Project, clock: FakeClock, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FIRST_LOOK", 2)
    monkeypatch.setattr(finding, "WIDER", 1)
    monkeypatch.setattr(finding, "MOST_LOOKED_AT", 4)
    monkeypatch.setattr(finding, "MOST_SORTED", 0)
    monkeypatch.setattr(finding, "MOST_EXACT", {"sqlite": 1, "postgresql": 1})
    for number in range(20):
        add(session, store, project, clock, f"ad-{number:02d}", "rare word" if number in {0, 9, 10, 19} else "other")
    seen: list[str] = []
    place: Place | None = Place(2)
    cut = 0
    while place:
        page, found = look(session, project, "rare", sort=sort, place=place)
        seen += page
        cut += found.looked_at is not None
        place = Place(2, after=found.after) if found.after else None
    expected = ["ad-00", "ad-09", "ad-10", "ad-19"]
    assert seen == (expected[::-1] if sort == Sort.NEWEST else expected)
    assert cut > 0


def test_sparse_candidates_are_searched_by_their_own_words(
    session: Session, store: Store, project: Project, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_EXACT", {"sqlite": 0, "postgresql": 0})
    for number in range(40):
        add(
            session,
            store,
            project,
            clock,
            f"ad-{number:02d}",
            "en sommerdag",
            market="NO" if number in {1, 38} else "SE",
        )
    wanted = {"metadata.market": ["NO"]}
    assert names(session, project, "somm", wanted=wanted) == ["ad-01", "ad-38"]
    assert names(session, project, '"en sommerdag"', wanted=wanted) == ["ad-01", "ad-38"]
    assert names(session, project, '"sommer"', wanted=wanted) == []


def test_a_beginning_of_too_many_words_says_so(
    session: Session, store: Store, project: Project, clock: FakeClock
) -> None:
    add(session, store, project, clock, "a", " ".join(f"ord{number}" for number in range(300)))
    selection = selected(session, project, Asked({}, "ord"))
    assert selection.broad == ["ord"]
    assert selection.total == 1
    assert selected(session, project, Asked({}, '"ord1"')).broad == []


def test_facets_count_what_choosing_them_as_well_would_give(
    session: Session, store: Store, project: Project, clock: FakeClock
) -> None:
    for number in range(12):
        add(session, store, project, clock, f"ad-{number}", "rødt" if number < 4 else "blått",
            market="NO" if number % 2 else "SE", advertiser=f"A{number % 3}")  # fmt: skip
    asked = Asked({"metadata.market": ["NO"]}, "rødt")
    facets = counting.facets(session, selected(session, project, asked), asked)
    shown = {one.key: {value.value: value.number for value in one.values} for one in facets}
    assert shown["metadata.market"] == {"NO": 2, "SE": 2}  # as if none of its own were chosen
    assert shown["metadata.advertiser"] == {"A0": 1, "A1": 1, "A2": 0}
    assert shown["state"] == {"ready": 2}
    assert selected(session, project, asked).total == 2

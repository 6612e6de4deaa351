"""Keeping the catalogue in step, within the transaction that writes the ads. Many ads at once cost little more than one.

Who writes takes the project's turn first: two transactions that met in the same blocks would each wait for the other's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select, text

from app.assets.catalog import bits, searching, words
from app.assets.catalog.searching import Database
from app.assets.catalog.tables import BITS, VALUES, WORDS
from app.assets.catalog.terms import Ad, Term, is_listed, number_of, terms_of
from app.projects.models import Project

PIECE = 500
_PUT_BITS = text(
    "INSERT INTO asset_bits (term, block, bits) VALUES (:term, :block, :bits)"
    " ON CONFLICT (term, block) DO UPDATE SET bits = excluded.bits"
)
_COUNT = text(
    "INSERT INTO asset_values (project_id, key, value, number) VALUES (:project_id, :key, :value, :number)"
    " ON CONFLICT (project_id, key, value) DO UPDATE SET number = asset_values.number + excluded.number"
)
_CLEAR_SEARCH = text("DELETE FROM asset_search")

Members = Mapping[tuple[str, Term], list[int]]  # ads by project and term


def add(database: Database, ads: Sequence[Ad]) -> None:
    """Ads that are not in the catalogue yet."""
    joining: dict[tuple[str, Term], list[int]] = defaultdict(list)
    for ad in ads:
        for term in terms_of(ad):
            joining[ad.project_id, term].append(ad.seq)
    _take_turns(database, {ad.project_id for ad in ads})
    _write(database, joining, {})
    searching.put(database, [(ad.seq, ad.project_id, _words(ad)) for ad in ads])


def change(database: Database, before: Ad, after: Ad) -> None:
    """One ad as it was, and as it is now."""
    had, has = terms_of(before), terms_of(after)
    _take_turns(database, {after.project_id})
    _write(
        database,
        {(after.project_id, term): [after.seq] for term in has - had},
        {(after.project_id, term): [after.seq] for term in had - has},
    )
    now = _words(after)
    if now != _words(before):
        searching.remove(database, [after.seq])
        searching.put(database, [(after.seq, after.project_id, now)])


def move(
    database: Database, project_id: str, seqs: Sequence[int], *, leave: Iterable[Term], join: Iterable[Term]
) -> None:
    """These ads lose and win these terms, whatever else is known of them: their state, their families."""
    _take_turns(database, {project_id})
    _write(
        database,
        {(project_id, term): list(seqs) for term in join},
        {(project_id, term): list(seqs) for term in leave},
    )


def clear(database: Database) -> None:
    """Forgets everything, so that it may be made anew from the ads."""
    for table in (BITS, VALUES, WORDS):
        database.execute(delete(table))
    database.execute(_CLEAR_SEARCH)


def _words(ad: Ad) -> list[str]:
    return words.of_ad(ad.external_id, ad.metadata, [held for _, _, held in ad.parts if held])


def _take_turns(database: Database, projects: set[str]) -> None:
    for project_id in sorted(projects):
        database.execute(select(Project.seq).where(Project.id == project_id).with_for_update(key_share=True))


def _write(database: Database, joining: Members, leaving: Members) -> None:
    places: dict[int, dict[int, tuple[list[int], list[int]]]] = defaultdict(lambda: defaultdict(lambda: ([], [])))
    for which, members in enumerate((joining, leaving)):
        for (project_id, term), seqs in members.items():
            number = number_of(project_id, *term)
            for seq in seqs:
                block, place = bits.place_of(seq)
                places[block][number][which].append(place)
    for block in sorted(places):
        _write_block(database, block, places[block])
    _count(database, joining, leaving)


def _write_block(database: Database, block: int, changes: Mapping[int, tuple[list[int], list[int]]]) -> None:
    terms = sorted(changes)
    for first in range(0, len(terms), PIECE):
        piece = terms[first : first + PIECE]
        query = select(BITS.c.term, BITS.c.bits).where(BITS.c.block == block, BITS.c.term.in_(piece))
        held = {row.term: row.bits for row in database.execute(query)}
        rows = [
            {"term": term, "block": block, "bits": bits.changed(held.get(term, b""), *changes[term])} for term in piece
        ]
        database.execute(_PUT_BITS, rows)


def _count(database: Database, joining: Members, leaving: Members) -> None:
    numbers: dict[tuple[str, Term], int] = defaultdict(int)
    for sign, members in ((1, joining), (-1, leaving)):
        for (project_id, term), seqs in members.items():
            if is_listed(term):
                numbers[project_id, term] += sign * len(seqs)
    rows = [
        {"project_id": project_id, "key": key, "value": value, "number": number}
        for (project_id, (key, value)), number in sorted(numbers.items())
        if number
    ]
    if rows:
        database.execute(_COUNT, rows)

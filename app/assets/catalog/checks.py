"""What `fasit check` verifies of the catalogue: the numbers that it keeps beside the values are those of the ads."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from app.assets.catalog import remaking
from app.assets.catalog.searching import Database
from app.assets.catalog.tables import VALUES
from app.assets.catalog.terms import is_listed, terms_of


def find_faults(database: Database) -> Iterator[str]:
    """One sentence a fault."""
    there = Counter(
        (ad.project_id, *term)
        for ads in remaking.in_steps(database)
        for ad in ads
        for term in terms_of(ad)
        if is_listed(term)
    )
    kept = {(row.project_id, row.key, row.value): row.number for row in database.execute(select(VALUES))}
    for which in sorted(there.keys() | kept.keys()):
        if there[which] != kept.get(which, 0):
            _, key, value = which
            yield f"The catalogue counts {kept.get(which, 0)} ads whose {key} is {value}, but there are {there[which]}."

"""Families: media that look alike. A medium that becomes ready joins the family of the one it looks most like.

A family never merges with another, so its id stays good in addresses and saved filters. Fingerprints within `MOST_APART` bits
of each other share at least one of four bands of 16 bits but for a single bit; the table of bands finds all of those exactly,
without comparing with every picture there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Integer, String, Table, delete, insert, select, text, update
from sqlalchemy.orm import Session

from app.assets.catalog import upkeep
from app.assets.models import Asset, Media, Part
from app.assets.rules import Modality
from app.db.base import Row

MOST_APART = 7
BANDS, WIDTH = 4, 16
MOST_COMPARED = 2000  # media of the same bands: of a larger family any member shows it
LIKE_PLACES = 2  # of a video's pictures, at the same share of its length
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_LOCK_KEY = 5_220_417  # any number: families are found by one writer at a time

TABLE = Table(
    "media_bands",
    Row.metadata,
    Column(
        "band", Integer, primary_key=True, autoincrement=False
    ),  # place of the picture, number and value of the band
    Column("media_id", String(32), primary_key=True, index=True),
    Column("fingerprint", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class Joined:
    """Media that are of the family now and were of none before."""

    family: str
    media: Sequence[str]

    @property
    def is_new(self) -> bool:
        """Whether the medium that it begins with joins it too."""
        return self.family in self.media


def place(session: Session, media: Media) -> Joined | None:
    """Finds the family of a medium whose fingerprints are known, and lets later ones find it."""
    prints = _prints(media)
    if session.connection().dialect.name == "postgresql":
        session.execute(_LOCK, {"key": _LOCK_KEY})
    session.execute(delete(TABLE).where(TABLE.c.media_id == media.id))
    if not prints:
        return None
    nearest = None if media.family_id else _nearest(session, prints)
    rows = [
        {"band": band, "media_id": media.id, "fingerprint": _signed(value)}
        for at, value in prints.items()
        for band in _bands(at, value)
    ]
    session.execute(insert(TABLE), rows)
    if nearest is None:
        return None
    leader = session.scalars(select(Media).where(Media.id == nearest)).one()
    family = leader.family_id or leader.id
    joining = [media.id] if leader.family_id else [leader.id, media.id]
    session.execute(update(Media).where(Media.id.in_(joining)).values(family_id=family))
    return Joined(family, joining)


def tell_catalogue(session: Session, joined: Joined) -> None:
    """Takes the turns of the projects: last, in a transaction."""
    using = select(Part.asset_id).where(Part.media_id.in_(joined.media))
    rows = session.execute(select(Asset.project_id, Asset.seq).where(Asset.id.in_(using)).order_by(Asset.project_id))
    by_project: dict[str, list[int]] = {}
    for project_id, seq in rows:
        by_project.setdefault(project_id, []).append(seq)
    for project_id, seqs in by_project.items():
        upkeep.move(session, project_id, seqs, leave=[], join=[("family", joined.family)])


def are_alike(one: Mapping[int, int], other: Mapping[int, int]) -> int | None:
    """How far apart two media are, in bits; None where they do not look alike."""
    apart = [distance(one[at], other[at]) for at in one if at in other]
    near = sorted(bits for bits in apart if bits <= MOST_APART)
    needed = min(LIKE_PLACES, len(apart))
    return sum(near) if needed and len(near) >= needed else None


def distance(one: int, other: int) -> int:
    return (one ^ other).bit_count()


def _nearest(session: Session, prints: Mapping[int, int]) -> str | None:
    wanted = [band for at, value in prints.items() for band in _close_bands(at, value)]
    query = select(TABLE.c.media_id).where(TABLE.c.band.in_(wanted)).distinct().limit(MOST_COMPARED)
    found = session.scalars(query).all()
    if not found:
        return None
    candidates = session.execute(
        select(TABLE.c.media_id, TABLE.c.band, TABLE.c.fingerprint).where(TABLE.c.media_id.in_(found))
    )
    known: dict[str, dict[int, int]] = {}
    for media_id, band, value in candidates:
        known.setdefault(media_id, {})[band >> (WIDTH + 2)] = value & 0xFFFF_FFFF_FFFF_FFFF
    near = [(apart, media_id) for media_id, held in known.items() if (apart := are_alike(prints, held)) is not None]
    return min(near)[1] if near else None


def _prints(media: Media) -> dict[int, int]:
    """By the place of the picture: 0 of an image, 1 and on of a video, so that the two never meet."""
    first = 0 if media.modality == Modality.IMAGE else 1
    found = enumerate(media.facts.get("fingerprints", ()), start=first)
    return {at: int(value, 16) for at, value in found if value}


def _bands(at: int, value: int) -> Iterator[int]:
    for number in range(BANDS):
        yield ((at << 2 | number) << WIDTH) | (value >> (number * WIDTH)) & 0xFFFF


def _close_bands(at: int, value: int) -> Iterator[int]:
    """The bands, and all that differ from one of them in one bit."""
    for band in _bands(at, value):
        yield band
        for bit in range(WIDTH):
            yield band ^ (1 << bit)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value

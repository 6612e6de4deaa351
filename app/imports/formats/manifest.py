"""A manifest as its reader gets it, and the rows that come out of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from app.assets.intake import GivenPart
from app.imports.formats.homes import Home

LONGEST_ROW = 8 << 20


@dataclass(frozen=True)
class Manifest:
    """`open` begins at the start each time. Paths in it start at `home`. `rivals`: of a folder, the tables at its top of
    which none could be told to be its manifest.
    """

    name: str
    open: Callable[[], BinaryIO]
    home: Home
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One ad. `place` is how a person finds the row: `line 3`, or a path."""

    place: str
    external_id: str
    parts: tuple[GivenPart, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadRow:
    place: str
    reason: str


Rows = Iterator[Row | BadRow]

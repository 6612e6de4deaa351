"""Two texts beside each other, line by line. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT_LINES = 3


@dataclass(frozen=True)
class Line:
    """Numbers count from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Row:
    """The lines that stand beside each other; `skipped` counts equal ones that are left out here, and then there are none."""

    before: Line | None = None
    after: Line | None = None
    same: bool = False
    skipped: int = 0


def side_by_side(before: str, after: str) -> list[Row]:
    """What differs, with a few equal lines around it; nothing where the texts are equal."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    last_old = 0
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT_LINES):
        first_old = group[0][1]
        rows += [Row(same=True, skipped=first_old - last_old)] if first_old > last_old else []
        for tag, old_from, old_to, new_from, new_to in group:
            rows += _rows(old, new, range(old_from, old_to), range(new_from, new_to), same=tag == "equal")
        last_old = group[-1][2]
    if rows and last_old < len(old):
        rows.append(Row(same=True, skipped=len(old) - last_old))
    return rows


def _rows(old: Sequence[str], new: Sequence[str], here: range, there: range, *, same: bool) -> Iterator[Row]:
    for at in range(max(len(here), len(there))):
        left = Line(here[at] + 1, old[here[at]]) if at < len(here) else None
        right = Line(there[at] + 1, new[there[at]]) if at < len(there) else None
        yield Row(left, right, same=same)

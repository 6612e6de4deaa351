"""The keys a schema declares: which are no keys, which are taken, which collide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.assets.rules import Modality
from app.errors import Problem
from app.schemas.kinds import KINDS
from app.schemas.kinds.kind import Field
from app.schemas.rules import normal_key, reserved_keys

Taken = dict[str, str]  # normal key -> where it is declared


def check_keys(fields: Sequence[Field | None], modalities: Iterable[Modality]) -> Iterator[Problem]:
    """Keys of plain questions are page-wide and unique. Those of a mark field live while it is active: unique within
    the field and apart from the page-wide ones, but two mark fields may share them. `None` stands for a field that is
    faulty in itself.
    """
    placed = [(f"/fields/{index}", field) for index, field in enumerate(fields) if field is not None]
    marking = [(path, field) for path, field in placed if KINDS[field["kind"]].makes_marks]
    reserved = reserved_keys(modalities, marks=[field["kind"] for _, field in marking])
    page_wide: Taken = {}
    for path, field in placed:
        if (path, field) not in marking:
            yield from _take(field, path, reserved, page_wide)
    for path, field in marking:
        taken = dict(page_wide)
        yield from _take(field, path, reserved, taken)
        for index, inner in enumerate(field.get("fields", [])):
            yield from _take(inner, f"{path}/fields/{index}", reserved, taken)


def _take(field: Field, path: str, reserved: Mapping[str, str], taken: Taken) -> Iterator[Problem]:
    for where, written in KINDS[field["kind"]].keys(field, path):
        key = normal_key(written) if isinstance(written, str) else None
        if key is None:
            yield Problem(where, "must be one printable character or the name of a key, as 1, t, Shift+T or F2")
        elif key.startswith(("Ctrl+", "Alt+")):
            yield Problem(where, f"{written} is kept for commands of the page and the browser")
        elif key in reserved:
            yield Problem(where, f"{written} is reserved by {reserved[key]}")
        elif key in taken:
            yield Problem(where, f"{written} is taken already, at {taken[key]}")
        else:
            taken[key] = where

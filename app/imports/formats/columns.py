"""Tables of ads: one row an ad; `external_id`, a column per part (`creative:image`), every other column is metadata."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.assets.intake import GivenPart
from app.assets.rules import Modality
from app.errors import Invalid
from app.imports.formats.homes import Home
from app.imports.formats.manifest import BadRow, Row

ID = "external_id"


@dataclass(frozen=True)
class Column:
    name: str
    modality: str | None  # None: metadata


def columns_of(cells: Sequence[str]) -> list[Column]:
    """Raises `Invalid` for a first row that does not name its columns."""
    header = [cell.strip() for cell in cells]
    if ID not in header:
        raise Invalid(f"The table has no column {ID} in its first row.")
    if len(set(header)) != len(header):
        raise Invalid("The table has two columns of one name.")
    columns = []
    for title in header:
        name, _, modality = title.rpartition(":")
        columns.append(Column(name, modality) if name and modality in set(Modality) else Column(title, None))
    return columns


def row_of(place: str, columns: Sequence[Column], cells: Sequence[str], home: Home) -> Row | BadRow:
    if len(cells) > len(columns):
        return BadRow(place, f"The row has {len(cells)} cells, the header only {len(columns)}.")
    filled = [(column, cell) for column, cell in zip(columns, cells, strict=False) if cell]
    metadata = {column.name: cell for column, cell in filled if column.modality is None and column.name != ID}
    external_id = next((cell for column, cell in filled if column.name == ID), "")
    try:
        parts = tuple(_part(column, cell, home) for column, cell in filled if column.modality is not None)
    except Invalid as refused:
        return BadRow(place, refused.sentence)
    return Row(place, external_id, parts, metadata)


def _part(column: Column, cell: str, home: Home) -> GivenPart:
    assert column.modality is not None
    if column.modality == Modality.TEXT:
        return GivenPart(column.name, column.modality, text=cell)
    return home.part(column.name, column.modality, cell)

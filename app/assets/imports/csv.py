"""CSV manifests: one row an ad; `external_id`, a column per part (`creative:image`), every other column is metadata."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.assets.imports.rows import LONGEST_ROW, BadRow, Row, Rows, inside
from app.assets.intake import GivenPart
from app.assets.rules import Modality
from app.errors import Invalid

NAME = "csv"
ID = "external_id"

csv.field_size_limit(LONGEST_ROW)


@dataclass(frozen=True)
class _Column:
    name: str
    modality: str | None  # None: metadata


def fits(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


def count(path: Path) -> int:
    """Lines but the header; a guess where texts hold line breaks."""
    with path.open("rb") as file:
        return max(0, sum(1 for line in file if line.strip()) - 1)


def read(path: Path) -> Rows:
    """Rows are numbered as a spreadsheet shows them: the header is row 1."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            first = file.readline(LONGEST_ROW)
        except UnicodeDecodeError:
            raise Invalid("The CSV file is not UTF-8. Save it as CSV UTF-8 and import that.") from None
        # Where a comma is the decimal sign, spreadsheets write semicolons; what is copied out of them has tabs.
        delimiter = max(",;\t", key=first.count)
        file.seek(0)
        lines = csv.reader(file, delimiter=delimiter, strict=True)
        columns = _columns(next(lines, []))
        number = 1
        while True:
            number += 1
            try:
                cells = next(lines)
            except StopIteration:
                return
            except (csv.Error, UnicodeDecodeError) as fault:
                yield BadRow(f"row {number}", f"Neither this row nor what follows can be read as CSV: {fault}.")
                return
            if any(cells):
                yield _row(f"row {number}", columns, cells, path.parent)


def _columns(cells: Sequence[str]) -> list[_Column]:
    header = [cell.strip() for cell in cells]
    if ID not in header:
        raise Invalid(f"The CSV file has no column {ID} in its first row.")
    if len(set(header)) != len(header):
        raise Invalid("The CSV file has two columns of one name.")
    columns = []
    for title in header:
        name, _, modality = title.rpartition(":")
        columns.append(_Column(name, modality) if name and modality in set(Modality) else _Column(title, None))
    return columns


def _row(place: str, columns: Sequence[_Column], cells: Sequence[str], folder: Path) -> Row | BadRow:
    if len(cells) > len(columns):
        return BadRow(place, f"The row has {len(cells)} cells, the header only {len(columns)}.")
    filled = [(column, cell) for column, cell in zip(columns, cells, strict=False) if cell]
    metadata = {column.name: cell for column, cell in filled if column.modality is None and column.name != ID}
    external_id = next((cell for column, cell in filled if column.name == ID), "")
    try:
        parts = tuple(_part(column, cell, folder) for column, cell in filled if column.modality is not None)
    except Invalid as refused:
        return BadRow(place, refused.sentence)
    return Row(place, external_id, parts, metadata)


def _part(column: _Column, cell: str, folder: Path) -> GivenPart:
    assert column.modality is not None
    if column.modality == Modality.TEXT:
        return GivenPart(column.name, column.modality, text=cell)
    return GivenPart(column.name, column.modality, path=inside(folder, cell))

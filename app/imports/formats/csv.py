"""CSV manifests: tables in text."""

import csv
import io

from app.errors import Invalid
from app.imports.formats.columns import columns_of, row_of
from app.imports.formats.manifest import LONGEST_ROW, BadRow, Manifest, Rows

NAME = "csv"
SUFFIXES = (".csv",)

csv.field_size_limit(LONGEST_ROW)


def count(manifest: Manifest) -> int:
    """Lines but the header; a guess where texts hold line breaks."""
    with manifest.open() as file:
        return max(0, sum(1 for line in file if not line.isspace()) - 1)


def read(manifest: Manifest) -> Rows:
    """Rows are numbered as a spreadsheet shows them: the header is row 1."""
    delimiter = _delimiter(manifest)
    with io.TextIOWrapper(manifest.open(), encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=delimiter, strict=True)
        columns = columns_of(next(lines, []))
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
                yield row_of(f"row {number}", columns, cells, manifest.home)


def _delimiter(manifest: Manifest) -> str:
    """Where a comma is the decimal sign, spreadsheets write semicolons; what is copied out of them has tabs."""
    with io.TextIOWrapper(manifest.open(), encoding="utf-8-sig", newline="") as file:
        try:
            first = file.readline(LONGEST_ROW)
        except UnicodeDecodeError:
            raise Invalid("The CSV file is not UTF-8. Save it as CSV UTF-8 and import that.") from None
    return max(",;\t", key=first.count)

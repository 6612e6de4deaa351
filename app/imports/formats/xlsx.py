"""XLSX manifests: the first sheet of a workbook as a table. Read row by row; its sizes are checked before it is opened.

Numbers and dates become the text that a person reads in the cell's place, so that a workbook and the CSV made of it are
the same ads.
"""

import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from shutil import copyfileobj
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from app.errors import Invalid
from app.imports.formats.columns import columns_of, row_of
from app.imports.formats.manifest import BadRow, Manifest, Rows
from app.imports.formats.xlsx_formulas import Unsaved

NAME = "xlsx"
SUFFIXES = (".xlsx",)
MOST_UNPACKED = 1 << 30
IN_MEMORY = 8 << 20
MOST_COLUMNS = 1000
BROKEN = (
    zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip


def count(manifest: Manifest) -> int:
    """As the workbook says of itself, without the header."""
    with _sheet(manifest) as sheet:
        return max(0, (sheet.max_row or 1) - 1)


def read(manifest: Manifest) -> Rows:
    """Rows are numbered as the spreadsheet shows them."""
    with _sheet(manifest) as sheet:
        sheet.reset_dimensions()  # what the workbook says of its size may be wrong
        rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
        number = 0
        unsaved = _unsaved(sheet)
        columns = None
        while True:
            number += 1
            try:
                cells = _trimmed([_text(value) for value in next(rows)])
            except StopIteration:
                return
            except BROKEN:
                yield BadRow(f"row {number}", "Neither this row nor what follows can be read.")
                return
            fault = unsaved.fault(number) if unsaved else None
            if columns is None:
                if fault is not None:
                    raise Invalid(fault)
                columns = columns_of(cells)
            elif fault is not None:
                yield BadRow(f"row {number}", fault)
            elif cells:
                yield row_of(f"row {number}", columns, cells, manifest.home)


def _unsaved(sheet: Any) -> Unsaved | None:
    """None for a sheet that is broken where it is looked at; what reads it tells."""
    try:
        return Unsaved(sheet)
    except (*BROKEN, zlib.error):
        return None


@contextmanager
def _sheet(manifest: Manifest) -> Iterator[Any]:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file, manifest.open() as given:
        copyfileobj(given, file)
        workbook = _workbook(file)  # type: ignore[arg-type]  # it is a file in all but its type
        try:
            yield workbook.worksheets[0]
        finally:
            workbook.close()


def _workbook(file: BinaryIO) -> Any:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Invalid(f"The workbook holds more than {MOST_UNPACKED >> 30} GiB once unpacked. Import it as CSV.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and other things that are not read here
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except BROKEN:
        raise Invalid("This cannot be read as an XLSX workbook.") from None
    if not workbook.worksheets:
        raise Invalid("The workbook has no sheet.")
    return workbook


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end, which spreadsheets write where somebody once was."""
    while cells and not cells[-1]:
        cells.pop()
    return cells

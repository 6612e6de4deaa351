"""Formulas of a sheet whose result is not stored in the file, as programs leave them that write workbooks without computing.

Such a cell reads as empty, so an ad would silently come without it. A formula that gave an empty text has that stored.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

CELL, ROW, ROWS, FORMULA, VALUE, TEXT = (
    f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("c", "row", "sheetData", "f", "v", "is")
)
# Of a formula's element; most sheets have none, and are read once only.
ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a sheet begins that is written in two bytes a letter, in which nothing is found
CHUNK, OVERLAP = 1 << 20, 100


class Unsaved:
    """Asked row by row, downwards."""

    def __init__(self, sheet: Any) -> None:
        self._found = _found(sheet) if _has_formulas(sheet) else iter(())
        self._next = next(self._found, None)

    def fault(self, row: int) -> str | None:
        """What is wrong in this row, in a sentence; None where nothing is."""
        while self._next is not None and self._next[0] < row:
            self._next = next(self._found, None)
        if self._next is None or self._next[0] > row:
            return None
        return (
            f"{self._next[1]} holds a formula whose result is not stored in the file. Open the workbook in a"
            " spreadsheet program and save it there, or write the value itself."
        )


def _open(sheet: Any) -> Any:
    return sheet._get_source()  # noqa: SLF001  # openpyxl tells by nothing else which file of the archive a sheet is


def _has_formulas(sheet: Any) -> bool:
    with _open(sheet) as source:
        before = source.read(OVERLAP)
        if before.startswith(WIDE):
            return True
        while chunk := source.read(CHUNK):
            if ANY_FORMULA.search(before + chunk):
                return True
            before = chunk[-OVERLAP:]
        return ANY_FORMULA.search(before) is not None


def _found(sheet: Any) -> Iterator[tuple[int, str]]:
    """Each row that has such a cell, with the first one. Ends early where the sheet is broken, which its reader tells."""
    row, rows, first = 0, None, ""
    with _open(sheet) as source:
        try:
            for event, one in iterparse(source, events=("start", "end")):
                if event == "start" and one.tag == ROW:
                    row, first = int(one.get("r", row + 1)), ""
                elif event == "start" and one.tag == ROWS:
                    rows = one
                elif event == "end" and one.tag == CELL:
                    first = first or (_named(one) if _is_unsaved(one) else "")
                elif event == "end" and one.tag == ROW:
                    if first:
                        yield row, first
                    if rows is not None:
                        rows.clear()
        except (ParseError, ValueError):
            return


def _named(cell: Any) -> str:
    return f"The cell {cell.get('r')}" if cell.get("r") else "A cell of this row"


def _is_unsaved(cell: Any) -> bool:
    if cell.find(FORMULA) is None or cell.get("t") == "str":
        return False
    return not cell.findtext(VALUE) and cell.find(TEXT) is None

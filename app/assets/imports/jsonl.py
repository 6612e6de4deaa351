"""JSONL manifests: one ad a line."""

from pathlib import Path

from app.assets.imports.rows import LONGEST_ROW, BadRow, Rows, from_json
from app.errors import Invalid

NAME = "jsonl"

UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def fits(path: Path) -> bool:
    return path.suffix.lower() in {".jsonl", ".ndjson"}


def count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if line.strip())


def read(path: Path) -> Rows:
    with path.open("rb") as file:
        if file.read(2) in UTF_16:
            raise Invalid("The manifest is UTF-16. Save it as UTF-8 and import that.")
        file.seek(0)
        number = 0
        while line := file.readline(LONGEST_ROW + 1):
            number += 1
            place = f"line {number}"
            if len(line) > LONGEST_ROW:
                yield BadRow(place, f"The line is longer than {LONGEST_ROW} bytes; what follows was not read.")
                return
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield from_json(line.removeprefix(b"\xef\xbb\xbf"), place=place, folder=path.parent)

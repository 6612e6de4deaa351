"""JSONL manifests: one ad a line."""

from app.errors import Invalid
from app.imports.formats.json_rows import from_json
from app.imports.formats.manifest import LONGEST_ROW, BadRow, Manifest, Rows

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")

MARK = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def count(manifest: Manifest) -> int:
    with manifest.open() as file:
        return sum(1 for line in file if not line.isspace())


def read(manifest: Manifest) -> Rows:
    with manifest.open() as file:
        number = 0
        while line := file.readline(LONGEST_ROW + 1):
            number += 1
            if number == 1 and line[:2] in UTF_16:
                raise Invalid("The manifest is UTF-16. Save it as UTF-8 and import that.")
            if len(line) > LONGEST_ROW:
                yield BadRow(
                    f"line {number}", f"The line is longer than {LONGEST_ROW} bytes; what follows was not read."
                )
                return
            if line.startswith(MARK):
                line = line.removeprefix(MARK)  # also where files with marks were joined
            if line and not line.isspace():
                yield from_json(line, place=f"line {number}", home=manifest.home)

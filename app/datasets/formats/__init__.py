"""One file per export format and one registry line each."""

from app.datasets.formats.csv import Csv
from app.datasets.formats.format import Format
from app.datasets.formats.jsonl import Jsonl

FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Jsonl(),
        Csv(),
    )
}

"""Reading external ids that people list: in a file (CSV or JSONL) or a text, one a line. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from app.errors import Invalid, Problem, TooLarge

MOST_IDS = 100_000
MOST_BYTES = 60_000_000
MOST_PROBLEMS = 20
COLUMN = "external_id"


def ids_of_text(text: str) -> list[str]:
    """One a line; empty lines are passed over."""
    return checked(line.strip() for line in text.splitlines())


def ids_of_file(content: bytes) -> list[str]:
    """JSONL where the first line begins with `{` or `"`, else CSV with a column `external_id`, or of one column."""
    if len(content) > MOST_BYTES:
        raise TooLarge(f"A file of external ids has at most {MOST_BYTES // 1_000_000} MB. Cut it into parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is not text in UTF-8. Save it as UTF-8 and try again.") from None
    return checked(_json_lines(text) if text.lstrip()[:1] in ("{", '"') else _table(text))


def _json_lines(text: str) -> Iterator[str]:
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _json_id(line)
        if found is None:
            problems.append(Problem(f"/lines/{number}", f'is not like {{"{COLUMN}": "ad-1"}}'))
        else:
            yield found
        if len(problems) == MOST_PROBLEMS:
            break
    if problems:
        raise Invalid("Some lines could not be read, so nothing was added.", problems=problems)


def _json_id(line: str) -> str | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    found = value.get(COLUMN) if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def _table(text: str) -> Iterator[str]:
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:4000].splitlines()[0], delimiters=",;\t")
    except (csv.Error, IndexError):
        dialect = csv.excel
    rows = csv.reader(io.StringIO(text, newline=""), dialect)
    try:
        first = [cell.strip() for cell in next(rows, [])]
        column = first.index(COLUMN) if COLUMN in first else None
        if column is None and len(first) > 1:
            raise Invalid(f"The table has no column {COLUMN}.")
        if column is None:
            yield from first
        for row in rows:
            if len(row) > (column or 0):
                yield row[column or 0].strip()
    except csv.Error as fault:
        raise Invalid(f"The table could not be read: {fault}.") from None


def checked(ids: Iterable[str]) -> list[str]:
    """Each once, in order."""
    found = list(dict.fromkeys(one for one in ids if one))
    if not found:
        raise Invalid("There is no external id in it.")
    if len(found) > MOST_IDS:
        raise TooLarge(f"{len(found)} external ids are more than the {MOST_IDS} of one go. Cut them into parts.")
    return found

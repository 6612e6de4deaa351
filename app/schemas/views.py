"""What the pages of schemas show besides rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.people import queries as people
from app.schemas import queries
from app.schemas.languages import languages_of
from app.schemas.layout import as_text
from app.schemas.lines import Reading, read
from app.schemas.models import SchemaDraft, SchemaVersion

EXAMPLES = Path(__file__).resolve().parent / "examples"
BLANK = '{\n  "name": "",\n  "parts": [],\n  "fields": []\n}\n'


@dataclass(frozen=True)
class Example:
    """A schema to start from."""

    name: str
    title: str
    text: str
    modality: str  # of its parts; mixed where they differ


@cache
def examples() -> tuple[Example, ...]:
    """One for each kind of ad and for what else can be asked, small enough to read at once."""
    found = []
    for path in sorted(EXAMPLES.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        body = orjson.loads(text)
        modalities = {part["modality"] for part in body["parts"]}
        found.append(Example(path.stem, body["name"], text, modalities.pop() if len(modalities) == 1 else "mixed"))
    return tuple(found)


def body_of(example: Example) -> Any:
    return orjson.loads(example.text)


def start_text(session: Session, project_id: str, start: str) -> str:
    """The text a new draft begins with: an example's, a version's, or next to nothing."""
    what, _, which = start.partition(":")
    if what == "version" and which.isdecimal():
        version = queries.find_version(session, project_id, int(which[:9]))
        return BLANK if version is None else as_text(version.body)
    return next((example.text for example in examples() if start == f"example:{example.name}"), BLANK)


@dataclass(frozen=True)
class ListedVersion:
    version: SchemaVersion
    questions: int
    modalities: list[str]
    published_by: str


def listed(session: Session, versions: Sequence[SchemaVersion]) -> list[ListedVersion]:
    names = people.names_of(session, {version.published_by for version in versions if version.published_by})
    return [
        ListedVersion(
            version,
            len(version.body["fields"]),
            list(dict.fromkeys(part["modality"] for part in version.body["parts"])),
            names.get(version.published_by or "", ""),
        )
        for version in versions
    ]


@dataclass(frozen=True)
class Preview:
    """A schema without faults as a labeler meets it, in one of the languages it speaks."""

    body: Any
    language: str
    languages: list[str]


def preview(body: Any, language: str) -> Preview:
    """In this language where the schema speaks it, else in the one that `localized` falls back to."""
    languages = languages_of(body)
    fallback = "en" if "en" in languages or not languages else languages[0]
    return Preview(body, language if language in languages else fallback, languages)


@dataclass(frozen=True)
class Editor:
    """A draft on the page, with the faults of its text; no preview while there are any."""

    draft: SchemaDraft
    reading: Reading
    preview: Preview | None


def editor(draft: SchemaDraft, language: str) -> Editor:
    reading = read(draft.text)
    return Editor(draft, reading, preview(reading.body, language) if reading.holds else None)

"""The filter of the labels page: which queue, labeler, status, schema version and chosen value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, false, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.labels import queries
from app.labels.models import Revision
from app.schemas.kinds import KINDS
from app.web.filters import localized

DIVIDER = ":"


@dataclass(frozen=True)
class Chosen:
    """What the page's filter says; empty where it says nothing."""

    queue: str = ""
    labeler: str = ""
    status: str = ""
    schema_version: int | None = None
    choice: str = ""  # field:value

    @property
    def is_empty(self) -> bool:
        return not any(self.as_query().values())

    def as_query(self) -> dict[str, Any]:
        """The filter as the parameters of an address."""
        return {
            "queue": self.queue, "labeler": self.labeler, "status": self.status,
            "schema_version": self.schema_version, "choice": self.choice,
        }  # fmt: skip

    def as_selection(self) -> dict[str, Any]:
        return {name: value for name, value in self.as_query().items() if value and name != "choice"}


def select_chosen(session: Session, project_id: str, chosen: Chosen) -> Select[Revision]:
    """Newest revisions that the filter lets through."""
    query = queries.select_revisions(project_id, chosen.as_selection())
    field, divider, value = chosen.choice.partition(DIVIDER)
    if not divider:
        return query
    if '"' in field:  # no field has such a name, and SQLite's paths could not say it
        return query.where(false())
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return query.where(_holds_on_sqlite(field, value) if on_sqlite else _holds_on_postgresql(field, value))


def choices_of(body: Mapping[str, Any], language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(question, [(field:value, title)]) for every question of the schema that offers choices."""
    groups = []
    for asked in body["fields"]:
        options = [
            (f"{asked['name']}{DIVIDER}{choice['value']}", localized(choice.get("title"), language, choice["value"]))
            for choice in asked.get("choices", ())
            if isinstance(choice, dict) and asked["kind"] in KINDS
        ]
        if options:
            groups.append((localized(asked.get("title"), language, asked["name"]), options))
    return groups


# Answers are kept as text, so each database is asked in its own words: is the answer this value, or a list that holds
# it, or a list of marks one of which has it as its choice?
def _holds_on_sqlite(field: str, value: str) -> ColumnElement[bool]:
    answers = type_coerce(Revision.answers, String)
    path = f'$."{field}"'
    each = func.json_each(answers, path).table_valued("value", "type")
    mark_choice = case((each.c.type == "object", func.json_extract(each.c.value, "$.choice")))
    among = select(literal(1)).where((each.c.value == value) | (mark_choice == value))
    return among.exists()


def _holds_on_postgresql(field: str, value: str) -> ColumnElement[bool]:
    answers = cast(type_coerce(Revision.answers, String), JSONB)
    shapes: Sequence[Any] = ({field: value}, {field: [value]}, {field: [{"choice": value}]})
    tests = [answers.contains(cast(literal(shape, JSONB), JSONB)) for shape in shapes]
    return tests[0] | tests[1] | tests[2]

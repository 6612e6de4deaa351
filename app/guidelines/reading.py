"""A body read as it would be published after the versions that there are."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Problem
from app.guidelines import markdown, queries, rules
from app.guidelines.rules import KnownClause


@dataclass(frozen=True)
class Reading:
    """The clauses with their ids, what is wrong, and what changed."""

    clauses: list[KnownClause]
    problems: list[Problem]
    changed: list[str]
    version: int


def read(session: Session, project_id: str, body: str) -> Reading:
    last = queries.newest(session, project_id)
    version = last.version + 1 if last else 1
    known = queries.known_clauses(last)
    headings = markdown.headings(body)
    numbered = rules.number_clauses(headings)
    used = queries.used_ids(session, project_id)
    clauses, problems = rules.assign_ids(numbered, last=known, used=used, version=version)
    names = {picture.id: picture.name for picture in queries.pictures_of(session, project_id)}
    problems = [*rules.check_clauses(headings, numbered), *problems, *markdown.check_pictures(body, names)]
    return Reading(clauses, problems, rules.changed_ids(clauses, known), version)

"""Finding the label of a path as the person who asks may see it."""

from typing import Annotated

from fastapi import Depends, Header

from app.errors import NotFound, RevisionNeeded
from app.labels import queries
from app.labels.models import Label
from app.labels.rules import LABEL_READERS, reads_labels
from app.people.asking import SignedIn
from app.people.rules import Role
from app.projects.asking import ProjectFor
from app.projects.models import Project
from app.web.asking import Audience, revision_named
from app.web.transaction import DbSession

READERS = Audience("those who read labels", frozenset(Role(name) for name in LABEL_READERS), company=True)


def seen_label(label: str, session: DbSession, person: SignedIn) -> Label:
    """Its author's, and the company's people's who read labels."""
    found = queries.find_label(session, label)
    if found is None or not (
        found.person_id == person.id or reads_labels(frozenset(person.roles), is_company=person.is_company)
    ):
        raise NotFound
    return found


def revision_of_header(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """The revision that `If-Match` names; None for `*`."""
    if if_match is None:
        raise RevisionNeeded("Say by If-Match which revision this change was made from. Nothing was changed.")
    return revision_named(if_match)


SeenLabel = Annotated[Label, Depends(seen_label)]
IfMatch = Annotated[int | None, Depends(revision_of_header)]
LabelReadersProject = Annotated[Project, Depends(ProjectFor(READERS))]

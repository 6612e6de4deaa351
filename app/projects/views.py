"""What a project's page shows of the features that hang in it, as far as they are there."""

from dataclasses import dataclass

from fastapi import Request

from app.people.models import Person
from app.projects.models import Project
from app.web.navigation import project_navigation


@dataclass(frozen=True)
class Card:
    title: str
    text: str
    icon: str
    url: str


@dataclass(frozen=True)
class _Place:
    title: str
    text: str
    icon: str


PLACES = (
    _Place("Assets", "The ads to be labelled: import them, look at them, withdraw them.", "layout-grid"),
    _Place("Schemas", "What is asked about each ad, in published versions.", "list-checks"),
    _Place("Guidelines", "The policy, in numbered clauses, in published versions.", "book-open"),
    _Place("Queues", "What is being worked on, by whom, and how much is left.", "inbox"),
    _Place("Labels", "Every answer, with its marks, its time and where it came from.", "tags"),
    _Place("Exports", "Labels as JSONL or CSV, for pipelines and spreadsheets.", "download"),
)


def cards(request: Request, project: Project, person: Person) -> list[Card]:
    """A card for each part of the project that has a page for this person."""
    urls = {entry.title: entry.url for entry in project_navigation(person, request, project.slug)}
    return [Card(place.title, place.text, place.icon, urls[place.title]) for place in PLACES if place.title in urls]

"""`make demo`: the sample ads in a project, people of every role, queues to label in; loaded once, then only served."""

from pathlib import Path

import orjson
from sqlalchemy.orm import Session

from app.assets.store import Store
from app.clock import Clock
from app.db import migrate
from app.db.session import Database
from app.guidelines import actions as guidelines
from app.imports import actions as imports
from app.people import actions as people
from app.people import queries as people_queries
from app.people.models import Person
from app.people.rules import Role
from app.projects import actions as projects
from app.projects import queries as project_queries
from app.projects.models import Project
from app.queues import actions as queues
from app.queues.rules import QueueKind
from app.schemas import actions as schemas
from app.serving import progress, server
from app.settings import Settings

SAMPLES = Path(__file__).resolve().parents[2] / "sample_media"
SLUG = "ad-policy"
PASSWORD = "answer-key-demo"  # noqa: S105  # printed for everybody to use: the demo holds nothing secret
DOMAIN = "demo.fasit.example"
COMPANY, NORDLYS, FJELLTOPP = "Havn Ad Integrity", "Nordlys Data", "Fjelltopp"
PEOPLE: tuple[tuple[str, str, Role, str], ...] = (
    ("admin", "Astrid Admin", Role.ADMIN, COMPANY),
    ("ada", "Ada Labeler", Role.LABELER, NORDLYS),
    ("bo", "Bo Labeler", Role.LABELER, NORDLYS),
    ("kim", "Kim Labeler", Role.LABELER, FJELLTOPP),
    ("liv", "Liv Lead", Role.VENDOR_LEAD, NORDLYS),
    ("sana", "Sana SME", Role.SME, COMPANY),
    ("tor", "Tor Trainer", Role.TRAINER, COMPANY),
    ("ari", "Ari Auditor", Role.AUDITOR, COMPANY),
    ("mia", "Mia Manager", Role.MANAGER, COMPANY),
    ("eir", "Eir Engineer", Role.ENGINEER, COMPANY),
)
FIRST_QUEUE = "Image ads"  # what the next task is of, for those who try the demo
# Name, schema, and the ads it is about.
QUEUES: tuple[tuple[str, str, dict[str, list[str]]], ...] = (
    ("Image ads", "image", {"metadata.format": ["image"]}),
    ("Text ads", "text", {"metadata.format": ["text"]}),
    ("Audio ads", "audio", {"metadata.format": ["audio"]}),
    ("Video ads", "video", {"metadata.format": ["video"]}),
    ("Mixed ads", "mixed", {"metadata.format": ["mixed"]}),
    ("Retouched persons", "retouch", {"metadata.advertiser": ["Lumia Derm"], "modality": ["image"]}),
    ("Claims and evidence", "claims", {"metadata.format": ["text"]}),
    ("Variants compared", "compare", {"metadata.format": ["compare"]}),
)


def run(settings: Settings, *, port: int, clock: Clock) -> None:
    """Loads the demo if it is not there, prints how to sign in, and serves until stopped."""
    server.require_free_port("127.0.0.1", port)
    database = Database(settings.database_url)
    migrate.migrate(database)
    load(database, Store(settings.media_folder), clock=clock)
    database.close()
    address = f"http://127.0.0.1:{port}"
    print(f"Fasit is at {address} . Sign in by one click, or with any of these and the password {PASSWORD}")
    for name, title, role, organisation in PEOPLE:
        print(f"  {name + '@' + DOMAIN:<26} {title:<15} {role.replace('_', ' '):<12} {organisation}")
    print("Ctrl+C stops it; `make demo` goes on where you left.", flush=True)
    server.serve(settings, host="127.0.0.1", port=port)


def load(database: Database, store: Store, *, clock: Clock) -> None:
    """Everything the demo needs. Safe to repeat: what is there already stays as it is."""
    with database.write() as session:
        made = {
            name: _person(session, name, title, role, organisation, clock) for name, title, role, organisation in PEOPLE
        }
        fresh = project_queries.find_project(session, SLUG) is None
        if fresh:
            versions = _policy(session, made, clock)
    if not fresh:
        return
    with progress.bar("Importing the sample ads") as advance:
        imports.import_into(
            database,
            store,
            project=SLUG,
            path=SAMPLES / "manifest.jsonl",
            format_name=None,
            progress=advance,
            tell=lambda row, reason: print(f"{row}: {reason}"),
            clock=clock,
        )
    with database.write() as session:
        project = project_queries.find_project(session, SLUG)
        assert project is not None
        for name, schema, ads in QUEUES:
            queues.create_queue(
                session, project=project, person=made["mia"], name=name, kind=QueueKind.PRODUCTION,
                schema_version=versions[schema], filter=ads, clock=clock, priority=int(name == FIRST_QUEUE),
            )  # fmt: skip


def _person(session: Session, name: str, title: str, role: Role, organisation: str, clock: Clock) -> Person:
    email = f"{name}@{DOMAIN}"
    return people_queries.person_by_email(session, email) or people.add_person(
        session,
        email=email,
        name=title,
        roles=frozenset({role}),
        organisation=organisation,
        password=PASSWORD,
        clock=clock,
    )


def _policy(session: Session, made: dict[str, Person], clock: Clock) -> dict[str, int]:
    """The project, its guideline and its schemas; gives the version of each schema by its file's name."""
    project = projects.create_project(
        session,
        name="Ad policy",
        slug=SLUG,
        languages=["en", "nb"],
        markets=["NO", "SE"],
        organisations=[],
        person=made["mia"],
        clock=clock,
    )
    guidelines.publish(
        session, project=project, title="Ad policy", body=(SAMPLES / "guideline.md").read_text(encoding="utf-8"), change="new",
        clauses_changed=[], person=made["tor"], clock=clock,
    )  # fmt: skip
    return {name: _schema(session, project, name, made["eir"], clock) for _, name, _ in QUEUES}


def _schema(session: Session, project: Project, name: str, person: Person, clock: Clock) -> int:
    body = orjson.loads((SAMPLES / "schemas" / f"{name}.json").read_bytes())
    version, _ = schemas.publish(session, project=project, body=body, person=person, clock=clock)
    return version.version

"""The `fasit` command: parse, call, print. Refusals are one sentence on stderr, never a traceback."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer

from app.assets.store import Store
from app.bench import running as bench
from app.clock import system_clock
from app.datasets import actions as datasets
from app.datasets.formats import FORMATS
from app.db.finding import by_id
from app.db.migrate import migrate as migrate_database
from app.db.session import Database
from app.errors import AppError, Invalid, NotFound
from app.imports import actions as imports
from app.labels.rules import LabelStatus
from app.people import actions as people
from app.people import queries as people_queries
from app.people.rules import Role
from app.projects import queries as projects
from app.queues import making
from app.queues import queries as queue_queries
from app.queues.models import Queue
from app.serving import checking, demo, progress, server, working
from app.settings import Settings, read_settings

application = typer.Typer(
    name="fasit", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Fasit: an annotation platform for ad creatives.",
)  # fmt: skip
person_commands = typer.Typer(
    no_args_is_help=True,
    help="People. Example: fasit person add ada@example.org --name Ada --role labeler --organisation Nordlys",
)
token_commands = typer.Typer(
    no_args_is_help=True, help="Bearer tokens of the API. Example: fasit token add ada@example.org --name pipeline"
)
application.add_typer(person_commands, name="person")
application.add_typer(token_commands, name="token")


def say(sentence: str) -> None:
    typer.echo(sentence, err=True)


def current_database(settings: Settings) -> Database:
    """The database, at its newest revision, or a refusal that names the command to run."""
    database = Database(settings.database_url)
    server.require_current(database)
    return database


@application.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes; more than one needs PostgreSQL.", min=1)] = 1,
) -> None:
    """Serve. Example: fasit serve --host 0.0.0.0 --port 8000"""
    server.serve(read_settings(), host=host, port=port, workers=workers)


@application.command()
def worker() -> None:
    """Do background work beside PostgreSQL, until stopped. Several may run. Example: fasit worker"""
    working.work(read_settings(), clock=system_clock)


@application.command()
def migrate() -> None:
    """Bring the database to the newest revision. Example: fasit migrate"""
    migrate_database(Database(read_settings().database_url))
    say("The database is at the newest revision.")


@application.command("demo")
def run_demo(port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000) -> None:
    """Load the sample ads with people of every role, and serve them. Example: fasit demo --port 8123"""
    demo.run(read_settings(demo=True), port=port, clock=system_clock)


@person_commands.command("add")
def add_person(
    email: str,
    name: Annotated[str, typer.Option(help="Full name.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    organisation: Annotated[str, typer.Option(help="Made if new: the first is the company, later ones are vendors.")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")] = False,
) -> None:
    """Add or update a person. Example: fasit person add ada@example.org --name Ada --role labeler --organisation Nordlys"""
    settings = read_settings()
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    with current_database(settings).write() as session:
        person = people.add_person(
            session,
            email=email,
            name=name,
            roles=frozenset(role),
            organisation=organisation,
            password=password,
            clock=system_clock,
        )
        link = None if person.password_hash else people.make_sign_in_link(session, person=person, clock=system_clock)
    if link is not None:
        typer.echo(f"{settings.base_url or 'http://127.0.0.1:8000'}/sign-in/{link}")
    say(f"{person.name} <{person.email}> is ready.")


@token_commands.command("add")
def add_token(email: str, name: Annotated[str, typer.Option(help="What the token is for.")]) -> None:
    """Print a bearer token, once, alone on stdout. Example: fasit token add ada@example.org --name pipeline"""
    with current_database(read_settings()).write() as session:
        person = people_queries.person_by_email(session, email)
        if person is None:
            raise AppError(f"There is nobody with the e-mail {email}. Add them with: fasit person add {email} ...")
        token = people.add_token(session, person=person, name=name, clock=system_clock)
    typer.echo(token)  # once it is kept


@application.command("import")
def import_manifest(
    project: Annotated[str, typer.Argument(help="Slug or id of the project.")],
    path: Annotated[Path, typer.Argument(help="A JSONL, CSV or XLSX manifest, a folder, or a ZIP of one.")],
    format_: Annotated[
        str | None, typer.Option("--format", help="jsonl, csv, xlsx, zip or folder; told by the path when absent.")
    ] = None,
    queue: Annotated[
        str | None, typer.Option(help="Queue (name or id) to fill at once with what was imported.")
    ] = None,
) -> None:
    """Import ads. Example: fasit import alcohol-2026 ads/manifest.jsonl"""
    settings = read_settings()
    database = current_database(settings)
    try:
        target = _queue_id(database, project, queue) if queue else None
        with progress.bar("Importing") as advance:
            report = imports.import_into(
                database,
                Store(settings.media_folder),
                project=project,
                path=path,
                format_name=format_,
                progress=advance,
                tell=lambda row, reason: say(f"{row}: {reason}"),
                clock=system_clock,
            )
    except (Invalid, NotFound) as refused:  # nothing could be read: not the same as some rows refused
        say(refused.sentence)
        raise typer.Exit(2) from None
    with progress.bar("Preparing") as advance:
        server.finish_jobs(settings, database, progress=advance)
    if target is not None:
        with database.write() as session:
            found = by_id(session, Queue, target)
            assert found is not None
            making.fill(session, found, clock=system_clock)
    say(f"{report.added} added, {report.same} there already, {report.failed} refused.")
    raise typer.Exit(1 if report.failed else 0)


def _queue_id(database: Database, project: str, name_or_id: str) -> str:
    """Found before anything is imported, so that a wrong name changes nothing."""
    with database.read() as session:
        found = queue_queries.find_in_project(session, project, name_or_id)
    if found is None:
        raise NotFound(f"The project {project} has no queue {name_or_id}, so nothing was imported.")
    return found.id


def _known_format(name: str) -> str:
    if name not in FORMATS:
        raise typer.BadParameter(f"{name} is not one of {', '.join(FORMATS)}.")
    return name


@application.command()
def export(
    project: Annotated[str, typer.Argument(help="Slug or id of the project.")],
    format_: Annotated[str, typer.Option("--format", help="jsonl or csv.", callback=_known_format)],
    out: Annotated[Path, typer.Option(help="Folder to write into; made if new.")],
    status: Annotated[
        list[LabelStatus] | None, typer.Option(help="Only labels of this status; may be repeated.")
    ] = None,
) -> None:
    """Write labels to a file. Example: fasit export alcohol-2026 --format jsonl --out exports"""
    database = current_database(read_settings())
    with database.read() as session:
        found = projects.find_project(session, project)
    if found is None:
        raise AppError(f"There is no project {project}.")
    with progress.bar("Exporting") as advance:
        written = datasets.export_to(
            database,
            project=found,
            format_name=format_,
            out=out,
            selection={"status": [str(one) for one in status]} if status else {},
            progress=advance,
        )
    typer.echo(str(written))


@application.command()
def check() -> None:
    """Verify media, labels, record hashes and history chains. Example: fasit check"""
    settings = read_settings()
    database, store = current_database(settings), Store(settings.media_folder)
    faults = 0
    for fault in checking.find_faults(database, store):
        typer.echo(fault)
        faults += 1
    for sha256 in checking.files_of_nobody(database, store):
        say(f"The file {sha256} belongs to nothing: an interrupted import left it, and it may be deleted.")
    say({0: "Nothing is wrong.", 1: "1 fault."}.get(faults, f"{faults} faults."))
    raise typer.Exit(1 if faults else 0)


@application.command("bench")
def run_bench(
    name: Annotated[str | None, typer.Argument(help="Which; without it they are listed.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A smaller run of the same code.")] = False,
    database: Annotated[str | None, typer.Option(help="Database URL, where the benchmark takes one.")] = None,
) -> None:
    """Measure. Example: fasit bench claims --quick"""
    if name is None:
        for known in bench.names():
            typer.echo(known)
        return
    if name not in bench.names():
        raise typer.BadParameter(f"There is no benchmark {name}. There are: {', '.join(bench.names())}.")
    report = bench.run(name, quick=quick, database_url=database)
    sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    raise typer.Exit(0 if all(figure["met"] for figure in report["figures"]) else 1)


def run() -> NoReturn:
    """The console script's entry."""
    try:
        application()
    except AppError as refused:
        say(refused.sentence)
        for problem in refused.problems:
            if problem.message not in refused.sentence:
                say(f"  {problem.path}: {problem.message}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as failure:  # a path that cannot be read or written
        say(f"{failure.filename or 'A file'}: {failure.strerror or failure}.")
        sys.exit(1)
    sys.exit(0)

"""Where everything meets: `create_app(settings)`."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from fastapi import Depends, FastAPI
from starlette.datastructures import State

import app.assets.api
import app.assets.routes
import app.background.api
import app.background.routes
import app.datasets.api
import app.datasets.routes
import app.guidelines.api
import app.guidelines.routes
import app.help.routes
import app.imports.api
import app.imports.routes
import app.labels.api
import app.labels.routes
import app.people.api
import app.people.routes
import app.projects.api
import app.projects.routes
import app.queues.api
import app.queues.claims_api
import app.queues.routes
import app.schemas.api
import app.schemas.routes
import app.suggestions.api
from app.assets import actions as assets
from app.assets.deriving import derive_kind
from app.assets.store import Store
from app.clock import Clock, system_clock
from app.datasets.jobs import export_kind
from app.datasets.rules import EXPORT_JOB
from app.db.session import Database
from app.imports.jobs import import_kind
from app.imports.rules import IMPORT_JOB
from app.jobs.runs import Kind
from app.jobs.worker import Worker
from app.labels import chain, rework
from app.people.actions import DISABLED_KIND
from app.people.limits import SignInLimits
from app.people.signing_in import find_person
from app.queues import arranging_jobs, filling, fillings, leaving, overlap, returned
from app.queues import of_assets as queue_states
from app.queues import queries as queue_queries
from app.queues import uses as queue_uses
from app.settings import Settings, secret_key
from app.web import csrf, nul, one_thread, openapi, pages, refusals, static
from app.web.body_limit import BodyLimit
from app.web.failures import Failures
from app.web.security import SecurityHeaders

log = logging.getLogger("fasit")

# Routes are tried in this order, one by one: those that are asked for most come first, claims before all.
FEATURES = (
    app.queues,
    app.labels,
    app.assets,
    app.people,
    app.projects,
    app.imports,
    app.schemas,
    app.guidelines,
    app.background,
    app.datasets,
)


def create_app(
    settings: Settings, *, clock: Clock = system_clock, database: Database | None = None, background: bool = True
) -> FastAPI:
    """The application. Opens no connection before it is started, and then runs jobs, unless `background` says no."""
    application = FastAPI(
        title="Fasit", version="1", lifespan=_lifespan, dependencies=[Depends(csrf.check), Depends(nul.check)],
        docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json",
        generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    application.state.static = static.ours()
    application.state.templates = pages.make_environment(application.state.static)
    furnish(
        application.state,
        settings,
        clock=clock,
        database=database or Database(settings.database_url),
        background=background,
    )
    refusals.install(application)
    for shell in (BodyLimit, Failures, SecurityHeaders):  # the last one outermost
        application.add_middleware(shell)
    _route(application)
    return application


def furnish(state: State, settings: Settings, *, clock: Clock, database: Database, background: bool) -> None:
    """Everything that belongs to these settings and this database. Routes, templates and static files do not."""
    state.settings = settings
    state.clock = clock
    state.database = database
    state.background = background
    state.secret_key = secret_key(settings)
    state.store = Store(settings.media_folder)
    state.find_person = find_person
    state.sign_in_limits = SignInLimits()
    state.sees_project = queue_queries.sees_project
    state.sees_schema = queue_queries.sees_schema
    state.sees_asset = queue_queries.sees_asset
    state.claim_is_live = queue_queries.claim_is_live
    state.asset_uses, state.queue_states = queue_uses.of_asset, queue_states
    state.queue_names = queue_queries.names_of
    state.exports_folder, state.imports_folder = settings.var_folder / "exports", imports_folder(settings)
    state.job_kinds = job_kinds(settings, database, clock)
    state.worker = Worker(database, clock, state.job_kinds)


@asynccontextmanager
async def _lifespan(application: FastAPI) -> AsyncIterator[None]:
    state = application.state
    if state.background:
        await anyio.to_thread.run_sync(state.store.clean)
        if state.settings.background == "serve":
            state.worker.start()
    yield
    await anyio.to_thread.run_sync(state.worker.stop)
    state.database.close()


def imports_folder(settings: Settings) -> Path:
    """Where uploads wait for their import."""
    return settings.var_folder / "imports"


def _route(application: FastAPI) -> None:
    application.include_router(app.queues.claims_api.router, prefix="/api/v1")
    application.include_router(static.router)
    for feature in FEATURES:
        application.include_router(feature.api.router, prefix="/api/v1")
        application.include_router(feature.routes.router, include_in_schema=False)
    application.include_router(app.suggestions.api.router, prefix="/api/v1")
    application.include_router(app.help.routes.router, include_in_schema=False)
    one_thread.install(application)
    openapi.install(application)


def job_kinds(settings: Settings, database: Database, clock: Clock) -> dict[str, Kind]:
    """Everything that is done in the background, by kind of job."""
    store = Store(settings.media_folder)
    return {
        IMPORT_JOB: import_kind(database, store, imports_folder(settings), clock),
        assets.DERIVE: derive_kind(database, store, clock),
        assets.FILL: filling.job_kind(database, clock),
        arranging_jobs.KIND: arranging_jobs.job_kind(),
        fillings.KIND: fillings.job_kind(database, clock),
        overlap.KIND: overlap.job_kind(clock),
        rework.JOB: returned.job_kind(clock),
        DISABLED_KIND: leaving.job_kind(database, clock),
        chain.KIND: chain.job_kind(clock),
        EXPORT_JOB: export_kind(database, settings.var_folder / "exports", clock),
    }

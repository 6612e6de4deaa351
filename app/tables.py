"""Imports every module that declares tables, so that the metadata is whole for migrations and tests."""

import app.assets.catalog.tables
import app.assets.families
import app.assets.models
import app.datasets.models
import app.guidelines.models
import app.imports.models
import app.jobs.models
import app.labels.models
import app.labels.rework
import app.people.models
import app.projects.models
import app.queues.escalations
import app.queues.fillings
import app.queues.models
import app.queues.tallies
import app.schemas.models
import app.suggestions.models
import app.web.idempotency  # noqa: F401  # for its table
from app.db.base import Row

METADATA = Row.metadata

"""Exports as their page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.datasets import queries
from app.datasets.formats import FORMATS
from app.datasets.models import Export
from app.datasets.rules import ExportState
from app.jobs.models import Job


@dataclass(frozen=True)
class ExportLine:
    """One export: its row, and how far its job is while it is not done."""

    export: Export
    format_title: str
    state: str
    done: int
    total: int | None
    failure: str | None
    asked: str

    @property
    def is_finished(self) -> bool:
        return self.state in {ExportState.DONE, ExportState.FAILED}


def lines(session: Session, exports: Sequence[Export], queue_names: Mapping[str, str]) -> list[ExportLine]:
    jobs = queries.jobs_of(session, exports)
    return [_line(export, jobs.get(export.job_id or ""), queue_names) for export in exports]


def _line(export: Export, job: Job | None, queue_names: Mapping[str, str]) -> ExportLine:
    going = job is not None and export.state != ExportState.DONE
    state = job.state if job is not None and going else export.state
    return ExportLine(
        export=export,
        format_title=FORMATS[export.format].title,
        state=state,
        done=job.done if job is not None and going else export.done,
        total=job.total if job is not None and going else export.total,
        failure=job.error if job is not None and going else None,
        asked=_in_words(export, queue_names),
    )


def _in_words(export: Export, queue_names: Mapping[str, str]) -> str:
    """The selection as a person would say it."""
    chosen = export.selection
    words = [str(status) for status in chosen.get("status", ())]
    words += [f"queue {queue_names.get(queue, queue)}" for queue in chosen.get("queue", ())]
    words += [f"schema version {version}" for version in chosen.get("schema_version", ())]
    words += ["every revision"] if chosen.get("revisions") == "all" else []
    return ", ".join(words) or "all labels"

"""Words of exports."""

from enum import StrEnum

EXPORT_JOB = "datasets.export"


class ExportState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def file_name(slug: str, suffix: str) -> str:
    """What the file is called where a person keeps it."""
    return f"{slug}-labels.{suffix}"

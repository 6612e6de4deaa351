"""Words and limits of imports."""

from enum import StrEnum

IMPORT_JOB = "imports.run"

LARGEST_UPLOAD = 4 << 30
MOST_FAULTS_SHOWN = 1000
# A transaction holds this many rows at most: few enough that nobody who labels waits for an import.
ROWS_A_BATCH = 2500
FILES_A_BATCH = 20  # rows that bring files


class ImportState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

"""Files that were uploaded to be imported: kept in a folder until their import has ended."""

import os
import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from app.errors import Unavailable

CHUNK = 1 << 20
LEFT_BEHIND = timedelta(days=1)  # a request takes no longer from its upload to its row


def path_of(folder: Path, import_id: str) -> Path:
    return folder / import_id / "upload"


def keep(folder: Path, import_id: str, file: BinaryIO) -> None:
    """Raises `Unavailable` where the disk refuses."""
    path = path_of(folder, import_id)
    try:
        path.parent.mkdir(parents=True)
        with path.open("xb") as kept:
            shutil.copyfileobj(file, kept, CHUNK)
            kept.flush()
            os.fsync(kept.fileno())
    except OSError as failure:
        remove(folder, import_id)
        raise Unavailable(f"The file could not be kept, so nothing was imported: {failure.strerror}.") from None


def remove(folder: Path, import_id: str) -> None:
    shutil.rmtree(folder / import_id, ignore_errors=True)


def remove_all_but(folder: Path, wanted: Collection[str], now: datetime) -> None:
    """Removes what no import needs any more, or never came to need because its request broke off."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in wanted and now.timestamp() - path.stat().st_mtime > LEFT_BEHIND.total_seconds():
            shutil.rmtree(path, ignore_errors=True)

"""Writing a selection of labels to a file: streamed, under a temporary name, renamed when it is whole."""

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.errors import Unavailable

Advance = Callable[[int, int | None], None]

REPORT_EVERY = 500
BUFFER_BYTES = 1 << 20


@dataclass(frozen=True)
class Written:
    path: Path
    rows: int
    sha256: str
    byte_size: int


def write_rows(path: Path, head: bytes, rows: Iterable[bytes], *, total: int | None, progress: Advance) -> Written:
    """All of it or nothing. Raises `Unavailable` when the disk refuses."""
    digest = hashlib.sha256()
    count = size = 0
    with _whole_or_nothing(path) as file:
        for piece in _with_head(head, rows):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
            count += 1
            if (count - 1) % REPORT_EVERY == 0:
                progress(count - 1, total)
    progress(count - 1, total)
    return Written(path, count - 1, digest.hexdigest(), size)


def _with_head(head: bytes, rows: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from rows


@contextmanager
def _whole_or_nothing(path: Path) -> Iterator[BinaryIO]:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb", buffering=BUFFER_BYTES) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        rename(partial, path)
    except OSError as failure:
        raise Unavailable(_sentence(path, failure)) from failure
    finally:
        with suppress(OSError):
            partial.unlink()


def rename(made: Path, path: Path) -> None:
    """Puts a whole file in its place, where a crash finds either the old one or this."""
    made.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sentence(path: Path, failure: OSError) -> str:
    if failure.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full, so {path.name} was not written; nothing half-done was left. Make room and try again."
    reason = (failure.strerror or str(failure)).lower()
    return f"{path.parent} cannot be written to ({reason}), so nothing was exported."

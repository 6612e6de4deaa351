"""Files under their SHA-256 in a folder: the same file twice is stored once, and a crash leaves nothing half.

A file is written under a temporary name, synced, renamed to its hash, and the folder is synced. The writer holds a lock
on the temporary file, so what a crash left over is told from what another process is writing just now.
"""

import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.errors import Unavailable

CHUNK = 1 << 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True)
class Stored:
    sha256: str
    byte_size: int


class Incoming:
    """A file on its way in: nobody finds it until `Store.keep`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("x+b")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        if os.fstat(self.file.fileno()).st_nlink == 0:  # cleaned away between the two lines above
            self.file.close()
            self.file = path.open("x+b")
            fcntl.flock(self.file, fcntl.LOCK_EX)
        self.stored: Stored | None = None

    def copy_from(self, stream: BinaryIO) -> None:
        while chunk := stream.read(CHUNK):
            self.file.write(chunk)
        self.file.flush()

    def digest(self) -> Stored:
        """The hash and size of what was written, whoever wrote it."""
        if self.stored is None:
            self.file.flush()
            self.file.seek(0)
            self.stored = Stored(hashlib.file_digest(self.file, "sha256").hexdigest(), self.file.tell())
        return self.stored


class Store:
    """A folder of files by hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        return self.path(sha256).open("rb")

    def put(self, stream: BinaryIO) -> Stored:
        """Stores what the stream gives. Raises `Unavailable` when the disk is full; nothing half is left."""
        with self.incoming() as incoming:
            incoming.copy_from(stream)
            return self.keep(incoming)

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A temporary file, gone when the block ends unless `keep` took it."""
        with _writing():
            incoming = self._begin()
            try:
                yield incoming
            finally:
                with suppress(OSError):
                    incoming.file.close()
                incoming.path.unlink(missing_ok=True)

    def _begin(self) -> Incoming:
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            return Incoming(self._incoming / secrets.token_hex(16))
        except OSError as failure:
            if failure.errno in FULL:
                raise
            raise Unavailable(
                f"The media folder {self.folder} cannot be written, so nothing was changed: {failure.strerror}."
            ) from failure

    def require_writable(self) -> None:
        """Raises `Unavailable` where no file can be stored."""
        with self.incoming():
            pass

    def keep(self, incoming: Incoming) -> Stored:
        """Makes the file findable under its hash."""
        stored = incoming.digest()
        final = self.path(stored.sha256)
        with _writing():
            if final.exists():
                return stored
            os.fsync(incoming.file.fileno())
            if not final.parent.is_dir():
                final.parent.mkdir(exist_ok=True)
                _sync_folder(self.folder)
            incoming.path.rename(final)
            _sync_folder(final.parent)
        return stored

    def hashes(self) -> Iterator[str]:
        """The names of all files kept."""
        if not self.folder.is_dir():
            return
        for folder in sorted(self.folder.iterdir()):
            if len(folder.name) == 2 and folder.is_dir():  # noqa: PLR2004  # the hash's first two digits
                yield from sorted(path.name for path in folder.iterdir())

    def clean(self) -> int:
        """Removes what crashes left on its way in. Gives how many files that were."""
        removed = 0
        if not self._incoming.is_dir():
            return 0
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                removed += 1
        return removed


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno in FULL:
            raise Unavailable(
                "The disk is full, so the file was not stored and nothing was changed. Free some space and try again."
            ) from failure
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

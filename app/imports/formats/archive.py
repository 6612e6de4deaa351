"""ZIP archives. Nothing is unpacked: files are read out of the archive one by one, so no name in it can lead anywhere.

What a bomb would need is refused before anything is read: too many files, two of one name, more than the limits once
unpacked, or packed tighter than any ad is.
"""

import io
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from app.errors import Invalid
from app.imports.formats.homes import Home, Opener

MOST_FILES = 500_000
MOST_UNPACKED = 64 << 30  # all files together
LARGEST_FILE = 2 << 30
# Media are packed already and texts shrink by ten; what shrinks by more, and is large, is a bomb.
TIGHTEST, TIGHT_FROM = 200, 64 << 20
JUNK = "__MACOSX/"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class Archive:
    """An open archive. Raises `Invalid` for what is none, or is not safe to read."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except BROKEN:
            raise Invalid("This is no ZIP archive, or it is cut short.") from None
        try:
            self._files = _listed(self._zip.infolist())
        except Invalid:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._zip.close()

    def home(self) -> Home:
        """Its top; or its one folder, where everything lies in that."""
        tops = {name.partition("/")[0] for name in self._files}
        alone = len(tops) == 1 and all("/" in name for name in self._files)
        return _Inside(self._zip, self._files, f"{tops.pop()}/" if alone else "")


class _Inside(Home):
    """A folder of an archive; `prefix` is empty or ends with a slash."""

    def __init__(self, archive: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo], prefix: str) -> None:
        self._archive = archive
        self._files = files
        self._prefix = prefix

    def names(self) -> Iterable[str]:
        for name in self._files:
            relative = name.removeprefix(self._prefix)
            hidden = any(step.startswith(".") for step in relative.split("/"))
            if name.startswith(self._prefix) and not hidden:
                yield relative

    def opener(self, relative: str) -> Opener:
        name = posixpath.normpath(self._prefix + relative)
        if relative.startswith("/") or not name.startswith(self._prefix) or name.startswith("../"):
            raise Invalid(f"{relative} leads out of the manifest's folder, so it was not read.")
        found = self._files.get(name)
        if found is None:
            raise Invalid(f"There is no file {relative} in the archive.")
        _require_readable(found, relative)
        return lambda: _open(self._archive, found)

    def below(self, folder: str) -> Home:
        return _Inside(self._archive, self._files, f"{self._prefix}{folder}/")


class _Member(io.RawIOBase):
    """A file of the archive; what is broken in it is told as a fault of the row that names it."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            content = self._file.read(len(buffer))
        except BROKEN:
            raise Invalid("The file is damaged in the archive.") from None
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(archive: zipfile.ZipFile, found: zipfile.ZipInfo) -> BinaryIO:
    try:
        return io.BufferedReader(_Member(archive.open(found)), 1 << 16)
    except BROKEN:
        raise Invalid("The file is damaged in the archive, or packed in a way that is not known here.") from None


def _listed(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Regular files by their path, without what systems add on their own."""
    if len(entries) > MOST_FILES:
        raise Invalid(f"The archive has {len(entries)} files; the most taken is {MOST_FILES}.")
    files: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = posixpath.normpath(entry.filename)
        if entry.is_dir() or entry.filename.startswith(JUNK) or stat.S_ISLNK(entry.external_attr >> 16):
            continue
        if name in files:
            raise Invalid(f"The archive has two files named {name}, so it was not read.")
        files[name] = entry
    if sum(entry.file_size for entry in files.values()) > MOST_UNPACKED:
        raise Invalid(f"The archive holds more than {MOST_UNPACKED >> 30} GiB once unpacked, so it was not read.")
    return files


def _require_readable(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & 1:
        raise Invalid(f"The file {name} is encrypted in the archive.")
    if entry.file_size > LARGEST_FILE:
        raise Invalid(f"The file {name} is larger than {LARGEST_FILE >> 30} GiB.")
    if entry.file_size > TIGHT_FROM and entry.file_size > TIGHTEST * max(1, entry.compress_size):
        raise Invalid(f"The file {name} is packed tighter than any ad is, so it was not unpacked.")

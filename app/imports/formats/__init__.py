"""One file per format that ads come in, one line each in FORMATS; and finding out which one a file is in."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import ModuleType

from app.errors import Invalid
from app.imports.formats import csv, folder, jsonl, xlsx
from app.imports.formats.archive import Archive
from app.imports.formats.homes import Folder, Home
from app.imports.formats.manifest import Manifest

# Of files; a folder, and an archive of one, have no name of their own to go by.
READERS: dict[str, ModuleType] = {one.NAME: one for one in (jsonl, csv, xlsx, folder)}
ZIP = "zip"
FORMATS = (*READERS, ZIP)
UPLOADED = tuple(name for name in FORMATS if name != folder.NAME)
MANIFESTS = ("manifest.jsonl", "manifest.csv", "manifest.xlsx")


@contextmanager
def opened(path: Path, format_name: str | None, *, name: str | None = None) -> Iterator[tuple[Manifest, ModuleType]]:
    """What to read, and the reader for it. `name` is what the file was called where it came from. Raises `Invalid`
    where there is nothing that can be read.
    """
    name = name or path.name
    if format_name is not None and format_name not in FORMATS:
        raise Invalid(f"There is no format {format_name}. There are: {', '.join(FORMATS)}.")
    if path.is_dir():
        yield _in_home(Folder(path), path, format_name)
        return
    if format_name == ZIP or (format_name is None and name.lower().endswith(".zip")):
        with Archive(path) as archive:
            yield _in_home(archive.home(), path, None)
        return
    reader = READERS.get(format_name or "") or _reader_of(name)
    if reader is None:
        raise Invalid(
            f"What format {name} has cannot be told from its name. Say which it is: --format, or the field Format."
        )
    if reader is folder:
        raise Invalid(f"{path} is a file, which the format {folder.NAME} is not.")
    home = Folder(path.parent)
    yield Manifest(path.name, lambda: path.open("rb"), home), reader


def _in_home(home: Home, path: Path, format_name: str | None) -> tuple[Manifest, ModuleType]:
    """A folder's manifest where it has one, else the folder itself."""
    if format_name not in {None, folder.NAME}:
        raise Invalid(f"{path} is a folder, which the format {format_name} is not.")
    among = _manifests_among(set(home.names())) if format_name is None else []
    found = among[0] if len(among) == 1 else None
    reader = _reader_of(found) if found is not None else None
    if found is None or reader is None:
        return Manifest(path.name, lambda: path.open("rb"), home, tuple(among)), folder
    return Manifest(found, home.opener(found), home), reader


def _manifests_among(names: Collection[str]) -> list[str]:
    """By its name; else the tables and JSONL files at the top, for such a file is no ad itself: the manifest, if it is one."""
    named = next((name for name in MANIFESTS if name in names), None)
    if named is not None:
        return [named]
    return sorted(name for name in names if "/" not in name and _reader_of(name) is not None)


def _reader_of(name: str) -> ModuleType | None:
    suffix = PurePosixPath(name.lower()).suffix
    return next((one for one in READERS.values() if suffix in one.SUFFIXES), None)

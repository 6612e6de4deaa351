"""Where the files that a manifest names lie: a folder. What leads out of it is refused, by name or by a link."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from app.assets.intake import GivenPart
from app.errors import Invalid

Opener = Callable[[], BinaryIO]


class Home(ABC):
    """A place with files under relative paths."""

    @abstractmethod
    def names(self) -> Iterable[str]:
        """The relative paths of all files but hidden ones."""

    @abstractmethod
    def opener(self, relative: str) -> Opener:
        """Opens the file of this path. Raises `Invalid` for one that leaves this place, or that is not there."""

    @abstractmethod
    def below(self, folder: str) -> "Home":
        """The place that is this folder of ours."""

    def part(self, name: str, modality: str, relative: str, *, encoding: str | None = None) -> GivenPart:
        return GivenPart(name, modality, opener=self.opener(relative), encoding=encoding)


class Folder(Home):
    def __init__(self, path: Path) -> None:
        self._path = path
        self._resolved = path.resolve()

    def names(self) -> Iterable[str]:
        for name, folders, files in os.walk(self._path):
            folders[:] = [inner for inner in folders if not inner.startswith(".")]
            here = Path(name).relative_to(self._path)
            yield from ((here / file).as_posix() for file in files if not file.startswith("."))

    def opener(self, relative: str) -> Opener:
        found = self._inside(relative)
        return lambda: found.open("rb")

    def below(self, folder: str) -> Home:
        return Folder(self._path / folder)

    def _inside(self, relative: str) -> Path:
        try:
            found = (self._resolved / relative).resolve()
            regular = found.is_file()
        except (OSError, ValueError, RuntimeError):
            raise Invalid(f"{relative!r} is no path.") from None
        if not found.is_relative_to(self._resolved):
            raise Invalid(f"{relative} leads out of the manifest's folder, so it was not read.")
        if not regular:
            raise Invalid(f"There is no file {relative}.")
        return found

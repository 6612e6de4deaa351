"""Folders: every media or text file is an ad of one part; a sub-folder with `asset.json` is one ad."""

import os
from pathlib import Path

from app.assets.imports.rows import BadRow, Row, Rows, from_json, inside
from app.assets.intake import GivenPart
from app.assets.rules import Modality
from app.errors import Invalid

NAME = "folder"
PART = "creative"
OWN = "asset.json"

_ENDINGS = {
    Modality.IMAGE: "jpg jpeg jpe jfif png gif webp tif tiff bmp avif heic heif svg",
    Modality.AUDIO: "wav aif aiff aifc flac ogg oga opus mp3 m4a aac weba",
    Modality.VIDEO: "mp4 m4v mov webm mkv ogv avi mpg mpeg ts mts flv 3gp",
    Modality.TEXT: "txt md text",
}
_MODALITIES = {f".{ending}": modality for modality, endings in _ENDINGS.items() for ending in endings.split()}


def modality_of(name: str) -> Modality | None:
    """What a file is by its name: only which kind of part to try it as."""
    return _MODALITIES.get(Path(name).suffix.lower())


def fits(path: Path) -> bool:
    return path.is_dir()


def count(path: Path) -> int:
    return len(_found(path))


def read(path: Path) -> Rows:
    for found in _found(path):
        place = found.relative_to(path).as_posix()
        if found.name == OWN:
            yield _own(found, place, path)
        else:
            yield _file(place, path)


def _own(found: Path, place: str, folder: Path) -> Row | BadRow:
    external_id = found.parent.relative_to(folder).as_posix()
    try:
        content = inside(folder, place).read_bytes()
    except Invalid as refused:
        return BadRow(place, refused.sentence)
    return from_json(content, place=place, folder=found.parent, external_id=external_id)


def _file(place: str, folder: Path) -> Row | BadRow:
    modality = modality_of(place)
    if modality is None:
        return BadRow(place, "By its name this is neither an image, a text, audio nor video.")
    try:
        return Row(place, place, (GivenPart(PART, modality, path=inside(folder, place)),))
    except Invalid as refused:
        return BadRow(place, refused.sentence)


def _found(folder: Path) -> list[Path]:
    """Files in order of their paths, without hidden ones; what lies beside an `asset.json` belongs to it."""
    found = []
    for name, folders, files in os.walk(folder):
        here = Path(name)
        folders[:] = sorted(inner for inner in folders if not inner.startswith("."))
        if OWN in files and here != folder:
            folders.clear()
            found.append(here / OWN)
        else:
            found += [here / file for file in files if not file.startswith(".")]
    return sorted(found)

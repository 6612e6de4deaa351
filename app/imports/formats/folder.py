"""Folders: every media or text file is an ad of one part; a sub-folder with `asset.json` is one ad."""

import posixpath
from collections.abc import Sequence

from app.assets import naming
from app.errors import Invalid
from app.imports.formats.homes import Home
from app.imports.formats.json_rows import from_json
from app.imports.formats.manifest import LONGEST_ROW, BadRow, Manifest, Row, Rows

NAME = "folder"
SUFFIXES = ()
OWN = "asset.json"


def count(manifest: Manifest) -> int:
    return len(_found(manifest.home))


def read(manifest: Manifest) -> Rows:
    rivals = set(manifest.rivals)
    for place in _found(manifest.home):
        if place in rivals:
            yield BadRow(place, _of_several(manifest.rivals))
        else:
            yield _own(place, manifest.home) if _is_own(place) else _file(place, manifest.home)


def _of_several(rivals: Sequence[str]) -> str:
    return (
        f"{len(rivals)} tables lie at the top, so none of them was read as the manifest, and every other file is an ad by"
        " itself. Leave one there, or name it manifest with the ending it has, such as manifest.csv."
    )


def _own(place: str, home: Home) -> Row | BadRow:
    external_id = posixpath.dirname(place)
    try:
        with home.opener(place)() as file:
            content = file.read(LONGEST_ROW)
    except Invalid as refused:
        return BadRow(place, refused.sentence)
    return from_json(content, place=place, home=home.below(external_id), external_id=external_id)


def _file(place: str, home: Home) -> Row | BadRow:
    modality = naming.modality_of(place)
    if modality is None:
        return BadRow(place, "By its name this is neither an image, a text, audio nor video.")
    try:
        return Row(place, place, (home.part(naming.ONLY_PART, modality, place),))
    except Invalid as refused:
        return BadRow(place, refused.sentence)


def _found(home: Home) -> list[str]:
    """Files in order of their paths; what lies beside an `asset.json`, or below it, belongs to it."""
    names = sorted(home.names())
    owners = {posixpath.dirname(name) for name in names if _is_own(name)}
    return [name for name in names if not _belongs(name, owners)]


def _belongs(name: str, owners: set[str]) -> bool:
    folder = posixpath.dirname(name)
    if _is_own(name):
        folder = posixpath.dirname(folder)
    while folder:
        if folder in owners:
            return True
        folder = posixpath.dirname(folder)
    return False


def _is_own(name: str) -> bool:
    return name.endswith(f"/{OWN}")

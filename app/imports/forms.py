"""The upload of an import: kept in its folder before any transaction, by somebody who may bring ads in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import anyio.to_thread
from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from app.assets import forms as assets
from app.db.base import new_id
from app.errors import Invalid, Problem, TooLarge, UnsupportedMedia
from app.imports import uploads
from app.imports.rules import LARGEST_UPLOAD

MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class UploadedImport:
    """A file that is kept already, under the id of the import that is to come."""

    import_id: str
    file_name: str
    format_name: str | None


async def read_upload(request: Request) -> UploadedImport:
    await anyio.to_thread.run_sync(assets.admit, request)
    if not request.headers.get("content-type", "").startswith(MULTIPART):
        raise UnsupportedMedia("Send the file as multipart/form-data, in the field `file`.")
    form = await assets.read_form(request)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("There is no file, so nothing was imported.", problems=[Problem("/file", "Choose a file.")])
    if (file.size or 0) > LARGEST_UPLOAD:
        raise TooLarge("The file is larger than 4 GiB, so nothing was imported. Divide it, or use `fasit import`.")
    folder: Path = request.app.state.imports_folder
    import_id, opened = new_id(), file.file
    await anyio.to_thread.run_sync(lambda: uploads.keep(folder, import_id, opened))
    format_name = form.get("format")
    return UploadedImport(
        import_id, file.filename[-300:], format_name if isinstance(format_name, str) and format_name else None
    )


Uploaded = Annotated[UploadedImport, Depends(read_upload)]

"""Uploads: an ad's own words as JSON, and one file per media part. Read, stored and probed before any transaction.

A video may take seconds to store and probe. Nobody else's write waits for that: who asks is looked up in a short reading
transaction of its own, and the request's transaction begins when the files are in.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import anyio.to_thread
from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData, UploadFile

from app.assets import actions, intake, naming, queries, rules
from app.assets.asking import IMPORTERS, AssetFor
from app.assets.intake import GivenPart, TakenPart
from app.assets.rules import Modality
from app.assets.store import Store
from app.db.session import Database
from app.errors import Invalid, NotSignedIn, Problem, TooLarge, UnsupportedMedia
from app.projects.asking import ProjectFor

G = TypeVar("G", bound=BaseModel)

FIELD = "asset"
LARGEST_FILE = 2 << 30
LARGEST_FIELD = 8 << 20
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
OUR_FIELDS = frozenset({FIELD, "csrf_token"})


class PartGiven(BaseModel):
    """A part of a new or changed ad: `text`, or a file of the form under the part's name."""

    model_config = ConfigDict(extra="forbid")

    name: str
    modality: str
    text: str | None = None
    encoding: str | None = None


class AssetGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    external_id: str
    metadata: dict[str, Any] = Field(default_factory=dict)
    parts: list[PartGiven]


class AssetChange(BaseModel):
    """Changed metadata (a merge patch: null takes a value away) and added parts."""

    model_config = ConfigDict(extra="forbid")

    metadata: dict[str, Any] | None = None
    parts: list[PartGiven] = Field(default_factory=list)


class PageForm(BaseModel):
    external_id: str = ""
    metadata: str = ""
    text: str = ""
    text_name: str = "caption"


class WithdrawalForm(BaseModel):
    reason: Annotated[str, Field(max_length=2000)] = ""


@dataclass(frozen=True)
class Upload:
    """An ad whose parts are taken already."""

    external_id: str
    metadata: dict[str, Any]
    parts: list[TakenPart]


@dataclass(frozen=True)
class Change:
    metadata: dict[str, Any] | None
    parts: list[TakenPart]


async def read_upload(request: Request) -> Upload:
    """Of `POST /projects/{project}/assets`."""
    project_id = await anyio.to_thread.run_sync(admit, request)
    if not _is_form(request):
        raise UnsupportedMedia("Send the ad as multipart/form-data: a field `asset` and one file per media part.")
    form = await read_form(request)
    given = _shaped(AssetGiven, form.get(FIELD))
    parts = _parts(given.parts, form)
    return await _taken(request, project_id, external_id=given.external_id, metadata=given.metadata, parts=parts)


async def read_change(request: Request) -> Change:
    """Of `PATCH /assets/{asset}`: JSON, or a form where parts with files are added."""
    asset_id = await anyio.to_thread.run_sync(admit, request)
    form = await read_form(request) if _is_form(request) else FormData()
    given = _shaped(
        AssetChange, form.get(FIELD) if _is_form(request) else (await request.body()).decode("utf-8", "replace")
    )
    if not given.parts:
        return Change(given.metadata, [])
    parts = _parts(given.parts, form)
    database: Database = request.app.state.database
    store: Store = request.app.state.store

    def refuse(taken: Sequence[TakenPart]) -> None:
        with database.read() as session:
            asset = queries.find_asset(session, asset_id)
            assert asset is not None, "assets are never removed"
            actions.refuse_replacing(asset, taken)

    ready = await anyio.to_thread.run_sync(
        lambda: intake.take_all(store, external_id="-", metadata=given.metadata or {}, parts=parts, admit=refuse)
    )
    return Change(given.metadata, ready)


async def read_form(request: Request) -> FormData:
    return await request.form(max_files=rules.MOST_PARTS, max_fields=rules.MOST_PARTS + 8, max_part_size=LARGEST_FIELD)


async def _taken(
    request: Request, project_id: str, *, external_id: str, metadata: dict[str, Any], parts: Sequence[GivenPart]
) -> Upload:
    """The ad with its files stored and probed. Raises `Invalid` with every fault, `Conflict` where it is there with
    other content.
    """
    database: Database = request.app.state.database
    store: Store = request.app.state.store

    def refuse(taken: Sequence[TakenPart]) -> None:
        with database.read() as session:
            actions.refuse_conflict(session, project_id, external_id=external_id, metadata=metadata, parts=taken)

    ready = await anyio.to_thread.run_sync(
        lambda: intake.take_all(store, external_id=external_id, metadata=metadata, parts=parts, admit=refuse)
    )
    return Upload(external_id, metadata, ready)


async def read_page_form(request: Request) -> Upload:
    """Of the upload page: files become parts by their names, one file alone is the `creative`."""
    project_id = await anyio.to_thread.run_sync(admit, request)
    form = await read_form(request)
    given = PageForm.model_validate(dict(form))
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    parts = [_named(file, alone=len(files) == 1) for file in files]
    if given.text:
        # A browser sends every line end of a text area as CR LF.
        parts.append(GivenPart(given.text_name, Modality.TEXT, text=given.text.replace("\r\n", "\n")))
    metadata = _metadata(given.metadata)
    return await _taken(request, project_id, external_id=given.external_id, metadata=metadata, parts=parts)


def _named(file: UploadFile, *, alone: bool) -> GivenPart:
    name = file.filename or ""
    modality = naming.modality_of(name)
    if modality is None:
        raise Invalid(f"By its name {name} is neither an image, a text, audio nor video, so nothing was saved.")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name.rpartition(".")[0]).lstrip("0123456789_-")[:64]
    return GivenPart(naming.ONLY_PART if alone else stem or naming.ONLY_PART, modality, file=file.file)


def _metadata(content: str) -> dict[str, Any]:
    """JSON, or nothing."""
    try:
        found = json.loads(content or "{}")
    except ValueError as fault:
        raise Invalid(f"The metadata is not JSON: {fault}.", problems=[Problem("/metadata", str(fault))]) from None
    if not isinstance(found, dict):
        raise Invalid("The metadata is not an object.", problems=[Problem("/metadata", 'Such as {"market": "NO"}.')])
    return found


def admit(request: Request) -> str:
    """The id of the project or the asset, if the person may bring ads there: before their files are read. The route
    itself asks again, for good.
    """
    database: Database = request.app.state.database
    path = request.path_params
    with database.read() as session:
        person = request.app.state.find_person(request, session)
        if person is None:
            raise NotSignedIn("Sign in to go on.")
        if "asset" in path:
            return AssetFor(IMPORTERS)(request, path["asset"], session, person).id
        return ProjectFor(IMPORTERS)(request, path["project"], session, person).id


def _parts(given: Sequence[PartGiven], form: FormData) -> list[GivenPart]:
    faults = []
    parts = []
    for number, part in enumerate(given):
        file = form.get(part.name)
        upload = file if isinstance(file, UploadFile) and part.name not in OUR_FIELDS else None
        if part.text is None and upload is None:
            faults.append(Problem(f"/parts/{number}", f"There is neither text nor a file named {part.name}."))
        elif part.text is not None and upload is not None:
            faults.append(Problem(f"/parts/{number}", f"The part {part.name} has both text and a file."))
        elif upload is not None and (upload.size or 0) > LARGEST_FILE:
            raise TooLarge(f"The file of part {part.name} is larger than 2 GiB, so nothing was saved.")
        opened = upload.file if upload is not None else None
        parts.append(GivenPart(part.name, part.modality, text=part.text, file=opened, encoding=part.encoding))
    extra = {name for name, value in form.multi_items() if isinstance(value, UploadFile)} - {
        part.name for part in given
    }
    faults += [Problem(f"/{name}", f"There is a file {name}, but no part of that name.") for name in sorted(extra)]
    if faults:
        raise Invalid(faults[0].message, problems=faults)
    return parts


def _shaped(shape: type[G], content: Any) -> G:
    if not isinstance(content, str):
        raise Invalid("There is no field `asset`.", problems=[Problem("/asset", "The ad as JSON is missing.")])
    try:
        return shape.model_validate_json(content)
    except ValidationError as refused:
        faults = [Problem("/" + "/".join(str(step) for step in one["loc"]), one["msg"]) for one in refused.errors()]
        raise Invalid("What is said of the ad does not have the shape expected.", problems=faults) from None


def _is_form(request: Request) -> bool:
    """Of an ad that is all text, clients send no multipart form but a plain one."""
    return request.headers.get("content-type", "").startswith(FORMS)


Uploaded = Annotated[Upload, Depends(read_upload)]
PageUploaded = Annotated[Upload, Depends(read_page_form)]
Changed = Annotated[Change, Depends(read_change)]

"""`/media/{token}/{name}`: a stored file, for the one person its address was made for; of a file of tiles, one tile."""

from tempfile import TemporaryFile
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as PathParameter

from app.assets import signing, tiling, windows
from app.assets.asking import AppStore, ClaimGate
from app.assets.kinds import stills
from app.assets.rules import SHOWN_TYPES
from app.assets.sandbox.calling import SANDBOX
from app.errors import NotFound
from app.people.asking import SignedIn
from app.people.models import Person
from app.web.ranges import FileInRanges, Span
from app.web.transaction import AppClock, DbSession

router = APIRouter()

LONGEST_VIDEO = 10**12  # microseconds
# A file opened as a page of its own may do nothing at all, whatever it turns out to hold.
CONFINED = "default-src 'none'; sandbox; frame-ancestors 'none'"


def _address(
    request: Request, token: str, person: SignedIn, session: DbSession, store: AppStore, clock: AppClock
) -> signing.Address:
    """404 for anybody else, for a dead claim, for a time gone by, and for a token that is not ours."""
    address = signing.read(request.app.state.secret_key, token)
    if address is None or address.person_id != person.id or not _lives(request, session, address, person, clock):
        raise NotFound
    if not store.path(address.sha256).is_file():
        raise NotFound
    return address


OwnAddress = Annotated[signing.Address, Depends(_address)]


@router.api_route("/media/{token}/{name}", methods=["GET", "HEAD"], name="assets.media")
def media(name: str, address: OwnAddress, store: AppStore) -> Response:
    headers = _headers(name, address.content_type)
    path = store.path(address.sha256)
    return FileInRanges(path, etag=address.sha256, content_type=address.content_type, headers=headers)


@router.get("/media/{token}/{name}/samples/{start}/{count}", name="assets.samples")
def samples(name: str, start: int, count: int, address: OwnAddress, store: AppStore) -> Response:
    """The very samples of a sound's working copy: little-endian int16, channel beside channel."""
    content = windows.samples(store, address, start=start, count=count)
    return Response(content, headers=_headers(name, "application/octet-stream"), media_type="application/octet-stream")


@router.get("/media/{token}/{name}/spectrogram/{hop}/{column}", name="assets.spectrogram")
def spectrogram(name: str, hop: int, column: int, address: OwnAddress, store: AppStore) -> Response:
    """One tile of a sound's frequencies, closer than those that are kept."""
    content = windows.spectrogram(store, address, hop=hop, column=column)
    return Response(content, headers=_headers(name, "image/webp"), media_type="image/webp")


@router.api_route("/media/{token}/{name}/{level}/{column}/{row}", methods=["GET", "HEAD"], name="assets.tile")
def tile(name: str, level: int, column: int, row: int, address: OwnAddress, store: AppStore) -> Response:
    path = store.path(address.sha256)
    with path.open("rb") as file:
        place = tiling.find(file, level, column, row)
    if place is None:
        raise NotFound
    return FileInRanges(
        path, etag=f"{address.sha256}-{level}-{column}-{row}", content_type=place.content_type,
        headers=_headers(name, place.content_type), part=Span(place.start, place.end),
    )  # fmt: skip


@router.api_route("/media/{token}/{name}/at/{microseconds}", methods=["GET"], name="assets.still")
def still(
    name: str, microseconds: Annotated[int, PathParameter(ge=0, le=LONGEST_VIDEO)], address: OwnAddress, store: AppStore
) -> Response:
    """One frame of a video as a picture; `Frame-Time` is the frame's own time in microseconds from the first one."""
    demuxer = stills.DEMUXERS.get(address.content_type)
    if demuxer is None:
        raise NotFound
    arguments = {"demuxer": demuxer, "microseconds": microseconds}
    with store.open(address.sha256) as source, TemporaryFile() as picture:
        found = SANDBOX.run(stills.TASK, source, arguments, outputs={"still": picture}, limits=stills.LIMITS)
        picture.seek(0)
        content = picture.read()
    headers = _headers(f"{_plain(name)}.jpg", "image/jpeg") | {"frame-time": str(found["microseconds"])}
    return Response(content, media_type="image/jpeg", headers=headers)


def _headers(name: str, content_type: str) -> dict[str, str]:
    shown = "inline" if content_type in SHOWN_TYPES else "attachment"
    return {
        "cache-control": "private, max-age=3600, immutable",
        "x-content-type-options": "nosniff",
        "content-disposition": f'{shown}; filename="{_plain(name)}"',
        "content-security-policy": CONFINED,
        "vary": "Cookie, Authorization",
    }


def _lives(request: Request, session: DbSession, address: signing.Address, person: Person, clock: AppClock) -> bool:
    if address.claim_id is not None:
        gate: ClaimGate = request.app.state.claim_is_live
        return gate(session, address.claim_id, person.id, clock())
    return address.expires_at is not None and clock() < address.expires_at


def _plain(name: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)

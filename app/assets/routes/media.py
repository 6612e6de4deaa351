"""`/media/{token}/{name}`: a stored file, for the one person its address was made for."""

from fastapi import APIRouter, Request, Response

from app.assets import signing
from app.assets.asking import AppStore, ClaimGate
from app.assets.rules import SHOWN_TYPES
from app.errors import NotFound
from app.people.asking import SignedIn
from app.people.models import Person
from app.web.ranges import FileInRanges
from app.web.transaction import AppClock, DbSession

router = APIRouter()

# A file opened as a page of its own may do nothing at all, whatever it turns out to hold.
CONFINED = "default-src 'none'; sandbox; frame-ancestors 'none'"


@router.api_route("/media/{token}/{name}", methods=["GET", "HEAD"], name="assets.media")
def media(
    request: Request, token: str, name: str, person: SignedIn, session: DbSession, store: AppStore, clock: AppClock
) -> Response:
    """404 for anybody else, for a dead claim, for a time gone by, and for a token that is not ours."""
    address = signing.read(request.app.state.secret_key, token)
    if address is None or address.person_id != person.id or not _lives(request, session, address, person, clock):
        raise NotFound
    path = store.path(address.sha256)
    if not path.is_file():
        raise NotFound
    shown = "inline" if address.content_type in SHOWN_TYPES else "attachment"
    headers = {
        "cache-control": "private, max-age=3600",
        "x-content-type-options": "nosniff",
        "content-disposition": f'{shown}; filename="{_plain(name)}"',
        "content-security-policy": CONFINED,
        "vary": "Cookie, Authorization",
    }
    return FileInRanges(path, etag=address.sha256, content_type=address.content_type, headers=headers)


def _lives(request: Request, session: DbSession, address: signing.Address, person: Person, clock: AppClock) -> bool:
    if address.claim_id is not None:
        gate: ClaimGate = request.app.state.claim_is_live
        return gate(session, address.claim_id, person.id, clock())
    return address.expires_at is not None and clock() < address.expires_at


def _plain(name: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)

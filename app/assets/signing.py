"""Signed addresses of media: `/media/{token}/{name}`, bound to one person, and to a time or to their claim.

The token says which file, as what, for whom, until when, and is an HMAC away from being made up. It is the same for the
same facts, so that a browser's cache works: times are rounded to hours.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CONTENT_TYPES = (
    "application/octet-stream", "application/json",
    "image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/bmp", "image/tiff",
    "audio/ogg", "audio/mpeg", "audio/wav", "audio/mp4", "audio/flac", "audio/webm", "audio/aac", "audio/aiff",
    "video/mp4", "video/webm", "video/ogg", "video/x-msvideo", "video/mp2t", "video/mpeg", "video/x-flv",
)  # fmt: skip
EXTENSIONS = {
    "application/json": "json", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif",
    "image/avif": "avif", "image/bmp": "bmp", "image/tiff": "tif", "audio/ogg": "ogg", "audio/mpeg": "mp3",
    "audio/wav": "wav", "audio/mp4": "m4a", "audio/flac": "flac", "audio/webm": "weba", "audio/aac": "aac",
    "audio/aiff": "aiff", "video/mp4": "mp4", "video/webm": "webm", "video/ogg": "ogv", "video/x-msvideo": "avi",
    "video/mp2t": "ts", "video/mpeg": "mpg", "video/x-flv": "flv",
}  # fmt: skip
LIFETIME = timedelta(hours=1)  # at least; at most twice that

_BY_TIME, _BY_CLAIM = 1, 2
_TOKEN = struct.Struct(">BB32s16s16s")
_MAC_BYTES = 16


@dataclass(frozen=True)
class Address:
    """What a token says. Either `expires_at` or `claim_id` is set."""

    sha256: str
    content_type: str
    person_id: str
    expires_at: datetime | None = None
    claim_id: str | None = None


@dataclass(frozen=True)
class Signer:
    """Makes addresses for one person, for a while or for as long as their claim lives."""

    key: bytes
    person_id: str
    now: datetime
    claim_id: str | None = None

    def url(self, sha256: str, content_type: str, name: str) -> str:
        expires_at = None if self.claim_id else self.expires_at
        address = Address(sha256, content_type, self.person_id, expires_at, self.claim_id)
        return f"/media/{mint(self.key, address)}/{name}.{EXTENSIONS.get(content_type, 'bin')}"

    @property
    def expires_at(self) -> datetime:
        """The end of the next whole hour."""
        hour = self.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return hour + 2 * LIFETIME


def mint(key: bytes, address: Address) -> str:
    if address.claim_id is not None:
        way, bound = _BY_CLAIM, bytes.fromhex(address.claim_id)
    else:
        assert address.expires_at is not None
        way, bound = _BY_TIME, int(address.expires_at.timestamp()).to_bytes(16, "big")
    number = CONTENT_TYPES.index(address.content_type) if address.content_type in CONTENT_TYPES else 0
    said = _TOKEN.pack(way, number, bytes.fromhex(address.sha256), bytes.fromhex(address.person_id), bound)
    return base64.urlsafe_b64encode(said + _mac(key, said)).decode().rstrip("=")


def read(key: bytes, token: str) -> Address | None:
    """What the token says, or None when it is not ours."""
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    said, mac = content[: _TOKEN.size], content[_TOKEN.size :]
    if len(said) != _TOKEN.size or not hmac.compare_digest(mac, _mac(key, said)):
        return None
    way, number, sha256, person, bound = _TOKEN.unpack(said)
    if number >= len(CONTENT_TYPES):
        return None
    known = (sha256.hex(), CONTENT_TYPES[number], person.hex())
    if way == _BY_CLAIM:
        return Address(*known, claim_id=bound.hex())
    return Address(*known, expires_at=datetime.fromtimestamp(int.from_bytes(bound, "big"), UTC))


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, b"media:" + said, hashlib.sha256).digest()[:_MAC_BYTES]

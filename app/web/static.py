"""Our own static files: minified, compressed, kept for ever under a hashed path, nothing from elsewhere.

The hash is of the whole tree and stands in the path (`/static/3f2a.../js/app.js`), so that modules may import each other
by relative addresses and still change together.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import minify
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.errors import NotFound
from app.web.asking import ANYONE

FOLDER = Path(__file__).resolve().parents[1] / "static"
VENDORED = "vendor/"  # as it was published
COMPRESSED = (".js", ".mjs", ".css", ".svg", ".json", ".txt")
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}

router = APIRouter()


@dataclass(frozen=True)
class StaticFile:
    content: bytes
    compressed: bytes | None
    content_type: str


class Static:
    """The files, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, StaticFile] = {}
        digest = hashlib.sha256()
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            content = _as_served(name, path.read_bytes())
            digest.update(name.encode() + b"\0" + content)
            self._files[name] = StaticFile(content, _compress(path, content), _content_type(path))
        self.version = digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        if name not in self._files:
            raise KeyError(f"no static file {name}")
        return f"/static/{self.version}/{name}"

    def find(self, name: str) -> StaticFile | None:
        return self._files.get(name)


@cache
def ours() -> Static:
    """The files of this installation, made ready once a process."""
    return Static()


def _as_served(name: str, content: bytes) -> bytes:
    """Modules of ours without comments, spaces and long local names: what is left is a third less on the way."""
    if not name.endswith(".js") or name.startswith(VENDORED):
        return content
    minified: str = minify.string("text/javascript", content.decode())
    return minified.encode()


def _compress(path: Path, content: bytes) -> bytes | None:
    if path.suffix not in COMPRESSED:
        return None
    return gzip.compress(content, 9, mtime=0)


def _content_type(path: Path) -> str:
    return TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


@router.get("/static/{version}/{name:path}", name="static", dependencies=[Depends(ANYONE)], include_in_schema=False)
async def static_file(request: Request, version: str, name: str) -> Response:
    static: Static = request.app.state.static
    file = static.find(name)
    if file is None:
        raise NotFound
    # An old page may still ask for the old version: it gets today's file, which it must not keep.
    keep = "public, max-age=31536000, immutable" if version == static.version else "no-cache"
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    if file.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.compressed, media_type=file.content_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.content_type, headers=headers)

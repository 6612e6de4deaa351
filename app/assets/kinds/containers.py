"""Which container a file is, from its first bytes alone. A file's name and declared type are never believed.

PyAV is always told the demuxer by name: left to guess, it would open playlists, which open other files and addresses.
"""

import re
from os import SEEK_END
from typing import BinaryIO, Literal

from app.assets.sandbox.rules import Undecodable

HEAD = 4096

IMAGES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
)
AUDIO_DEMUXERS = frozenset({"wav", "aiff", "flac", "ogg", "mp3", "aac", "mov", "matroska"})
VIDEO_DEMUXERS = frozenset({"mov", "matroska", "ogg", "avi", "mpegts", "mpeg", "flv"})

_ISO_BOXES = frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"pnot", b"sidx"})
_TRANSPORT_PACKET = 188
_CHUNK_HEAD = 8  # bytes of a RIFF or FORM chunk's name and length
_UNKNOWN_LENGTH = 0xFFFF_FFFF
_TAG_HEAD = 10  # bytes of an ID3 tag's head
_ADTS_SYNC = 0xFFF0
_MPEG_SYNC = 0xFFE0
# Text that some demuxers follow to other files or addresses.
_PLAYLIST = re.compile(
    rb"\s*(#EXTM3U|ffconcat|\[playlist\]|v=0\s|<\?xml[^>]*>\s*<(MPD|SmoothStreamingMedia)|<MPD|RTSPtext)", re.IGNORECASE
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|script)[\s>]", re.IGNORECASE)


def image_format(source: BinaryIO) -> str:
    """Pillow's name of the format. Raises `Undecodable` for what is no image we take."""
    head = _head(source)
    for magic, name in IMAGES:
        if head.startswith(magic):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = head[8 : int.from_bytes(head[:4], "big")]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        if re.search(rb"hei[cxms]|mif1", brands):
            raise Undecodable("HEIC pictures are not taken; save it as JPEG or PNG and bring that.")
    if _SVG.search(head):
        raise Undecodable("SVG is a program as much as a picture and is not taken; save it as PNG and bring that.")
    raise Undecodable("This is none of the images taken here: JPEG, PNG, WebP, GIF, TIFF, BMP, AVIF.")


def audio_demuxer(source: BinaryIO) -> str:
    return _among(AUDIO_DEMUXERS, source, "audio", "WAV, AIFF, FLAC, Ogg, Opus, MP3, AAC, M4A")


def video_demuxer(source: BinaryIO) -> str:
    return _among(VIDEO_DEMUXERS, source, "videos", "MP4, MOV, WebM, Matroska, Ogg, AVI, MPEG, FLV")


def _among(allowed: frozenset[str], source: BinaryIO, what: str, names: str) -> str:
    head = _head(source)
    if _PLAYLIST.match(head):
        raise Undecodable("This is a playlist, which points to other files; bring the media file itself.")
    found = _demuxer(head)
    if found not in allowed:
        raise Undecodable(f"This is none of the {what} taken here: {names}.")
    return found


def _demuxer(head: bytes) -> str:
    if head[4:8] in _ISO_BOXES:
        return "mov"
    riff = {b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], "") if head[:4] in {b"RIFF", b"RF64"} else ""
    form = "aiff" if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"} else ""
    starts = (
        (b"fLaC", "flac"),
        (b"OggS", "ogg"),
        (b"ID3", "mp3"),
        (b"\x1a\x45\xdf\xa3", "matroska"),
        (b"\x00\x00\x01\xba", "mpeg"),
        (b"FLV", "flv"),
    )
    named = next((name for magic, name in starts if head.startswith(magic)), "")
    return riff or form or named or _by_sync(head)


def _by_sync(head: bytes) -> str:
    """Streams without a header: packets of one length, frames that start with a sync word."""
    step = _TRANSPORT_PACKET
    if head[0 : 2 * step + 1 : step] == b"GGG":
        return "mpegts"
    start = int.from_bytes(head[:2], "big")
    if start & 0xFFF6 == _ADTS_SYNC:
        return "aac"
    layer = start & 0x0006
    return "mp3" if start & _MPEG_SYNC == _MPEG_SYNC and layer else ""


def is_cut_short(source: BinaryIO) -> bool:
    """Whether a WAV or AIFF file ends before its outermost chunk does. Recorders that stream write 0 or all ones."""
    head = _head(source)
    order: Literal["little", "big"] | None = "little" if head[:4] == b"RIFF" else "big" if head[:4] == b"FORM" else None
    if order is None:
        return False
    promised = int.from_bytes(head[4:8], order)
    there = source.seek(0, SEEK_END) - _CHUNK_HEAD
    source.seek(0)
    return promised not in {0, _UNKNOWN_LENGTH} and there < promised - _CHUNK_HEAD


def counts_mp3(source: BinaryIO) -> bool:
    """Whether the first frame of an MP3 says how many there are (Xing, Info, VBRI)."""
    source.seek(0)
    tag = source.read(_TAG_HEAD)
    size = 0
    if tag.startswith(b"ID3") and len(tag) == _TAG_HEAD:
        size = _TAG_HEAD + sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0), strict=True))
    source.seek(size)
    head = source.read(HEAD)
    source.seek(0)
    return any(name in head for name in (b"Xing", b"Info", b"VBRI"))


def looks_like_markup(head: bytes) -> bool:
    return bool(_SVG.search(head) or _HTML.search(head))


def _head(source: BinaryIO) -> bytes:
    source.seek(0)
    head = source.read(HEAD)
    source.seek(0)
    if not head:
        raise Undecodable("The file is empty.")
    return head

"""Text: stored exactly as given, code point for code point. Only a file's encoding has to be found out.

A byte-order mark tells the encoding and is not part of the text. Nothing else is changed: not line ends, not Unicode
normal form, not white space.
"""

import codecs
import hashlib
import re
from dataclasses import dataclass

import charset_normalizer

from app.errors import Invalid

LONGEST = 1_000_000  # code points
MOST_BYTES = 4 * LONGEST
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # but \t \n \f \r and escape, which texts have
_MOST_CONTROLS = 0.02
_WESTERN = frozenset("æøåÆØÅäöüÄÖÜßéèêëÉÈÊËáàâãÁÀÂÃçÇíìîïÍÎóòôõÓÔÕúùûÚñÑœŒýÝðÐþÞ“”„‘’‚«»–—…€£§°·•®™©´½\xa0¿¡")
_NOT_TEXT = "This is not text; bring it as the part it is, or save it as UTF-8 text."


@dataclass(frozen=True)
class FoundText:
    """`encoding` is None for text that came as text."""

    text: str
    encoding: str | None
    sha256: str
    byte_size: int  # in UTF-8


def given(text: str) -> FoundText:
    """Text that came as text. Raises `Invalid` for what no database keeps exactly."""
    return _checked(text, None)


def decode(content: bytes, declared: str | None = None) -> FoundText:
    """A file's text: by its declared encoding, else its mark, else UTF-8, else the likeliest."""
    if len(content) > MOST_BYTES:
        raise Invalid(f"The text has {len(content)} bytes; the most taken is {MOST_BYTES}.")
    if declared is not None:
        return _by_name(content, declared)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _by_name(content, name)
    try:
        return _checked(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise Invalid(_NOT_TEXT)
    western = _western(content)
    if western is not None:
        return western
    best = charset_normalizer.from_bytes(content).best()
    if best is None:
        raise Invalid(_NOT_TEXT)
    return _by_name(content, best.encoding)


def _western(content: bytes) -> FoundText | None:
    """The old encoding of Western Europe, where all it gives are its languages' own letters and signs.

    Short texts of it are alike in its neighbours too, and guessing took a Norwegian `Øl på` for a Czech `Řl pĺ`.
    """
    try:
        found = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if any(letter > "\x7f" and letter not in _WESTERN for letter in found):
        return None
    return _checked(found, "cp1252")


def _by_name(content: bytes, name: str) -> FoundText:
    try:
        codec = codecs.lookup(name)
        text = content.decode(codec.name)
    except LookupError:
        raise Invalid(f"The declared encoding {name!r} is not known.") from None
    except UnicodeDecodeError as fault:
        raise Invalid(f"The file is not valid {name}: byte {fault.start} does not fit.") from None
    except (UnicodeError, ValueError, AttributeError, TypeError):
        raise Invalid(f"The declared encoding {name!r} cannot be used for text.") from None
    return _checked(text.removeprefix("\ufeff"), codec.name)


def _checked(text: str, encoding: str | None) -> FoundText:
    if not text:
        raise Invalid("The text is empty.")
    if len(text) > LONGEST:
        raise Invalid(f"The text has {len(text)} characters; the most taken is {LONGEST}.")
    if "\x00" in text:
        raise Invalid(_NOT_TEXT)
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        raise Invalid("The text holds half a surrogate pair, which is no character.") from None
    if len(_CONTROLS.findall(text)) > len(text) * _MOST_CONTROLS:
        raise Invalid(_NOT_TEXT)
    return FoundText(text, encoding, hashlib.sha256(encoded).hexdigest(), len(encoded))

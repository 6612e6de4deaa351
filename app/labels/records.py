"""The hash of a record. Pure.

SHA-256 of the RFC 8785 JSON of what may never change. Personal and free-text values enter as SHA-256(salt + value), each
with its own salt: erasing a value erases its salt with it, and the hash that stays in the salt's place keeps the record
and the chain after it verifiable.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
import rfc8785

from app.errors import Invalid

ERASED = "erased:"
EXACT = 2**53 - 1


def record_hash(fields: Mapping[str, Any], salts: Mapping[str, str]) -> str:
    """`salts` names the private values of `fields` by JSON pointer."""
    shown = dict(fields)
    copied = {id(shown)}
    for path, salt in salts.items():
        _replace(shown, path, salt, copied)
    try:
        return hashlib.sha256(canonical(shown)).hexdigest()
    except rfc8785.CanonicalizationError:
        raise Invalid("A number in these answers is too large to be kept exactly, so nothing was saved.") from None


def canonical(value: Any) -> bytes:
    """RFC 8785. Where nothing stands that orjson would write otherwise, it writes it, being fifty times faster."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if _is_plain(value) else rfc8785.dumps(value)


def _is_plain(value: Any) -> bool:
    """Text, true, false, null, whole numbers that are exact everywhere; keys that sort alike by letters and by bytes."""
    if isinstance(value, str):
        return value.isascii()
    if isinstance(value, dict):
        return all(type(key) is str and key.isascii() and _is_plain(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if type(value) is int:
        return -EXACT <= value <= EXACT
    return value is None or value is True or value is False


def salted(value: str, salt: str) -> str:
    return hashlib.sha256((salt + value).encode("utf-8", "surrogatepass")).hexdigest()


def salts_for(paths: Iterable[str], make_salt: Callable[[], str]) -> dict[str, str]:
    return {path: make_salt() for path in paths}


def erased(value: str, salt: str) -> str:
    """What stands in the salt's place once its value is gone."""
    return salt if salt.startswith(ERASED) else ERASED + salted(value, salt)


def chained(previous: str, record: str) -> str:
    """The history hash of a record that follows `previous`, which is empty for the first."""
    return hashlib.sha256((previous + record).encode()).hexdigest()


def _replace(fields: dict[str, Any], path: str, salt: str, copied: set[int]) -> None:
    """On copies of what lies on the way there; `copied` are those made already."""
    holder: Any = fields
    *steps, last = (step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:])
    for step in steps:
        key: Any = int(step) if isinstance(holder, list) else step
        if id(holder[key]) not in copied:
            holder[key] = holder[key].copy()
            copied.add(id(holder[key]))
        holder = holder[key]
    key = int(last) if isinstance(holder, list) else last
    if salt.startswith(ERASED):
        holder[key] = salt.removeprefix(ERASED)
    elif holder[key] is not None:
        holder[key] = salted(str(holder[key]), salt)

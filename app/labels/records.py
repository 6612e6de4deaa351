"""The hash of a record. Pure.

SHA-256 of the RFC 8785 JSON of what may never change. Personal and free-text values enter as SHA-256(salt + value), each
with its own salt: erasing a value erases its salt with it, and the hash that stays in the salt's place keeps the record
and the chain after it verifiable.
"""

import copy
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import rfc8785

from app.errors import Invalid

ERASED = "erased:"


def record_hash(fields: Mapping[str, Any], salts: Mapping[str, str]) -> str:
    """`salts` names the private values of `fields` by JSON pointer."""
    shown = copy.deepcopy(dict(fields))
    for path, salt in salts.items():
        _replace(shown, path, salt)
    try:
        return hashlib.sha256(rfc8785.dumps(shown)).hexdigest()
    except rfc8785.CanonicalizationError:
        raise Invalid("A number in these answers is too large to be kept exactly, so nothing was saved.") from None


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


def _replace(fields: dict[str, Any], path: str, salt: str) -> None:
    holder: Any = fields
    *steps, last = (step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:])
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    key: Any = int(last) if isinstance(holder, list) else last
    if salt.startswith(ERASED):
        holder[key] = salt.removeprefix(ERASED)
    elif holder[key] is not None:
        holder[key] = salted(str(holder[key]), salt)

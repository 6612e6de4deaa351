"""What a process keeps of committed rows that are never changed and never removed, so that it reads them once."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

KEPT = "kept"  # in `session.info`: what the sessions of one database keep together
MOST = 200  # more than are in use at a time; beyond it all is dropped rather than held for ever
_NOT_KEPT = object()


T = TypeVar("T")


def kept(session: Session, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gave the first time. Only for values that belong to no session, of rows that were committed before."""
    known: dict[Hashable, Any] = session.info.get(KEPT, {})
    found = known.get(key, _NOT_KEPT)  # once: another thread may drop all in between
    if found is not _NOT_KEPT:
        return cast("T", found)
    value = read()
    if len(known) >= MOST:
        known.clear()
    known[key] = value
    return value

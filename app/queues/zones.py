"""The time zone of a queue's hours, and of what a day is there; UTC where it says none."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(hours: Mapping[str, Any]) -> tzinfo:
    return _zone(str(hours.get("zone") or "")) or UTC


def is_zone(name: str) -> bool:
    return _zone(name) is not None


@cache
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

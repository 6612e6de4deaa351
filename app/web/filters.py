"""How numbers, sizes and times read on pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

KIBI = 1024
MINUTE_S = 60


def human_size(count: int) -> str:
    """Bytes as a person reads them: `14.2 kB`."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < KIBI:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= KIBI
    return f"{size:.1f} TB"


def grouped(number: int) -> str:
    """A large number as a person reads it: `1 000 000`."""
    return f"{number:,}".replace(",", "\u00a0")


def clock_time(seconds: float) -> str:
    """Seconds as m:ss.mmm."""
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:06.3f}"


def duration(milliseconds: float) -> str:
    """Milliseconds of work as a person reads them: `4.2 s`, `3 min 05 s`."""
    seconds = milliseconds / 1000
    if seconds < MINUTE_S:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE_S)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def day_and_time(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M")


def iso(moment: datetime | None) -> str:
    """RFC 3339 UTC with microseconds, as the API writes times."""
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def localized(title: Mapping[str, str] | str | None, language: str, fallback: str = "") -> str:
    """The title in this language, else in English, else in any, else `fallback`."""
    if not title:
        return fallback
    if isinstance(title, str):
        return title
    return title.get(language) or title.get("en") or next(iter(title.values()), fallback)


def count_nodes(nodes: Sequence[Mapping[str, Any]]) -> int:
    """How many nodes a tree of choices has, on all its levels."""
    return sum(1 + count_nodes(node.get("children", ())) for node in nodes)


def some(values: Sequence[Any], most: int = 20) -> str:
    """The first of many: `a, b and 170 more`."""
    shown = ", ".join(map(str, values[:most]))
    return shown if len(values) <= most else f"{shown} and {grouped(len(values) - most)} more"


def json_block(value: Any) -> str:
    """JSON that is safe inside <script type="application/json">: no `<` can end the element."""
    return orjson.dumps(value).decode().replace("<", "\\u003c")


FILTERS: dict[str, Callable[..., Any]] = {
    "human_size": human_size,
    "grouped": grouped,
    "clock_time": clock_time,
    "duration": duration,
    "day_and_time": day_and_time,
    "iso": iso,
    "localized": localized,
    "count_nodes": count_nodes,
    "json_block": json_block,
    "some": some,
}

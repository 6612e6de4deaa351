"""The languages that a schema speaks. Pure."""

from collections.abc import Iterator
from typing import Any

WORDS = ("title", "help")


def languages_of(body: Any) -> list[str]:
    """Codes of every language that a title or a help is written in, in order of first use."""
    return list(dict.fromkeys(_codes(body)))


def _codes(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _codes(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in WORDS and isinstance(inner, dict):
                yield from inner
            else:
                yield from _codes(inner)

"""Words of an ad and of a search, split by one rule for both databases, so that they find the same.

No letter is taken for another: a search for `far` does not find `får`. What is typed never reaches a query language as it
is: only letters and digits are left of it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_WORD = 80
MOST_WORDS = 10_000  # of one ad; PostgreSQL tells the places of no more than 16 383
MOST_BYTES = 300_000  # of one ad's words; PostgreSQL holds a megabyte with what it adds
MOST_ASKED = 12  # words and phrases of a search; what follows is not looked at
SHORTEST_BEGINNING = 2

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Phrase:
    """Words that follow one another; the last may be only the beginning of a word."""

    words: tuple[str, ...]
    is_beginning: bool


def split(text: str) -> list[str]:
    """In lower case, composed, without what stands between them."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold())]


def of_ad(external_id: str, metadata: Mapping[str, Any], texts: Iterable[str]) -> list[str]:
    """All there is to find the ad by. Of very long texts only the beginning."""
    found: list[str] = []
    size = 0
    for text in (external_id, *_leaves(metadata), *texts):
        for word in split(text[:MOST_BYTES]):
            size += len(word.encode()) + 1
            if len(found) == MOST_WORDS or size > MOST_BYTES:
                return found
            found.append(word)
    return found


def asked(search: str) -> list[Phrase]:
    """Of what somebody typed: each word finds words that begin with it, each quotation exactly these words in a row."""
    phrases = []
    for quoted, plain in _PIECE.findall(search):
        words = tuple(split(quoted or plain))
        if words:
            beginning = not quoted and len(words[-1]) >= SHORTEST_BEGINNING
            phrases.append(Phrase(words, beginning))
    return phrases[:MOST_ASKED]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)

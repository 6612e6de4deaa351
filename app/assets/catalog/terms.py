"""What a filter can ask of an ad, as pairs of key and value; and the filter itself. Pure.

The keys are those of a queue's filter, `metadata.NAME`, `modality`, `part` and `external_id`, and those that only the
catalogue knows: `state`, `family` and `queue_state`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.assets.rules import AssetState
from app.errors import Problem

METADATA = "metadata."
EVERY = ("", "")  # the term that every ad of a project has
STATES = (*(str(state) for state in AssetState), "withdrawn")
PLAIN_KEYS = frozenset({"modality", "part", "external_id", "state", "family", "queue_state"})
# Those whose values are listed with counts, in this order; `queue_state` is counted by the queues.
FACETS = (
    "modality", "state", "metadata.market", "metadata.language", "metadata.advertiser", "metadata.campaign",
)  # fmt: skip
LONGEST_LISTED = 200
MOST_VALUES = 200  # that one filter may list under one key
MOST_KEYS = 20

Term = tuple[str, str]
Filter = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Ad:
    """What of an ad stands in the catalogue. `seq` is its place there; `parts` are (name, modality, text)."""

    seq: int
    project_id: str
    external_id: str
    metadata: Mapping[str, Any]
    state: str
    parts: Sequence[tuple[str, str, str | None]]
    families: Sequence[str] = ()


def terms_of(ad: Ad) -> set[Term]:
    found = {EVERY, ("state", ad.state)}
    for name, modality, _ in ad.parts:
        found |= {("part", name), ("modality", modality)}
    found |= {("family", family) for family in ad.families}
    return found | set(metadata_terms(ad.metadata))


def metadata_terms(metadata: Mapping[str, Any]) -> Iterator[Term]:
    """Every plain value under its path; a value that is a list by each of its own."""
    for key, value in metadata.items():
        yield from _under(METADATA + key, value)
        if isinstance(value, Mapping) and "." not in key:
            yield from _inside(key, value, metadata)


def _inside(path: str, inner: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Term]:
    for key, value in inner.items():
        longer = f"{path}.{key}"
        if "." in key or longer in whole:  # a key with dots in it is looked up whole first
            continue
        yield from _under(METADATA + longer, value)
        if isinstance(value, Mapping):
            yield from _inside(longer, value, whole)


def _under(key: str, value: Any) -> Iterator[Term]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str | int | float):
            yield (key, text_of(one))


def text_of(value: Any) -> str:
    """Tables hold all values as text, so `2` and `"2"` are one, and true and `"true"`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_listed(term: Term) -> bool:
    return term[0] in FACETS and 0 < len(term[1]) <= LONGEST_LISTED


@lru_cache(maxsize=1 << 16)
def number_of(project_id: str, key: str, value: str) -> int:
    """The term's number in the table of bits: 64 bits of a hash, as a signed integer."""
    content = f"{project_id}\0{key}\0{value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True)


def check(wanted: Any) -> list[Problem]:
    """What is wrong with a filter that came from outside."""
    if not isinstance(wanted, Mapping):
        return [Problem("/filter", 'must be an object, such as {"metadata.market": ["NO"]}')]
    if len(wanted) > MOST_KEYS:
        return [Problem("/filter", f"has more than {MOST_KEYS} keys")]
    return [problem for key, listed in wanted.items() for problem in _faults(str(key), listed)]


def _faults(key: str, listed: Any) -> list[Problem]:
    if key not in PLAIN_KEYS and not (key.startswith(METADATA) and len(key) > len(METADATA)):
        known = ", ".join(sorted(PLAIN_KEYS))
        return [Problem(f"/filter/{key}", f"is not known; use metadata.NAME or one of {known}")]
    if (
        not isinstance(listed, list | tuple)
        or not listed
        or not all(isinstance(one, str | int | float) for one in listed)
    ):
        return [Problem(f"/filter/{key}", "must be a list of texts, numbers or true and false, with at least one")]
    if len(listed) > MOST_VALUES:
        return [Problem(f"/filter/{key}", f"lists more than {MOST_VALUES} values")]
    return []

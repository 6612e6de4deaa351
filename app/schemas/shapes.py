"""Checks of JSON's shape. Each names every fault with its path; none raises."""

import difflib
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from app.errors import Problem
from app.schemas.rules import LARGEST_NUMBER

Check = Callable[[Any, str], Iterator[Problem]]

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
CLAUSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def step(path: str, key: object) -> str:
    """The path one step further down, as a JSON pointer (RFC 6901)."""
    return f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"


def is_number(value: Any) -> bool:
    """A finite number that is no truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) <= LARGEST_NUMBER


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and is_number(value)


def unknown(key: str, known: Collection[str]) -> str:
    """What to say of a name that is not known here."""
    near = difflib.get_close_matches(key, known, 1)
    return f"is not known here; did you mean {near[0]}?" if near else "is not known here"


def record(properties: Mapping[str, Check], required: Collection[str] = ()) -> Check:
    """An object with these properties and no others."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(path, "must be an object")
            return
        for key in required:
            if key not in value:
                yield Problem(step(path, key), "is required")
        for key, inner in value.items():
            if key in properties:
                yield from properties[key](inner, step(path, key))
            else:
                yield Problem(step(path, key), unknown(key, properties))

    return check


def list_of(item: Check, *, at_least: int = 0, at_most: int) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(path, "must be a list")
        elif len(value) < at_least:
            yield Problem(path, f"must have at least {at_least}")
        elif len(value) > at_most:
            yield Problem(path, f"has {len(value)}, at most {at_most} are allowed")
        else:
            for index, inner in enumerate(value):
                yield from item(inner, step(path, index))

    return check


def text(at_most: int) -> Check:
    """Words for people: not blank, no control characters but line ends."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(path, "must be text")
        elif not value.strip():
            yield Problem(path, "must not be empty")
        elif len(value) > at_most:
            yield Problem(path, f"has {len(value)} characters, at most {at_most} are allowed")
        elif any(ord(character) < ord(" ") and character not in "\n\t" for character in value):
            yield Problem(path, "must have no control characters")

    return check


def like(pattern: re.Pattern[str], wanted: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield Problem(path, f"must be {wanted}")

    return check


def one_of(words: Collection[str]) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str) or value not in words:
            yield Problem(path, f"must be one of {', '.join(words)}")

    return check


def flag(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(path, "must be true or false")


def number(value: Any, path: str) -> Iterator[Problem]:
    if not is_number(value):
        yield Problem(path, "must be a finite number")


def whole(low: int, high: int) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if not is_whole(value) or not low <= value <= high:
            yield Problem(path, f"must be a whole number from {low} to {high}")

    return check


def localized(at_most: int) -> Check:
    """Words by language: `{"en": "Verdict", "nb": "Avgjørelse"}`."""
    words = text(at_most)

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict) or not value:
            yield Problem(path, 'must give the words by language, as {"en": "..."}')
            return
        for language, inner in value.items():
            if LANGUAGE.fullmatch(language):
                yield from words(inner, step(path, language))
            else:
                yield Problem(step(path, language), "is not a language code such as en or nb")

    return check


def anything(_value: Any, _path: str) -> Iterator[Problem]:
    """Checked elsewhere."""
    return iter(())


name = like(NAME, "a name: a letter, then up to 63 letters, digits, _ or -")
color = like(COLOR, "a colour as #rrggbb")
clause = like(CLAUSE, "a clause id such as 3.2")
title = localized(300)
help_text = localized(2000)

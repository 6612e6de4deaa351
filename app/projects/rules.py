"""What a project may be called and which languages and markets it may name."""

import re
from collections.abc import Sequence

from app.errors import Problem

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MARKET = re.compile(r"[A-Z0-9][A-Za-z0-9-]{1,19}")
RESERVED = frozenset({"new"})  # addresses of pages
AN_ID = re.compile(r"[0-9a-f]{32}")

LONGEST_NAME = 200
LONGEST_SLUG = 100


def find_faults(*, name: str, slug: str, languages: Sequence[str], markets: Sequence[str]) -> list[Problem]:
    """Every fault of a new project, each at its place."""
    problems = []
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        problems.append(Problem("/name", f"A name has 1 to {LONGEST_NAME} characters."))
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        problems.append(Problem("/slug", "A slug is small letters, digits and single hyphens, such as alcohol-2026."))
    elif AN_ID.fullmatch(slug) or slug in RESERVED:
        problems.append(Problem("/slug", "This slug has a meaning of its own here. Choose another."))
    for number, language in enumerate(languages):
        if not LANGUAGE.fullmatch(language):
            problems.append(Problem(f"/languages/{number}", f"{language!r} is no language code such as en or nb."))
    for number, market in enumerate(markets):
        if not MARKET.fullmatch(market):
            problems.append(Problem(f"/markets/{number}", f"{market!r} is no market code such as NO."))
    return problems

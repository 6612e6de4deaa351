"""Markdown of guidelines: its headings, its pictures, and its HTML, sanitised. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.errors import Problem
from app.guidelines.rules import Heading, KnownClause

PICTURE = "picture:"
_NUMBER = re.compile(r"(?:§\s*)?(\d{1,3}(?:\.\d{1,3}){0,7})\.?\s+(.*)", re.DOTALL)
_OWN_ID = re.compile(r"(.*?)\s*\{#([A-Za-z0-9][A-Za-z0-9._-]{0,99})\}\s*", re.DOTALL)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TAGS = {
    *_HEADINGS, "p", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a", "img", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    **{heading: {"id"} for heading in _HEADINGS},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
}


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def headings(body: str) -> list[Heading]:
    """The headings of the body's first level of structure; one inside a quotation or a list is no clause."""
    tokens = _parser().parse(body)
    opens = _opens(tokens)
    lines = body.splitlines()
    starts = [_line(tokens[index]) for index in opens] + [len(lines)]
    found = []
    for place, index in enumerate(opens):
        number, title, own_id = _read(tokens[index + 1].content)
        after = tokens[index].map
        text = "\n".join(lines[(after[1] if after else starts[place]) : starts[place + 1]]).strip()
        found.append(Heading(place, starts[place] + 1, int(tokens[index].tag[1]), number, title, own_id, text))
    return found


def picture_ids(body: str) -> list[str]:
    """The ids of the pictures that the body shows."""
    return [source.removeprefix(PICTURE) for source, _ in _pictures(body) if source.startswith(PICTURE)]


def check_pictures(body: str, known: Mapping[str, str]) -> list[Problem]:
    """Pictures come from the project's own: what a guideline shows must not change or vanish elsewhere."""
    problems = []
    for source, line in _pictures(body):
        if not source.startswith(PICTURE):
            problems.append(Problem("/body", f"line {line}: a picture from elsewhere; upload it and write picture:ID"))
        elif source.removeprefix(PICTURE) not in known:
            problems.append(Problem("/body", f"line {line}: there is no picture {source.removeprefix(PICTURE)} here"))
    return problems


def render(body: str, clauses: Sequence[KnownClause], pictures: Mapping[str, str]) -> str:
    """Safe HTML. Clauses get the id `clause-<id>`; the highest headings become the second
    level, below the page's own.

    `pictures` gives the address of each picture by id; any other picture becomes its words.
    """
    parser = _parser()
    tokens = parser.parse(body)
    by_place = {clause.place: clause for clause in clauses}
    opens = _opens(tokens)
    highest = min((int(tokens[index].tag[1]) for index in opens), default=1)
    for place, index in enumerate(opens):
        opening, inline, closing = tokens[index : index + 3]
        opening.tag = closing.tag = f"h{min(int(opening.tag[1]) - highest + 2, 6)}"
        clause = by_place.get(place)
        if clause is not None:
            opening.attrSet("id", f"clause-{clause.id}")
            inline.content = f"{clause.number} {clause.title}"
            inline.children = parser.parseInline(inline.content)[0].children
    ids = {clause.id for clause in clauses}
    for token in tokens:
        _show_pictures(token, pictures)
        _point_at_clauses(token, ids)
    html = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _read(content: str) -> tuple[str | None, str, str | None]:
    own_id = None
    if match := _OWN_ID.fullmatch(content):
        content, own_id = match.groups()
    if match := _NUMBER.fullmatch(content.strip()):
        return match[1], match[2].strip(), own_id
    return None, content.strip(), own_id


def _opens(tokens: Sequence[Token]) -> list[int]:
    return [index for index, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _pictures(body: str) -> Iterator[tuple[str, int]]:
    """(source, line) of every picture."""
    for token in _parser().parse(body):
        for child in token.children or []:
            if child.type == "image":
                yield str(child.attrGet("src") or ""), _line(token) + 1


def _show_pictures(token: Token, pictures: Mapping[str, str]) -> None:
    for child in token.children or []:
        if child.type != "image":
            continue
        source = str(child.attrGet("src") or "")
        address = pictures.get(source.removeprefix(PICTURE)) if source.startswith(PICTURE) else None
        if address is None:
            child.type, child.tag, child.attrs = "text", "", {}
            child.content = f"[{child.content or 'a picture'}: not shown]"
        else:
            child.attrSet("src", address)
            child.attrSet("loading", "lazy")


def _point_at_clauses(token: Token, ids: set[str]) -> None:
    """A link to `#3.2` leads to the clause."""
    for child in token.children or []:
        href = str(child.attrGet("href") or "")
        if child.type == "link_open" and href.startswith("#") and href[1:] in ids:
            child.attrSet("href", f"#clause-{href[1:]}")

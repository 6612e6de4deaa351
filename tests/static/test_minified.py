"""What the minifier makes of our modules uses no name before its declaration.

It merges declarations that follow each other and puts those that take things apart first, unless they use a name of the
others. In an object literal it overlooks that use: `const w = f(); const { x } = g({ w })` then fails in the browser.
"""

import re
from pathlib import Path

import minify

MODULES = Path(__file__).resolve().parents[2] / "app" / "static" / "js"
OPENING, CLOSING, QUOTES = "({[", ")}]", "\"'`"
TAKES_APART = re.compile(r"\b(?:const|let)(?=[{\[])")


def declarators(code: str, at: int) -> list[str]:
    """The parts of a declaration that begins at a place, divided by its commas."""
    depth, quote, parts = 0, "", [""]
    while at < len(code):
        sign = code[at]
        if quote:
            quote = "" if sign == quote and code[at - 1] != "\\" else quote
        elif sign in QUOTES:
            quote = sign
        elif sign in OPENING:
            depth += 1
        elif sign in CLOSING:
            depth -= 1
        if depth < 0 or (depth == 0 and not quote and sign == ";"):
            break
        if depth == 0 and not quote and sign == ",":
            parts.append("")
        else:
            parts[-1] += sign
        at += 1
    return parts


def used_too_early(code: str) -> list[str]:
    found = []
    for match in TAKES_APART.finditer(code):
        parts = declarators(code, match.end())
        for place, part in enumerate(parts):
            later = {name[0] for name in (re.match(r"[\w$]+(?==)", one) for one in parts[place + 1 :]) if name}
            value = part.partition("=")[2] if part[:1] in OPENING else ""
            found += [part for name in later if re.search(rf"[:,{{(\[]{re.escape(name)}[,)}}\]]", value)]
    return found


def test_a_use_that_the_minifier_overlooks_is_found() -> None:
    assert used_too_early("function f(e){const{x:n}=h({w:t}),t=g(e);return n+t}") == ["{x:n}=h({w:t})"]
    assert used_too_early("function f(e){const t=g(e),{x:n}=h({w:t});return n+t}") == []


def test_no_module_uses_a_name_before_its_declaration() -> None:
    sent = {
        path.name: minify.string("text/javascript", path.read_text(encoding="utf-8")) for path in MODULES.rglob("*.js")
    }
    assert {name: found for name, code in sent.items() if (found := used_too_early(code))} == {}

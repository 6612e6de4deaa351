"""The rules of docs/architecture.md that a machine can hold: sizes, names, forbidden calls, markup only in templates.

One test a rule; a failure names every file that breaks it, and where.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"}
BASE_ALLOWED = {APP / "db" / "base.py"}
MOST_LINES = {"python": 400, "function": 50, "template": 150, "javascript": 300, "style": 400, "test": 500}
MARKUP = re.compile(r"<(?:div|span|p|a|button|table|tr|td|li|ul|section|form|input|svg|script|html)\b[^>]*>")
COMMENTS = re.compile(r"/\*(?s:.*?)\*/|(?<!:)//[^\n]*")  # of JavaScript

APP_FILES = sorted(APP.rglob("*.py"))
TEST_FILES = sorted((ROOT / "tests").rglob("*.py"))
JS_FILES = sorted((APP / "static" / "js").rglob("*.js"))
JS_TESTS = sorted((ROOT / "tests" / "js").rglob("*.js"))
PURE_JS = sorted((APP / "static" / "js" / "annotate").rglob("*.js"))
CSS_FILES = sorted((APP / "static" / "css").rglob("*.css"))
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in APP_FILES}


def place(path: Path, line: int | None = None) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def longer_than(most: int, paths: Iterable[Path]) -> list[str]:
    return [f"{place(path)} has {lines}" for path in paths if (lines := len(read(path).splitlines())) > most]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_there_is_something_to_look_at() -> None:
    assert all([APP_FILES, TEST_FILES, JS_FILES, JS_TESTS, PURE_JS, CSS_FILES, TEMPLATES])


def test_files_stay_within_their_budgets() -> None:
    """Divide by meaning what outgrows it."""
    assert longer_than(MOST_LINES["python"], APP_FILES) == []
    assert longer_than(MOST_LINES["test"], TEST_FILES + JS_TESTS) == []
    assert longer_than(MOST_LINES["javascript"], JS_FILES) == []
    assert longer_than(MOST_LINES["style"], CSS_FILES) == []
    assert longer_than(MOST_LINES["template"], TEMPLATES) == []


def test_functions_stay_within_their_budget() -> None:
    long = [
        f"{place(path, node.lineno)} {node.name} has {lines}"
        for path, tree in TREES.items()
        for node in functions(tree)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES["function"]
    ]
    assert long == []


def test_a_module_is_named_by_its_subject() -> None:
    unnamed = [place(path) for path in APP_FILES if path.stem in FORBIDDEN_NAMES]
    assert unnamed == []
    assert [place(path) for path in APP_FILES if path.stem == "base" and path not in BASE_ALLOWED] == []


def test_only_the_transaction_commits() -> None:
    """One request is one transaction; app/db/session.py ends it."""
    found = [
        place(path, node.lineno)
        for path, tree in TREES.items()
        if not (path.is_relative_to(APP / "db") or path.is_relative_to(APP / "bench"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]
    assert found == []


def test_imports_stand_at_the_top() -> None:
    """An import inside a function hides a dependency."""
    inside = [
        place(path, inner.lineno)
        for path, tree in TREES.items()
        for node in functions(tree)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_markup_stands_in_templates_only() -> None:
    found = [
        place(path, node.lineno) for path, tree in TREES.items() for node in texts(tree) if MARKUP.search(node.value)
    ]
    assert found == []


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every text but docstrings."""
    docs = {id(doc) for node in ast.walk(tree) if (doc := docstring(node)) is not None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def docstring(node: ast.AST) -> ast.Constant | None:
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return body[0].value
    return None


def test_javascript_holds_no_markup_and_no_eval() -> None:
    """Nodes are built from a `<template>`."""
    banned = ("eval(", "new Function", "innerHTML =", "insertAdjacentHTML", "document.write")
    sources = {path: COMMENTS.sub("", read(path)) for path in JS_FILES}
    found = [f"{place(path)} has {word}" for path, source in sources.items() for word in banned if word in source]
    assert found == []
    assert [place(path) for path, source in sources.items() if MARKUP.search(source)] == []


def test_annotate_modules_know_no_dom() -> None:
    dom = re.compile(r"\b(document|window|HTMLElement|localStorage|customElements)\b")
    impure = re.compile(r"from \"(?:\.\./)+(elements|vendor)")
    sources = {path: COMMENTS.sub("", read(path)) for path in PURE_JS}
    assert [place(path) for path, source in sources.items() if dom.search(source)] == []
    assert [place(path) for path, source in sources.items() if impure.search(source)] == [], "import pure modules only"


def test_templates_keep_to_the_content_security_policy() -> None:
    inline = re.compile(r"\bhx-on|\bjs:|\son[a-z]+=|\sstyle=|hx-trigger=\"[^\"]*\[")
    outside = re.compile(r"(?:src|href)=\"(?:https?:)?//")
    sources = {path: read(path) for path in TEMPLATES}
    assert [place(path) for path, source in sources.items() if inline.search(source)] == [], (
        "inline script, style, eval"
    )
    assert [place(path) for path, source in sources.items() if outside.search(source)] == [], "nothing is fetched"
    scripts = [(path, tag) for path, source in sources.items() for tag in re.findall(r"<script\b[^>]*>", source)]
    assert [place(path) for path, tag in scripts if "src=" not in tag and 'type="application/json"' not in tag] == []

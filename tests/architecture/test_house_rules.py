"""The rules of docs/architecture.md that a machine can hold: sizes, names, forbidden calls, markup only in templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"}
BASE_ALLOWED = {APP / "db" / "base.py"}
MOST_LINES = {"python": 400, "function": 50, "template": 150, "javascript": 300, "test": 500, "css": 400}
MARKUP = re.compile(r"<(?:div|span|p|a|button|table|tr|td|li|ul|section|form|input|svg|script|html)\b[^>]*>")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


APP_FILES = python_files("app")
TEST_FILES = python_files("tests")
JS_FILES = sorted(path for path in (APP / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((APP / "templates").rglob("*.html"))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", APP_FILES, ids=relative)
def test_a_module_stays_within_its_budget(path: Path) -> None:
    assert line_count(path) <= MOST_LINES["python"], "divide it by meaning"


@pytest.mark.parametrize("path", TEST_FILES, ids=relative)
def test_a_test_file_stays_within_its_budget(path: Path) -> None:
    assert line_count(path) <= MOST_LINES["test"]


@pytest.mark.parametrize("path", JS_FILES + sorted((ROOT / "tests" / "js").rglob("*.js")), ids=relative)
def test_a_javascript_module_stays_within_its_budget(path: Path) -> None:
    assert line_count(path) <= (MOST_LINES["test"] if "tests" in path.parts else MOST_LINES["javascript"])


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_stays_within_its_budget(path: Path) -> None:
    assert line_count(path) <= MOST_LINES["template"]


@pytest.mark.parametrize("path", APP_FILES, ids=relative)
def test_functions_stay_within_their_budget(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name} has {lines} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES["function"]
    ]
    assert not long


@pytest.mark.parametrize("path", APP_FILES, ids=relative)
def test_a_module_is_named_by_its_subject(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    assert path.stem != "base" or path in BASE_ALLOWED


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


@pytest.mark.parametrize("path", APP_FILES, ids=relative)
def test_only_the_transaction_commits(path: Path) -> None:
    if path.is_relative_to(APP / "db") or path.is_relative_to(APP / "bench"):
        return
    found = [
        (name, line)
        for name, line in calls(ast.parse(path.read_text(encoding="utf-8")))
        if name in {"commit", "rollback"}
    ]
    assert not found, "one request is one transaction; app/db/session.py ends it"


@pytest.mark.parametrize("path", APP_FILES, ids=relative)
def test_imports_stand_at_the_top(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not inside, "an import inside a function hides a dependency"


@pytest.mark.parametrize("path", APP_FILES, ids=relative)
def test_markup_stands_in_templates_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(doc) for node in ast.walk(tree) if (doc := _docstring(node)) is not None}
    found = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docs
        and MARKUP.search(node.value)
    ]
    assert not found


def _docstring(node: ast.AST) -> ast.Constant | None:
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return body[0].value
    return None


@pytest.mark.parametrize("path", JS_FILES, ids=relative)
def test_javascript_holds_no_markup_and_no_eval(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert not MARKUP.search(source), "build nodes from a <template>"
    for banned in ("eval(", "new Function", "innerHTML =", "insertAdjacentHTML", "document.write"):
        assert banned not in source, banned


@pytest.mark.parametrize("path", sorted((APP / "static" / "js" / "annotate").glob("*.js")), ids=relative)
def test_annotate_modules_know_no_dom(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/|//.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"\b(document|window|HTMLElement|localStorage|customElements)\b", source)
    assert not re.search(r"from \"\.\./(elements|vendor)", source), "pure modules import pure modules"


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\bhx-on|\bjs:|\son[a-z]+=|\sstyle=|hx-trigger=\"[^\"]*\[", source), (
        "inline script, style or eval"
    )
    for script in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in script or 'type="application/json"' in script, "inline script"
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", source), "nothing is fetched from outside"

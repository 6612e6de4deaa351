"""What the documents promise exists, and what exists stands in the documents."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from jinja2 import Environment
from typer.main import get_command

from app.cli import application as cli
from app.datasets.formats import FORMATS
from app.main import create_app
from app.schemas.kinds import KINDS
from app.settings import Settings
from app.web import pages
from app.web.static import ours

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
PATH = re.compile(r"`((?:app|docs|tests|migrations|sample_media)/[\w./-]+)`")


def environment() -> Environment:
    return pages.make_environment(ours())


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("docs")
    return create_app(Settings(database_url=f"sqlite:///{folder}/a.db", media_url=str(folder), secret_key="0" * 16))


def test_every_path_named_in_the_docs_exists() -> None:
    named = [(path.name, name) for path in DOCS for name in PATH.findall(path.read_text(encoding="utf-8"))]
    assert [(doc, name) for doc, name in named if not (ROOT / name).exists()] == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert not [name for name in Settings.model_fields if f"FASIT_{name.upper()}" not in text]


def test_every_command_is_documented_and_has_an_example() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    commands = get_command(cli).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        assert f"fasit {name}" in text
        for inner in getattr(command, "commands", {"": command}).values():
            assert "Example" in (inner.help or ""), f"fasit {name} --help has no example"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_kind_is_documented(kind: str) -> None:
    assert f"`{kind}`" in (ROOT / "docs" / "schemas.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_export_format_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_template_compiles_and_every_page_has_a_title() -> None:
    templates = environment()
    untitled = []
    for name in templates.list_templates(extensions=["html"]):
        source, _, _ = templates.loader.get_source(templates, name)  # type: ignore[union-attr]
        templates.get_template(name)
        if '{% extends "base.html" %}' in source and "{% block title %}" not in source:
            untitled.append(name)
    assert untitled == []


def test_every_route_has_a_name_of_its_own(application: FastAPI) -> None:
    routes = [route.original_route for route in iter_route_contexts(application.routes)]
    names = [route.name for route in routes if isinstance(route, APIRoute)]
    assert names
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})

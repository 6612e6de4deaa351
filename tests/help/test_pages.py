"""The help: chapters for whom they are for, pictures that are there and small, and every way that leads to it."""

import re

import pytest
from starlette.testclient import TestClient

from app.db.session import Database
from app.help.chapters import CHAPTERS, Chapter
from app.people.rules import Role
from app.web.pages import TEMPLATES
from app.web.static import FOLDER
from tests.conftest import FakeClock
from tests.making import make_colleague, make_person, sign_in

PICTURES = FOLDER / "help"
PICTURE_BYTES_AT_MOST = 1_500_000
THEMES = ("light", "dark")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here is kept."""
    return sqlite_database


@pytest.fixture
def colleague(client: TestClient, database: Database, clock: FakeClock) -> TestClient:
    with database.write() as session:
        person = make_colleague(session, Role.ENGINEER, clock=clock)
    sign_in(client, database, person, clock=clock)
    return client


@pytest.fixture
def labeler(client: TestClient, database: Database, clock: FakeClock) -> TestClient:
    with database.write() as session:
        person = make_person(session, clock=clock)
    sign_in(client, database, person, clock=clock)
    return client


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_chapter_is_listed_and_shows_the_pictures_it_names(colleague: TestClient, chapter: Chapter) -> None:
    assert f"/help/{chapter.name}" in colleague.get("/help").text
    page = colleague.get(f"/help/{chapter.name}")
    assert page.status_code == 200
    assert f"<h1>{chapter.title}</h1>" in page.text
    shown = re.findall(r'src="/static/\w+/help/([\w-]+)\.webp"', page.text)
    assert shown == [f"{name}-{theme}" for name in chapter.pictures for theme in THEMES]


def test_the_pictures_are_those_that_chapters_show_and_weigh_little() -> None:
    files = sorted(PICTURES.iterdir())
    named = {f"{name}-{theme}.webp" for chapter in CHAPTERS for name in chapter.pictures for theme in THEMES}
    assert {file.name for file in files} == named
    assert sum(file.stat().st_size for file in files) < PICTURE_BYTES_AT_MOST


def test_every_chapter_has_its_template_and_no_template_is_left_over() -> None:
    files = {path.stem for path in (TEMPLATES / "help" / "chapters").iterdir()}
    assert files == {chapter.name for chapter in CHAPTERS}


def test_vendors_do_not_find_the_chapters_of_the_company(labeler: TestClient) -> None:
    assert "/help/schemas" not in labeler.get("/help").text
    assert labeler.get("/help/schemas").status_code == 404
    assert labeler.get("/help/image").status_code == 200
    assert labeler.get("/help/nonsense").status_code == 404


def test_the_help_is_reached_from_the_sheet_of_keys_the_menu_and_go_to(labeler: TestClient) -> None:
    page = labeler.get("/account").text
    sheet = page[page.index('id="key-sheet"') : page.index('id="key-group-template"')]
    menu = page[page.index('id="person-menu"') :]
    assert 'href="/help"' in sheet
    assert 'href="/help"' in menu
    destinations = labeler.get("/go-to").text
    assert 'href="/help"' in destinations
    assert 'href="/help/image"' in destinations
    assert "/help/schemas" not in destinations


def test_the_chapter_of_keys_holds_the_keys_of_every_kind_of_ad(labeler: TestClient) -> None:
    page = labeler.get("/help/keys").text
    for tag in ("fasit-image", "fasit-text", "fasit-audio", "fasit-video", "fasit-questions", "fasit-marks"):
        assert f"<{tag}" in page

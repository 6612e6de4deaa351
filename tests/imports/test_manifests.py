"""Importing manifests and folders: what fits comes in, what does not is named, nothing stops the rest."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.assets.models import Asset, Media, Part
from app.assets.store import Store
from app.db.session import Database
from app.errors import AppError
from app.imports import actions as imports
from tests.conftest import FakeClock
from tests.making import make_project
from tests.making_assets import picture, tone


@pytest.fixture
def folder(tmp_path: Path, database: Database, clock: FakeClock) -> Path:
    with database.write() as session:
        make_project(session, clock=clock)
    folder = tmp_path / "ads"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "beer.png").write_bytes(picture())
    (folder / "media" / "radio.wav").write_bytes(tone())
    (tmp_path / "secret.png").write_bytes(picture(9, 9))
    return folder


@dataclass
class Told:
    added: int
    same: int
    refused: list[tuple[str, str]]


def run(database: Database, folder: Path, path: Path, clock: FakeClock, **more: Any) -> Told:
    store = Store(folder.parent / "store")
    refused: list[tuple[str, str]] = []
    report = imports.import_into(
        database, store, project="alcohol", path=path, clock=clock, tell=lambda *row: refused.append(row), **more
    )
    assert report.failed == len(refused)
    return Told(report.added, report.same, refused)


def there(database: Database) -> dict[str, tuple[dict[str, Any], dict[str, str]]]:
    with database.read() as session:
        assets = session.scalars(select(Asset)).all()
        parts = session.scalars(select(Part)).all()
    return {
        asset.external_id: (
            asset.meta,
            {part.name: part.text or part.modality for part in parts if part.asset_id == asset.id},
        )
        for asset in assets
    }


def manifest(folder: Path, *rows: Any) -> Path:
    path = folder / "ads.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def ad(external_id: str, **part: Any) -> dict[str, Any]:
    return {"external_id": external_id, "parts": [{"name": "creative", "modality": "image", **part}]}


def test_jsonl_takes_what_fits_and_names_every_refused_row(database: Database, folder: Path, clock: FakeClock) -> None:
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    (folder / "broken.png").write_bytes(picture()[:100])
    path = manifest(
        folder,
        {**ad("beer", path="media/beer.png"), "metadata": {"market": "NO"}},
        "",
        "{nonsense",
        ad("out", path="../secret.png"),
        ad("absolute", path=str(folder.parent / "secret.png")),
        ad("link", path="link.png"),
        ad("missing", path="media/none.png"),
        ad("broken", path="broken.png"),
        ad("neither"),
        {"external_id": "text", "parts": [{"name": "caption", "modality": "text", "text": "Skål 🍺\r\n"}]},
        ad("beer", path="broken.png"),
        ad("folder", path="media"),
        {**ad("nul", text="Hei"), "metadata": {"notes": ["a\0b"]}},
    )
    report = run(database, folder, path, clock)
    assert (report.added, report.same) == (2, 0)
    assert [place for place, _ in report.refused] == [f"line {n}" for n in (3, 4, 5, 6, 7, 8, 9, 11, 12, 13)]
    reasons = dict(report.refused)
    assert "leads out" in reasons["line 4"]
    assert "leads out" in reasons["line 5"]
    assert "leads out" in reasons["line 6"]
    assert "no file" in reasons["line 7"]
    assert "cut short" in reasons["line 8"]
    assert "NUL" in reasons["line 13"]
    assert there(database) == {
        "beer": ({"market": "NO"}, {"creative": "image"}),
        "text": ({}, {"caption": "Skål 🍺\r\n"}),
    }


def test_a_second_import_adds_nothing(database: Database, folder: Path, clock: FakeClock) -> None:
    path = manifest(folder, *(ad(f"ad-{n}", path="media/beer.png") for n in range(45)))
    steps: list[tuple[int, int | None]] = []
    assert run(database, folder, path, clock, progress=lambda *step: steps.append(step)).added == 45
    assert steps == [(20, 45), (40, 45), (45, 45)]
    again = run(database, folder, path, clock)
    assert (again.added, again.same, again.refused) == (0, 45, [])


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_has_a_column_per_part_and_the_rest_is_metadata(
    database: Database, folder: Path, clock: FakeClock, delimiter: str
) -> None:
    rows = [
        ["external_id", "creative:image", "caption:text", "market", "note:er"],
        ["one", "media/beer.png", '"To linjer\nher"', "NO", ""],
        ["two", "", "bare tekst", "", "x"],
        ["three", "nowhere.png", "", "", ""],
        ["", "media/beer.png", "", "", ""],
        ["five", "media/beer.png", "", "", "", "one too many"],
    ]
    path = folder / "ads.csv"
    path.write_text("\ufeff" + "\r\n".join(delimiter.join(row) for row in rows), encoding="utf-8", newline="")
    report = run(database, folder, path, clock)
    assert [place for place, _ in report.refused] == ["row 4", "row 5", "row 6"]
    assert there(database) == {
        "one": ({"market": "NO"}, {"creative": "image", "caption": "To linjer\nher"}),
        "two": ({"note:er": "x"}, {"caption": "bare tekst"}),
    }


def test_a_folder_is_an_ad_a_file_and_an_ad_where_there_is_an_asset_json(
    database: Database, folder: Path, clock: FakeClock
) -> None:
    (folder / "notes.txt").write_bytes("Øl".encode("utf-16"))
    (folder / ".hidden.png").write_bytes(b"x")
    (folder / "paper.pdf").write_bytes(b"%PDF")
    mixed = folder / "mixed"
    mixed.mkdir()
    (mixed / "a.png").write_bytes(picture())
    own = {"metadata": {"market": "SE"}, "parts": [{"name": "still", "modality": "image", "path": "a.png"}]}
    (mixed / "asset.json").write_text(json.dumps(own))
    report = run(database, folder, folder, clock)
    assert [place for place, _ in report.refused] == ["paper.pdf"]
    assert there(database) == {
        "media/beer.png": ({}, {"creative": "image"}),
        "media/radio.wav": ({}, {"creative": "audio"}),
        "notes.txt": ({}, {"creative": "Øl"}),
        "mixed": ({"market": "SE"}, {"still": "image"}),
    }


def test_a_folder_with_a_manifest_is_its_manifest(database: Database, folder: Path, clock: FakeClock) -> None:
    manifest(folder, ad("beer", path="media/beer.png")).rename(folder / "manifest.jsonl")
    assert run(database, folder, folder, clock).added == 1
    assert list(there(database)) == ["beer"]


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("none.jsonl", None, None),
        ("ads.xyz", b"x", None),
        ("ads.csv", b"a,b\n1,2\n", None),
        ("ads.csv", b"external_id,\xff\n", None),
        ("ads.csv", "external_id,caption:text\n1,Hei\n".encode("utf-16"), None),
        ("ads.csv", b"external_id,caption:text\n", None),
        ("ads.jsonl", '{"external_id": "1"}\n'.encode("utf-16"), None),
        ("ads.jsonl", b"\n\n", None),
        ("ads.jsonl", b"", "yaml"),
        ("ads.jsonl", b"", "folder"),
    ],
)
def test_where_nothing_can_be_read_there_is_one_sentence(
    database: Database, folder: Path, clock: FakeClock, name: str, content: bytes | None, form: str | None
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(AppError, match=r"\.$"):
        run(database, folder, folder / name, clock, format_name=form)


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_is_read_whatever_stands_between_its_cells(
    database: Database, folder: Path, clock: FakeClock, between: str
) -> None:
    rows = [[" external_id ", "caption:text", "market "], ["beer", '"Hei, ""du""; \nder"', "NO"]]
    (folder / "ads.csv").write_text("\n".join(between.join(row) for row in rows) + "\n", encoding="utf-8-sig")
    assert run(database, folder, folder / "ads.csv", clock).added == 1
    assert there(database) == {"beer": ({"market": "NO"}, {"caption": 'Hei, "du"; \nder'})}


def test_refused_rows_leave_no_files(database: Database, folder: Path, clock: FakeClock) -> None:
    (folder / "media" / "wide.png").write_bytes(picture(90, 20))
    (folder / "media" / "tall.png").write_bytes(picture(20, 90))
    (folder / "media" / "half.png").write_bytes(picture(300, 300)[:60])
    two = [
        {"name": "creative", "modality": "image", "path": "media/tall.png"},
        {"name": "landing", "modality": "image", "path": "media/half.png"},
    ]
    rows = [ad("beer", path="media/beer.png"), ad("beer", path="media/wide.png"), {"external_id": "two", "parts": two}]
    report = run(database, folder, manifest(folder, *rows), clock)
    assert (report.added, [place for place, _ in report.refused]) == (1, ["line 2", "line 3"])
    with database.read() as session:
        assert list(Store(folder.parent / "store").hashes()) == list(session.scalars(select(Media.sha256)))

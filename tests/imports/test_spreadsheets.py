"""XLSX manifests: a sheet is the same ads as the CSV made of it; what is broken or too large is told."""

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.errors import Invalid
from app.imports import formats
from app.imports.formats import xlsx
from app.imports.formats.manifest import BadRow, Row


def book(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def read(path: Path) -> list[Row | BadRow]:
    with formats.opened(path, None) as (manifest, reader):
        return list(reader.read(manifest))


def test_a_sheet_is_the_ads_of_the_csv_made_of_it(tmp_path: Path) -> None:
    rows = [
        ["external_id", "caption:text", "budget", "starts", "paid", "share", "note"],
        [1001, "Hei, du", 12000, dt.date(2026, 11, 2), True, 0.25, None],
        ["two", "Skål 🍺", None, dt.datetime.fromisoformat("2026-11-02T09:30:00"), False, 1e-3, "x"],
        [None, None, None, None, None, None, None],
        ["three", "only text"],
    ]
    (tmp_path / "ads.csv").write_text(
        "external_id,caption:text,budget,starts,paid,share,note\n"
        '1001,"Hei, du",12000,2026-11-02,true,0.25,\n'
        "two,Skål 🍺,,2026-11-02T09:30:00,false,0.001,x\n"
        ",,,,,,\nthree,only text\n",
        encoding="utf-8",
    )
    found = read(book(tmp_path / "ads.xlsx", rows))
    assert found == read(tmp_path / "ads.csv")
    assert [row.place for row in found] == ["row 2", "row 3", "row 5"]
    assert isinstance(found[0], Row)
    assert found[0].external_id == "1001"


def test_its_count_is_the_rows_below_the_header(tmp_path: Path) -> None:
    path = book(tmp_path / "ads.xlsx", [["external_id", "caption:text"], ["a", "b"], ["c", "d"]])
    with formats.opened(path, None) as (manifest, reader):
        assert reader.count(manifest) == 2


def test_paths_of_a_sheet_stay_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    (tmp_path / "ads").mkdir()
    path = book(tmp_path / "ads" / "ads.xlsx", [["external_id", "creative:image"], ["a", "../secret.png"]])
    [row] = read(path)
    assert isinstance(row, BadRow)
    assert "leads out" in row.reason


@pytest.mark.parametrize("broken", ["nothing", "another archive", "half"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, broken: str) -> None:
    path = book(tmp_path / "ads.xlsx", [["external_id"], ["a"]])
    content = path.read_bytes()
    if broken == "another archive":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "a")
    else:
        path.write_bytes(b"" if broken == "nothing" else content[: len(content) // 2])
    with pytest.raises(Invalid, match="XLSX workbook"):
        read(path)


def test_a_broken_sheet_is_told_at_the_row_where_it_breaks(tmp_path: Path) -> None:
    path = book(tmp_path / "whole.xlsx", [["external_id", "caption:text"], ["a", "b"], ["c", "d"]])
    broken = tmp_path / "ads.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(broken, "w") as archive:
        for entry in whole.infolist():
            content = whole.read(entry)
            archive.writestr(entry, content[:-60] if entry.filename.endswith("sheet1.xml") else content)
    found = read(broken)
    assert isinstance(found[-1], BadRow)
    assert "what follows" in found[-1].reason


def test_a_workbook_that_unpacks_beyond_the_limit_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "ads.xlsx", [["external_id"], ["a"]])
    monkeypatch.setattr(xlsx, "MOST_UNPACKED", 100)
    with pytest.raises(Invalid, match="once unpacked"):
        read(path)


def test_entities_of_a_sheet_do_not_multiply(tmp_path: Path) -> None:
    """A billion laughs: the parser stops where it grows beyond reason."""
    path = book(tmp_path / "whole.xlsx", [["external_id"], ["a"]])
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = tmp_path / "ads.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(bomb, "w") as archive:
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'.encode()
                cell = b'<c r="A1" t="inlineStr"><is><t>&l11;</t></is></c>'
                body = content.partition(b"?>")[2] if content.startswith(b"<?xml") else content
                content = head + body.replace(b"<sheetData>", b'<sheetData><row r="1">' + cell + b"</row>")
            archive.writestr(entry, content)
    try:
        found = read(bomb)
    except Invalid:
        return
    assert any("what follows" in row.reason for row in found if isinstance(row, BadRow))


def rewritten(path: Path, made: Path, old: bytes, new: bytes) -> Path:
    """The workbook with this changed in its sheet."""
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(made, "w") as archive:
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                assert old in content
                content = content.replace(old, new)
            archive.writestr(entry, content)
    return made


def test_a_formula_without_a_stored_result_refuses_its_row_with_the_cell(tmp_path: Path) -> None:
    rows = [
        ["external_id", "caption:text", "market"],
        ["a", "text", "NO"],
        ["b", '="te"&"xt"', "=C2"],
        [None, "=B2", None],
        ["d", "text", "NO"],
    ]
    found = read(book(tmp_path / "ads.xlsx", rows))
    assert [row.place for row in found] == ["row 2", "row 3", "row 4", "row 5"]
    good, second, third, last = found
    assert (isinstance(good, Row), isinstance(last, Row)) == (True, True)
    assert isinstance(second, BadRow)
    assert second.reason.startswith("The cell B3 holds a formula whose result is not stored in the file.")
    assert isinstance(third, BadRow)
    assert "The cell B4 holds a formula" in third.reason


def test_stored_results_of_formulas_are_read_and_an_empty_text_is_one(tmp_path: Path) -> None:
    path = book(tmp_path / "made.xlsx", [["external_id", "caption:text", "n", "e"], ["a", "=B9", "=1+2", "=C9"]])
    for number, (cell, stored) in enumerate(
        {
            b'<c r="B2"><f>B9</f><v /></c>': b'<c r="B2" t="str"><f>B9</f><v>hei</v></c>',
            b'<c r="C2"><f>1+2</f><v /></c>': b'<c r="C2"><f>1+2</f><v>3</v></c>',
            b'<c r="D2"><f>C9</f><v /></c>': b'<c r="D2" t="str"><f>C9</f><v></v></c>',
        }.items()
    ):
        path = rewritten(path, tmp_path / f"ads-{number}.xlsx", cell, stored)
    [row] = read(path)
    assert isinstance(row, Row)
    assert (row.parts[0].text, row.metadata) == ("hei", {"n": "3"})


def test_a_formula_without_a_result_in_the_header_refuses_the_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "ads.xlsx", [["external_id", '="market"'], ["a", "NO"]])
    with pytest.raises(Invalid, match="The cell B1 holds a formula"):
        read(path)


def test_formulas_are_found_far_down_a_sheet(tmp_path: Path) -> None:
    """Beyond what is looked through at a time."""
    rows = [["external_id", "caption:text"], *([f"ad-{n}", "x" * 300] for n in range(6000)), ["last", "=B2"]]
    found = read(book(tmp_path / "ads.xlsx", rows))
    assert [(row.place, row.reason[:11]) for row in found if isinstance(row, BadRow)] == [("row 6002", "The cell B6")]

"""ZIP archives: read without unpacking; names that lead out, bombs, and broken or locked files are refused."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from app.assets.intake import GivenPart
from app.errors import Invalid
from app.imports import formats
from app.imports.formats import archive as archives
from app.imports.formats.manifest import BadRow, Row

HEAD = "external_id,creative:image\n"


def pack(path: Path, files: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def read(path: Path) -> list[Row | BadRow]:
    with formats.opened(path, None) as (manifest, reader):
        return list(reader.read(manifest))


def content_of(part: GivenPart) -> bytes:
    assert part.opener is not None
    with part.opener() as file:
        return file.read()


@pytest.mark.parametrize("top", ["", "ads/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_manifest_brings_the_files_beside_it(tmp_path: Path, top: str, method: int) -> None:
    files = {
        f"{top}manifest.csv": f"{HEAD}a,pictures/a.png\n",
        f"{top}pictures/a.png": b"a picture",
        "__MACOSX/x": b"junk",
    }
    path = pack(tmp_path / "ads.zip", files, method=method)
    with formats.opened(path, None) as (manifest, reader):
        assert reader.count(manifest) == 1
        [row] = reader.read(manifest)
        assert isinstance(row, Row)
        assert content_of(row.parts[0]) == b"a picture"


def test_the_one_table_at_the_top_is_the_manifest_whatever_its_name(tmp_path: Path) -> None:
    line = '{"external_id": "a", "parts": [{"name": "creative", "modality": "image", "path": "a.png"}]}'
    files = {"summer ads.JSONL": line, "a.png": b"a picture", "below/other.csv": HEAD}
    [row] = read(pack(tmp_path / "ads.zip", files))
    assert isinstance(row, Row)
    assert row.external_id == "a"
    both = read(pack(tmp_path / "two.zip", files | {"more.csv": HEAD}))
    assert [one.external_id for one in both if isinstance(one, Row)] == ["a.png"], "of two none is taken for it"
    told = {one.place: one.reason for one in both if isinstance(one, BadRow)}
    assert set(told) == {"summer ads.JSONL", "more.csv", "below/other.csv"}
    for place in ("summer ads.JSONL", "more.csv"):
        assert told[place].startswith("2 tables lie at the top, so none of them was read as the manifest")
        assert "Leave one there, or name it manifest" in told[place]
    assert "neither an image" in told["below/other.csv"]


def test_without_a_manifest_every_file_is_an_ad_and_an_asset_json_makes_one(tmp_path: Path) -> None:
    own = '{"parts": [{"name": "creative", "modality": "image", "path": "big.png"}]}'
    outside = '{"parts": [{"name": "creative", "modality": "image", "path": "../radio.wav"}]}'
    files = {
        "radio.wav": b"1", ".hidden.png": b"2", "spring/asset.json": own, "spring/big.png": b"3",
        "autumn/asset.json": outside, "notes.pdf": b"4",
    }  # fmt: skip
    found = {row.place: row for row in read(pack(tmp_path / "ads.zip", files))}
    assert set(found) == {"radio.wav", "spring/asset.json", "autumn/asset.json", "notes.pdf"}
    good = {row.external_id for row in found.values() if isinstance(row, Row)}
    assert good == {"radio.wav", "spring"}
    refused = found["autumn/asset.json"]
    assert isinstance(refused, BadRow)
    assert "leads out" in refused.reason


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/passwd", "pictures/../../secret.png", "missing.png", "\\..\\x", ""]
)
def test_paths_lead_nowhere_but_into_the_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    files = {
        "ads/manifest.csv": f"{HEAD}a,{name or '.'}\n",
        "secret.png": b"a sibling",
        "ads/../../secret.png": b"slip",
    }
    [row] = read(pack(tmp_path / "ads.zip", {**files, "manifest.csv": files["ads/manifest.csv"]}))
    assert isinstance(row, BadRow)


def test_a_name_that_would_slip_out_writes_nothing_anywhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pack(tmp_path / "in" / "ads.zip", {"../slipped.txt": b"text", "a.txt": b"text"})
    read(tmp_path / "in" / "ads.zip")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["ads.zip", "in"]


def test_a_link_in_an_archive_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "ads.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("manifest.csv", f"{HEAD}a,link.png\n")
    [row] = read(path)
    assert isinstance(row, BadRow)
    assert "no file link.png" in row.reason


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = bytes(archives.TIGHT_FROM + 1)
    path = pack(tmp_path / "ads.zip", {"manifest.csv": f"{HEAD}a,bomb.png\n", "bomb.png": zeros})
    [row] = read(path)
    assert isinstance(row, BadRow)
    assert "packed tighter" in row.reason
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1 << 20)
    with pytest.raises(Invalid, match="once unpacked"):
        read(path)
    monkeypatch.setattr(archives, "MOST_FILES", 1)
    with pytest.raises(Invalid, match="2 files; the most taken is 1"):
        read(path)


def test_a_file_that_holds_more_than_it_says_is_damaged(tmp_path: Path) -> None:
    """What a file says of its size is what is read of it, at most."""
    path = pack(tmp_path / "ads.zip", {"manifest.csv": f"{HEAD}a,a.png\n", "a.png": b"x" * 100_000})
    content = path.read_bytes().replace(struct.pack("<L", 100_000), struct.pack("<L", 10))
    path.write_bytes(content)
    with formats.opened(path, None) as (manifest, reader):
        [row] = reader.read(manifest)
        assert isinstance(row, Row)
        with pytest.raises(Invalid, match="damaged"):
            content_of(row.parts[0])


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ads.zip", "w") as made:
        made.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.txt", "two")
    with pytest.raises(Invalid, match=r"two files named a\.txt"):
        read(tmp_path / "ads.zip")


def test_encrypted_files_are_named(tmp_path: Path) -> None:
    path = pack(tmp_path / "ads.zip", {"manifest.csv": f"{HEAD}a,a.png\n", "a.png": b"x"})
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(mark) + flags] |= 1
    path.write_bytes(content)
    [row] = read(path)
    assert isinstance(row, BadRow)
    assert "encrypted" in row.reason


@pytest.mark.parametrize("cut", [0, 10, 100])
def test_what_is_no_archive_is_refused(tmp_path: Path, cut: int) -> None:
    content = pack(tmp_path / "ads.zip", {"a.txt": b"x" * 500}, method=zipfile.ZIP_STORED).read_bytes()
    (tmp_path / "ads.zip").write_bytes(content[:cut])
    with pytest.raises(Invalid, match="no ZIP archive"):
        read(tmp_path / "ads.zip")


def test_an_archive_in_an_archive_is_a_file_like_any(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("a.txt", "x")
    [row] = read(pack(tmp_path / "ads.zip", {"inner.zip": inner.getvalue()}))
    assert isinstance(row, BadRow)

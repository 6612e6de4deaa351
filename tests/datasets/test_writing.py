"""A file is there whole or not at all."""

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.datasets import writing
from app.errors import Unavailable


def test_what_was_written_is_counted_and_hashed(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = tmp_path / "new" / "labels.csv"
    written = writing.write_rows(path, b"head\n", [b"a\n", b"b\n"], total=2, progress=lambda *at: told.append(at))
    assert path.read_bytes() == b"head\na\nb\n"
    assert (written.rows, written.byte_size) == (2, 9)
    assert written.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told[-1] == (2, 2)


def test_a_failure_half_way_leaves_the_earlier_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(b"yesterday")

    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        writing.write_rows(path, b"", breaking(), total=None, progress=lambda *_: None)
    assert path.read_bytes() == b"yesterday"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    def filling() -> Iterator[bytes]:
        yield b"x"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Unavailable, match="disk is full"):
        writing.write_rows(tmp_path / "labels.csv", b"", filling(), total=None, progress=lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written to"):
        writing.write_rows(tmp_path / "file" / "labels.csv", b"", [], total=None, progress=lambda *_: None)

"""The store: once per content, whole or not at all."""

import errno
import hashlib
import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.assets.store import Store
from app.errors import Unavailable


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_same_file_twice_is_stored_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = store.put(io.BytesIO(b"an ad")), store.put(io.BytesIO(b"an ad"))
    sha256 = hashlib.sha256(b"an ad").hexdigest()
    assert first == second
    assert (first.sha256, first.byte_size) == (sha256, 5)
    assert files(tmp_path) == [f"{sha256[:2]}/{sha256}"]
    assert store.open(sha256).read() == b"an ad"
    assert list(store.hashes()) == [sha256]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Unavailable, match="The disk is full"):
        Store(tmp_path).put(Full())
    assert files(tmp_path) == []


def test_a_file_not_kept_is_gone(tmp_path: Path) -> None:
    with Store(tmp_path).incoming() as incoming:
        incoming.copy_from(io.BytesIO(b"refused"))
    assert files(tmp_path) == []


KILLED_BEFORE_RENAME = """
import io, os, pathlib, signal, sys
from app.assets.store import Store
def killed(self, target):
    os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.rename = killed
Store(pathlib.Path(sys.argv[1])).put(io.BytesIO(b"half" * 1000))
"""


def test_a_crash_between_writing_and_renaming_leaves_a_leftover_that_the_next_start_cleans(tmp_path: Path) -> None:
    crashed = subprocess.run([sys.executable, "-c", KILLED_BEFORE_RENAME, str(tmp_path)], check=False)
    assert crashed.returncode == -signal.SIGKILL
    store = Store(tmp_path)
    assert list(store.hashes()) == []
    assert len(files(tmp_path)) == 1
    assert store.clean() == 1
    assert files(tmp_path) == []
    assert store.put(io.BytesIO(b"half" * 1000)).byte_size == 4000


def test_what_is_being_written_is_not_cleaned_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.incoming() as incoming:
        incoming.copy_from(io.BytesIO(b"still coming"))
        assert Store(tmp_path).clean() == 0
        assert incoming.path.exists()
        store.keep(incoming)
    assert len(list(store.hashes())) == 1

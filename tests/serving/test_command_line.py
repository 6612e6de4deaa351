"""The command line as a shell sees it: exit codes, one sentence on stderr, never a traceback."""

import io
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.assets.store import Store


class Shell:
    """Runs `fasit` as a process of its own in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("FASIT_")} | {
            "FASIT_DATABASE_URL": f"sqlite:///{folder}/fasit.db",
            "FASIT_MEDIA_URL": str(folder / "media"),
        }

    def __call__(self, *arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=Path(__file__).resolve().parents[2],
            env=self.environment | settings,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def refused(done: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 or code == 2


def test_serving_an_unmigrated_database_names_the_command_to_run(shell: Shell) -> None:
    refused(shell("serve"), "fasit migrate")
    assert not (shell.folder / "fasit.db").exists()


def test_checking_an_unmigrated_database_names_the_command_to_run(shell: Shell) -> None:
    refused(shell("check"), "fasit migrate")


def test_several_workers_on_sqlite_are_refused(shell: Shell) -> None:
    refused(shell("serve", "--workers", "2"), "SQLite", "PostgreSQL")


def test_a_port_in_use_is_refused_in_one_sentence(shell: Shell) -> None:
    shell("migrate")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(shell("serve", "--port", str(taken.getsockname()[1])), "--port")


def test_a_database_that_cannot_be_reached_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    url = f"postgresql+psycopg://nobody@/none?host={tmp_path}"
    refused(shell("migrate", FASIT_DATABASE_URL=url), "database")
    refused(shell("serve", FASIT_DATABASE_URL=url), "database")


def test_a_database_that_is_not_one_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "fasit.db").write_text("this is no database, it only has its name " * 50)
    refused(shell("serve"), "database")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("FASIT_DATABASE_URL", "mysql://x"),
        ("FASIT_DATABASE_URL", "postgresql+psycopg://a:b@host:none/x"),
        ("FASIT_DATABASE_URL", "sqlite:///"),
        ("FASIT_DATABASE_URL", "sqlite:///:memory:"),
        ("FASIT_SECRET_KEY", "short"),
        ("FASIT_BASE_URL", "nowhere"),
        ("FASIT_MEDIA_URL", "ftp://x"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(shell: Shell, setting: str, value: str) -> None:
    refused(shell("migrate", **{setting: value}), setting)


def test_folders_that_cannot_be_made_are_one_sentence(shell: Shell) -> None:
    refused(shell("migrate", FASIT_DATABASE_URL="sqlite:////proc/nowhere/fasit.db"), "/proc/nowhere")
    shell("migrate")
    refused(shell("serve", FASIT_MEDIA_URL="/proc/nowhere/media"), "FASIT_MEDIA_URL", "/proc/nowhere/media")


def test_a_fault_of_one_field_is_told_once(shell: Shell) -> None:
    shell("migrate")
    refused(shell("person", "add", "nothing", "--name", "A", "--role", "admin", "--organisation", "O"), "e-mail")


def test_wrong_use_exits_with_2(shell: Shell) -> None:
    refused(shell("serve", "--port", "none"), code=2)
    refused(shell("export"), code=2)
    refused(shell("person", "add", "a@example.org", "--name", "A", "--role", "king", "--organisation", "O"), code=2)


def test_a_person_and_a_token_are_added(shell: Shell) -> None:
    shell("migrate")
    added = shell(
        "person",
        "add",
        "ada@example.org",
        "--name",
        "Ada",
        "--role",
        "admin",
        "--organisation",
        "Company",
        "--password-stdin",
        given="a long enough password\n",
    )
    assert added.returncode == 0, added.stderr
    token = shell("token", "add", "ada@example.org", "--name", "pipeline")
    assert token.returncode == 0, token.stderr
    assert len(token.stdout.split()) == 1
    assert len(token.stdout.strip()) >= 32


def test_without_a_password_a_sign_in_link_is_printed(shell: Shell) -> None:
    shell("migrate")
    added = shell("person", "add", "bo@example.org", "--name", "Bo", "--role", "labeler", "--organisation", "Company")
    assert added.returncode == 0, added.stderr
    assert "/sign-in/" in added.stdout


def test_an_import_into_an_unknown_queue_brings_in_nothing(shell: Shell, tmp_path: Path) -> None:
    shell("migrate")
    (tmp_path / "ads.jsonl").write_text(
        '{"external_id": "a", "parts": [{"name": "t", "modality": "text", "text": "x"}]}'
    )
    refused(shell("import", "nowhere", str(tmp_path / "ads.jsonl"), "--queue", "Nothing"), "no queue Nothing", code=2)


def test_a_file_that_belongs_to_nothing_is_told_and_nothing_is_wrong(shell: Shell, tmp_path: Path) -> None:
    shell("migrate")
    left = Store(tmp_path / "media").put(io.BytesIO(b"left over"))
    checked = shell("check")
    assert (checked.returncode, checked.stdout) == (0, "")
    assert f"{left.sha256} belongs to nothing" in checked.stderr


def test_a_token_that_could_not_be_kept_is_not_printed(shell: Shell, tmp_path: Path) -> None:
    shell("migrate")
    shell("person", "add", "a@b.no", "--name", "A", "--role", "admin", "--organisation", "O")
    with closing(sqlite3.connect(tmp_path / "fasit.db")) as database:  # let the commit of a token fail, not its insert
        database.executescript(
            "CREATE TABLE late (id TEXT REFERENCES late (other) DEFERRABLE INITIALLY DEFERRED, other TEXT PRIMARY KEY);"
            "CREATE TRIGGER fails AFTER INSERT ON tokens BEGIN INSERT INTO late VALUES ('nothing', 'x'); END;"
        )
    done = shell("token", "add", "a@b.no", "--name", "pipeline")
    assert (done.returncode, done.stdout) == (1, "")
    assert "FOREIGN KEY" in done.stderr


def test_a_token_for_nobody_is_refused(shell: Shell) -> None:
    shell("migrate")
    refused(shell("token", "add", "nobody@example.org", "--name", "x"), "nobody@example.org")


def test_an_unknown_project_is_refused(shell: Shell, tmp_path: Path) -> None:
    shell("migrate")
    refused(shell("export", "nowhere", "--format", "jsonl", "--out", str(tmp_path / "out")), "nowhere")


def test_an_unknown_benchmark_is_refused_and_without_a_name_they_are_listed(shell: Shell) -> None:
    refused(shell("bench", "nothing"), "nothing", "claims", code=2)
    assert "claims" in shell("bench").stdout.split()


@pytest.mark.parametrize(
    ("project", "path"), [("nowhere", "missing.jsonl"), ("nowhere", "fasit.db"), ("nowhere", "long" * 100)]
)
def test_importing_what_cannot_be_read_exits_with_2(shell: Shell, tmp_path: Path, project: str, path: str) -> None:
    shell("migrate")
    refused(shell("import", project, str(tmp_path / path)), code=2)

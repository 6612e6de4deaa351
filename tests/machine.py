"""What this machine has of the real things the tests use: PostgreSQL's programs, Chromium, Node; installed where it may."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_postgresql() -> Path | None:
    """The folder with initdb and pg_ctl."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).parent
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
    found = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    return max(
        found, default=None, key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()]
    )


def find_chromium() -> str | None:
    given = os.environ.get("FASIT_TEST_CHROMIUM")
    names = (given, *CHROMIUM_NAMES) if given else CHROMIUM_NAMES
    return next((path for name in names if (path := shutil.which(name))), None)


def find_node() -> str | None:
    """Node on the path, else the one that Playwright's wheel brings."""
    on_path = shutil.which("node")
    if on_path and _node_runs_tests(on_path):
        return on_path
    with contextlib.suppress(ImportError):
        from playwright._impl._driver import compute_driver_executable  # noqa: PLC0415  # only where it is installed

        return str(compute_driver_executable()[0])
    return None


def _node_runs_tests(node: str) -> bool:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return version.startswith("v") and int(version[1:].split(".")[0]) >= 20


def install_missing() -> None:
    """Asks Debian's packages for what is missing, where this user may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    wanted = []
    if find_postgresql() is None:
        wanted.append("postgresql")
    if find_chromium() is None:
        wanted.append("chromium")
    if not wanted:
        return
    print(f"Installing {' and '.join(wanted)} for the tests ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment, **quiet)
    for package in wanted:
        subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False, env=environment, **quiet)


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL of our own; `folder` holds its socket."""

    folder: Path
    durable: bool

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Cluster]:
    """Starts a cluster in a folder of its own, reached by its socket only. `durable`: with fsync, for benchmarks."""
    programs = find_postgresql()
    if programs is None:
        raise RuntimeError("PostgreSQL's programs are not on this machine")
    # Not below pytest's private folder: as root the server runs as `postgres`, who could not enter it.
    folder = Path(tempfile.mkdtemp(prefix="fasit-pg-"))
    command: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        command = ["runuser", "-u", "postgres", "--"]
    folder.chmod(0o755)
    data = folder / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    pg_ctl = [*command, str(programs / "pg_ctl"), "-D", str(data), "-w", "-s"]
    try:
        initdb = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run([*command, *initdb], check=True, capture_output=True, cwd=folder)
        subprocess.run(
            [*pg_ctl, "-l", str(folder / "log"), "-o", options, "start"], check=True, capture_output=True, cwd=folder
        )
        yield Cluster(folder, durable)
    finally:
        subprocess.run([*pg_ctl, "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)

"""What benchmarks share: a real server process on a free port with a database of its own, and waiting until it answers."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.errors import AppError

LONGEST_START = 60.0  # seconds


@dataclass(frozen=True)
class Server:
    address: str
    process: subprocess.Popen[bytes]
    started_after: float  # seconds from starting the process to its first answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings for a Fasit of its own in `folder`."""
    own = {"FASIT_DATABASE_URL": f"sqlite:///{folder}/fasit.db", "FASIT_MEDIA_URL": str(folder / "media")}
    return dict(os.environ) | own | more


@contextmanager
def running(arguments: Sequence[str], port: int, env: Mapping[str, str]) -> Iterator[Server]:
    """A `fasit` process that serves on `port`, stopped at the end."""
    with tempfile.TemporaryFile() as log:
        begun = time.perf_counter()
        process = start(arguments, port, env, log)
        try:
            address = f"http://127.0.0.1:{port}"
            yield Server(address, process, wait_until_served(address, process, begun))
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start(arguments: Sequence[str], port: int, env: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """A `fasit` process that is to serve on `port`, with those it starts itself in a group of their own."""
    command = [sys.executable, "-m", "app", *arguments, "--port", str(port)]
    return subprocess.Popen(command, env=dict(env), stdout=log, stderr=log, start_new_session=True)


def wait_until_served(address: str, process: subprocess.Popen[bytes], begun: float) -> float:
    """Seconds from `begun` to the first answer. Raises `AppError` when there is none."""
    while (passed := time.perf_counter() - begun) < LONGEST_START:
        if process.poll() is not None:
            raise AppError(f"The server ended with exit code {process.returncode} before it answered.")
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=5):
                return time.perf_counter() - begun
        except urllib.error.HTTPError:
            return passed
        except OSError:
            time.sleep(0.02)
    raise AppError(f"The server did not answer within {LONGEST_START:.0f} s.")


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fasit-bench-") as name:
        yield Path(name)

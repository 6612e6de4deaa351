"""Fasit as its own server processes, for tests in which people compete."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from app.settings import Settings


@contextmanager
def serving(settings: Settings, *, processes: int = 1) -> Iterator[list[str]]:
    """Addresses of as many server processes on the same database."""
    with ExitStack() as stack:
        yield [stack.enter_context(_process(settings)) for _ in range(processes)]


@contextmanager
def _process(settings: Settings) -> Iterator[str]:
    port = _free_port()
    environment = {
        **os.environ, "FASIT_DATABASE_URL": settings.database_url, "FASIT_MEDIA_URL": settings.media_url,
        "FASIT_SECRET_KEY": settings.secret_key or "", "FASIT_BASE_URL": "",
    }  # fmt: skip
    command = [sys.executable, "-c", "from app.cli import run; run()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended before it served"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not begin to serve")

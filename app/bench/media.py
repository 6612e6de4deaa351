"""`fasit bench media`: a large file by Range against a bare loop over a socket, and memory with many readers."""

import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from app.assets.signing import Signer
from app.assets.store import Store
from app.bench.driving import Server, environment, folder, free_port, running
from app.bench.figures import Figure, figure
from app.clock import system_clock
from app.db.migrate import migrate
from app.db.session import Database
from app.errors import AppError
from app.people import actions as people
from app.people.rules import Role
from app.settings import read_settings, secret_key

MEBI = 1 << 20
PAIRS, QUICK_PAIRS = 9, 5
SIZE, QUICK_SIZE = 200 * MEBI, 64 * MEBI
READERS = 16
# What sixteen readers may add to the server's memory: a few pieces each, not a file.
MOST_MEBI = 96

# The other side of the ratio: a process that does nothing but read the file and send it.
BARE = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
while True:
    connection, _ = listener.accept()
    with connection, open(sys.argv[1], "rb", buffering=0) as file:
        if connection.recv(65536):  # a probe that only asks whether we are here sends nothing
            while piece := file.read(1 << 20):
                connection.sendall(piece)
"""


@dataclass(frozen=True)
class Served:
    """One file of a running server, with what its one reader sends along."""

    server: Server
    path: Path
    url: str
    token: str
    size: int


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    size = QUICK_SIZE if quick else SIZE
    with folder() as place, _serving(place, size, database_url) as served, _bare(served.path) as bare_port:
        rounds = range(QUICK_PAIRS if quick else PAIRS)
        pairs = [(_read_ours(served), _read_bare(bare_port, size)) for _ in rounds]
        ratio = statistics.median(bare / ours for ours, bare in pairs)
        speed = size / MEBI / statistics.median(ours for ours, _ in pairs)
        grown = _growth(served)
    megabytes = size // MEBI
    return [
        figure("share of a bare socket loop", round(ratio, 3), "ratio", at_least=0.6, how=(
            f"one Range request for {megabytes} MB over loopback, against a process that reads the file and sends it in "
            f"1 MiB pieces; median of {len(pairs)} interleaved pairs")),
        figure("speed of one reader", round(speed), "MiB/s", how=f"median of {len(pairs)} reads of {megabytes} MB"),
        figure(f"memory added by {READERS} readers", round(grown, 1), "MiB", at_most=MOST_MEBI, how=(
            f"largest growth of the server's resident memory while {READERS} read {megabytes} MB each, side by side")),
    ]  # fmt: skip


@contextmanager
def _serving(place: Path, size: int, database_url: str | None) -> Iterator[Served]:
    more = {"FASIT_DATABASE_URL": database_url} if database_url else {}
    env = environment(place, FASIT_SECRET_KEY="bench " + os.urandom(16).hex(), **more)
    settings = read_settings(
        database_url=env["FASIT_DATABASE_URL"], media_url=env["FASIT_MEDIA_URL"], secret_key=env["FASIT_SECRET_KEY"]
    )
    database = Database(settings.database_url)
    migrate(database)
    store = Store(settings.media_folder)
    stored = store.put(BytesIO(os.urandom(MEBI) * (size // MEBI)))
    with database.write() as session:
        person = people.add_person(
            session, email=f"{os.urandom(4).hex()}@example.org", name="Reader", roles={Role.ENGINEER},
            organisation="Bench", clock=system_clock,
        )  # fmt: skip
        token = people.add_token(session, person=person, name="bench", clock=system_clock)
    database.close()
    url = Signer(secret_key(settings), person.id, system_clock()).url(stored.sha256, "video/mp4", "bench")
    with running(["serve"], free_port(), env) as server:
        yield Served(server, store.path(stored.sha256), url, token, size)


@contextmanager
def _bare(path: Path) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", BARE, str(path), str(port)])
    try:
        _wait_for(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port)) as probe:
                probe.shutdown(socket.SHUT_RDWR)
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise AppError("The bare loop did not start.")


def _read_ours(served: Served) -> float:
    address = urlsplit(served.server.address)
    request = (
        f"GET {served.url} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {served.token}\r\n"
        f"Range: bytes=0-\r\nConnection: close\r\n\r\n"
    )
    assert address.port is not None
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", address.port)) as connection:
        connection.sendall(request.encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        if not head.startswith(b"HTTP/1.1 206"):
            raise AppError(f"The server answered {head[:60]!r}.")
        body = head.partition(b"\r\n\r\n")[2]
        received = len(body) + _drain(connection)
    if received != served.size:
        raise AppError(f"Of {served.size} bytes {received} arrived.")
    return time.perf_counter() - started


def _read_bare(port: int, size: int) -> float:
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET")
        received = _drain(connection)
    if received != size:
        raise AppError(f"Of {size} bytes {received} arrived from the bare loop.")
    return time.perf_counter() - started


def _drain(connection: socket.socket) -> int:
    buffer = bytearray(MEBI)
    received = 0
    while count := connection.recv_into(buffer):
        received += count
    return received


def _growth(served: Served) -> float:
    """In MiB: the highest resident memory while they read, over what it was before."""
    status = Path(f"/proc/{served.server.process.pid}/status")
    if not status.exists():
        return 0.0
    before = _resident(status)
    done = threading.Event()
    seen = [before]

    def watch() -> None:
        while not done.wait(0.02):
            seen.append(_resident(status))

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(_read_ours, [served] * READERS))
    done.set()
    watcher.join()
    return (max(seen) - before) / 1024


def _resident(status: Path) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(found.group(1)) if found else 0

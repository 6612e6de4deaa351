"""The process that decoding children are forked from: decoders loaded once, so that a child costs milliseconds.

Started by `calling.py` with a socket and the modules to load. It never reads a foreign byte itself, has one thread, keeps
each child's wall clock, and tells how the child ended.
"""

import importlib
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from app.assets.sandbox import child
from app.assets.sandbox.rules import LONGEST_ORDER

_MOST_DESCRIPTORS = 16


@dataclass
class _Running:
    status: int
    deadline: float
    out_of_time: bool = False


def serve(control: socket.socket) -> None:
    """Forks on request until the other end closes."""
    running: dict[int, _Running] = {}
    woken, wake = os.pipe()
    for descriptor in (woken, wake):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select(_until_next_deadline(running))]
            if woken in ready:
                os.read(woken, 4096)
            _reap(running)
            _kill_late(running)
            if control in ready and not _take(control, running):
                break
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _take(control: socket.socket, running: dict[int, _Running]) -> bool:
    """One order: forks its child. False when the other end is gone."""
    message, descriptors, _, _ = socket.recv_fds(control, LONGEST_ORDER, _MOST_DESCRIPTORS)
    if not message:
        return False
    order: dict[str, Any] = json.loads(message)
    result, status, *files = descriptors
    pid = os.fork()
    if pid == 0:
        os.close(status)
        control.close()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        child.main(order, result, files)
    for descriptor in (result, *files):
        os.close(descriptor)
    running[pid] = _Running(status, monotonic() + float(order["limits"]["wall_seconds"]))
    return True


def _reap(running: dict[int, _Running]) -> None:
    while running:
        pid, ended, used = os.wait4(-1, os.WNOHANG)
        if pid == 0:
            return
        gone = running.pop(pid)
        told = {
            "signal": os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0,
            "out_of_time": gone.out_of_time,
            "peak_kib": used.ru_maxrss,
        }
        with suppress(BrokenPipeError):
            os.write(gone.status, json.dumps(told).encode())
        os.close(gone.status)


def _kill_late(running: dict[int, _Running]) -> None:
    for pid, job in running.items():
        if monotonic() >= job.deadline and not job.out_of_time:
            job.out_of_time = True
            os.kill(pid, signal.SIGKILL)


def _until_next_deadline(running: dict[int, _Running]) -> float | None:
    waiting = [job.deadline for job in running.values() if not job.out_of_time]
    return max(0.0, min(waiting) - monotonic()) if waiting else None


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the server, which ends us by closing the socket
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    for name in sys.argv[2:]:
        importlib.import_module(name)
    serve(socket.socket(fileno=int(sys.argv[1])))

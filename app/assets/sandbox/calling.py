"""Running a task on a foreign file in a confined child, from the server's side."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from io import FileIO
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from app.assets.sandbox.rules import LONGEST_ANSWER, LONGEST_ORDER, Limits
from app.errors import Invalid, Unavailable

# Python modules a child needs are loaded before the fork: it can open no file.
PRELOADED = ("app.assets.kinds", "app.assets.kinds.samples", "app.assets.kinds.stills")
ROOT = Path(__file__).resolve().parents[3]
CHILDREN_AT_ONCE = max(2, os.cpu_count() or 2)
# The zygote keeps a child's wall clock; this much later the zygote itself is taken for dead.
GRACE_SECONDS = 5.0

Report = Callable[[int, int], None]


class Sandbox:
    """The zygote and the children it forks. Started when first needed, and again should it die."""

    def __init__(self, preloaded: Sequence[str] = PRELOADED) -> None:
        self._preloaded = tuple(preloaded)
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(CHILDREN_AT_ONCE)
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def run(
        self,
        task: str,
        source: BinaryIO,
        arguments: Mapping[str, Any],
        *,
        outputs: Mapping[str, BinaryIO] | None = None,
        limits: Limits | None = None,
        report: Report | None = None,
    ) -> dict[str, Any]:
        """What `module:function` found. Raises `Invalid` with the reason when the file is at fault."""
        outputs = outputs or {}
        limits = limits or Limits()
        order = {
            "task": task, "arguments": dict(arguments), "outputs": list(outputs), "limits": asdict(limits),
        }  # fmt: skip
        message = json.dumps(order).encode()
        if len(message) > LONGEST_ORDER:
            raise ValueError("an order to the sandbox is too long")
        with self._places, _pipe() as (result_read, result_write), _pipe() as (status_read, status_write):
            # Opened anew: the child gets it for reading only, with a position of its own.
            with Path(f"/dev/fd/{source.fileno()}").open("rb", buffering=0) as own:
                files = [result_write, status_write, own, *outputs.values()]
                self._send(message, [file.fileno() for file in files])
            result_write.close()
            status_write.close()
            deadline = monotonic() + limits.wall_seconds + GRACE_SECONDS
            answer = _read_answer(result_read, deadline, report)
            result_read.close()
            status = b"".join(_chunks(status_read, deadline))
        told = json.loads(status) if status else {}
        return _understand(answer, told, limits, out_of_time=monotonic() >= deadline)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        with self._lock:
            for attempt in (1, 2):
                if self._control is None:
                    self._start()
                assert self._control is not None
                try:
                    socket.send_fds(self._control, [message], descriptors)
                except OSError as failure:  # the zygote died: once more with a new one
                    self._end()
                    if attempt == 2:  # noqa: PLR2004  # the second try is the last
                        raise Unavailable("Files cannot be decoded now, so nothing was changed.") from failure
                else:
                    return

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Nothing of the server's environment: no settings, no secrets. One BLAS thread: numpy would start more.
        environment = {
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", "app.assets.sandbox.zygote", str(theirs.fileno()), *self._preloaded]
        self._zygote = subprocess.Popen(  # noqa: S603  # our own module, by our own interpreter
            command, pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            cwd="/",
        )  # fmt: skip
        theirs.close()
        self._control = ours

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            try:
                self._zygote.wait(2)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
            self._zygote = None


SANDBOX = Sandbox()
atexit.register(SANDBOX.close)


def _understand(answer: dict[str, Any], status: dict[str, Any], limits: Limits, *, out_of_time: bool) -> dict[str, Any]:
    if "found" in answer:
        found: dict[str, Any] = answer["found"]
        return found
    if "refused" in answer:
        raise Invalid(str(answer["refused"]))
    killed_by = status.get("signal", 0)
    if killed_by == signal.SIGXCPU:
        raise Invalid(f"Decoding took more than {limits.cpu_seconds} s of processor time, so it was stopped.")
    if not status and not out_of_time:
        raise Unavailable("Decoding was interrupted, so nothing was changed. Try again.")  # the server is stopping
    if status.get("out_of_time") or not status:
        raise Invalid(f"Decoding took more than {limits.wall_seconds:g} s, so it was stopped.")
    if "memory" in answer:
        raise Invalid(f"Decoding needed more memory than allowed ({limits.memory >> 20} MB).")
    if killed_by == signal.SIGKILL:
        raise Invalid("Decoding was ended by the system, most likely for the memory it took.")
    if killed_by:
        raise Invalid(
            f"The decoder broke on this file ({signal.Signals(killed_by).name}); the file is damaged or hostile."
        )
    raise Invalid(f"The file could not be decoded: {answer.get('failed', 'the decoder gave no answer')}.")


def _read_answer(pipe: FileIO, deadline: float, report: Report | None) -> dict[str, Any]:
    """The last line of what the child wrote; progress lines go to `report`."""
    answer: dict[str, Any] = {}
    for line in _lines(pipe, deadline):
        try:
            said = json.loads(line)
        except ValueError:
            return {}
        if not isinstance(said, dict):
            return {}
        if "progress" not in said:
            answer = said
        elif report is not None:
            done, total = said["progress"]
            report(int(done), int(total))
    return answer


def _lines(pipe: FileIO, deadline: float) -> Iterator[bytes]:
    pending = b""
    for chunk in _chunks(pipe, deadline):
        *whole, pending = (pending + chunk).split(b"\n")
        yield from whole


def _chunks(pipe: FileIO, deadline: float) -> Iterator[bytes]:
    """What comes until the other end closes, the deadline passes, or it is too much."""
    received = 0
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while received < LONGEST_ANSWER and poll.poll(max(0.0, deadline - monotonic()) * 1000):
        chunk = pipe.read(1 << 16)
        if not chunk:
            return
        received += len(chunk)
        yield chunk


@contextmanager
def _pipe() -> Iterator[tuple[FileIO, FileIO]]:
    reading, writing = os.pipe()
    with FileIO(reading, "r") as read_end, FileIO(writing, "w") as write_end:
        yield read_end, write_end

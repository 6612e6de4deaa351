"""A forked child: takes its limits on, gives up all it does not need, runs one task and answers."""

import importlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

from app.assets.sandbox import seccomp
from app.assets.sandbox.rules import Limits, Undecodable

Report = Callable[[int, int], None]
Task = Callable[[BinaryIO, Mapping[str, BinaryIO], Mapping[str, Any], Report], Mapping[str, Any]]

NOBODY = 65534
# What a child of a platform without seccomp may no longer do. It stops Python's own calls, not a decoder's.
_FORBIDDEN = ("socket.", "subprocess.", "os.", "ctypes.", "shutil.", "import")


def main(order: Mapping[str, Any], result: int, descriptors: Sequence[int]) -> None:
    """Never returns: the process ends with its answer written."""
    try:
        answer = _work(order, result, descriptors)
    except Undecodable as fault:
        answer = {"refused": str(fault)}
    except MemoryError:
        answer = {"memory": True}
    except BaseException as failure:  # noqa: BLE001  # whatever a hostile file provokes is an answer too
        answer = {"failed": _describe(failure)}
    try:
        _write_line(result, answer)
    finally:
        os._exit(0)


def _work(order: Mapping[str, Any], result: int, descriptors: Sequence[int]) -> Mapping[str, Any]:
    _fall_silent()
    module, _, function = str(order["task"]).partition(":")
    task: Task = getattr(importlib.import_module(module), function)
    source = os.fdopen(descriptors[0], "rb")
    outputs = {
        name: os.fdopen(descriptor, "r+b") for name, descriptor in zip(order["outputs"], descriptors[1:], strict=True)
    }

    def report(done: int, total: int) -> None:
        _write_line(result, {"progress": [done, total]})

    _limit(Limits(**order["limits"]))
    if not seccomp.install():
        sys.addaudithook(_refuse)
    found = task(source, outputs, order["arguments"], report)
    for output in outputs.values():
        output.flush()
    return {"found": found}


def _fall_silent() -> None:
    """What decoders print about a file is the file's own text: it does not belong in the server's log."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _limit(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # At the soft limit comes a signal that says why; at the hard one death.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[0], int):
        return
    if event == "open" or event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not allowed here")


def _describe(failure: BaseException) -> str:
    where = traceback.extract_tb(failure.__traceback__)[-1:]
    place = f" ({where[0].name}, line {where[0].lineno})" if where else ""
    return f"{type(failure).__name__}: {failure}{place}"[:500]


def _write_line(descriptor: int, content: Mapping[str, Any]) -> None:
    data = json.dumps(content).encode() + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]

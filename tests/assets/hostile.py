"""What a decoder taken over by a hostile file might try; run inside the sandbox by test_sandbox.py."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

Outputs = Mapping[str, BinaryIO]
Arguments = Mapping[str, Any]


def _outcome(attempt: Callable[[], Any]) -> dict[str, Any]:
    try:
        attempt()
    except OSError as refused:
        return {"errno": refused.errno}
    return {"errno": 0}


def read_input(source: BinaryIO, outputs: Outputs, arguments: Arguments, report: Callable[[int, int], None]) -> Any:
    report(1, 2)
    content = source.read()
    outputs["copy"].write(content)
    return {"read": content.decode(), "given": arguments["given"]}


def open_passwords(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    return _outcome(lambda: Path("/etc/passwd").read_bytes())


def write_a_file(_source: BinaryIO, _outputs: Outputs, arguments: Arguments, _report: Any) -> Any:
    return _outcome(lambda: Path(arguments["path"]).write_bytes(b"hostile"))


def connect(_source: BinaryIO, _outputs: Outputs, arguments: Arguments, _report: Any) -> Any:
    return _outcome(lambda: socket.socket().connect(("127.0.0.1", arguments["port"])))


def fork(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    def attempt() -> None:
        while True:
            if os.fork() == 0:
                os._exit(0)

    return _outcome(attempt)


def execute(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    return _outcome(lambda: os.execv("/bin/true", ["true"]))


def start_a_program(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    return _outcome(lambda: subprocess.run(["/bin/true"], check=False))


def kill_the_parent(_source: BinaryIO, _outputs: Outputs, arguments: Arguments, _report: Any) -> Any:
    return _outcome(lambda: os.kill(arguments["pid"], 9))


def write_to_the_input(source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    return _outcome(lambda: os.write(source.fileno(), b"changed"))


def start_a_thread(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(1))
    thread.start()
    thread.join()
    return {"threads": len(done)}


def eat_memory(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    return {"sum": float(np.ones(8 << 30, dtype=np.uint8).sum())}


def spin(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    while True:
        pass


def sleep(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    time.sleep(60)
    return {}


def crash(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    os.abort()


def talk_without_end(_source: BinaryIO, _outputs: Outputs, _arguments: Arguments, report: Any) -> Any:
    while True:
        report(1, 1)


def fill_the_disk(_source: BinaryIO, outputs: Outputs, _arguments: Arguments, _report: Any) -> Any:
    while True:
        outputs["copy"].write(b"x" * (1 << 20))

"""The decoding sandbox: whatever happens inside costs one refusal, and the server goes on."""

import errno
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.assets.sandbox.calling import Sandbox
from app.assets.sandbox.rules import Limits
from app.errors import Invalid

HOSTILE = "tests.assets.hostile"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(preloaded=[HOSTILE])
    yield sandbox
    sandbox.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"foreign bytes")
    return path


def run(sandbox: Sandbox, source: Path, task: str, limits: Limits | None = None, **arguments: Any) -> dict[str, Any]:
    with source.open("rb") as file, source.with_name("copy").open("w+b") as copy:
        return sandbox.run(f"{HOSTILE}:{task}", file, arguments, outputs={"copy": copy}, limits=limits)


def test_a_task_reads_its_input_writes_its_output_reports_and_answers(sandbox: Sandbox, source: Path) -> None:
    seen: list[tuple[int, int]] = []
    with source.open("rb") as file, source.with_name("copy").open("w+b") as copy:
        found = sandbox.run(
            f"{HOSTILE}:read_input", file, {"given": 7}, outputs={"copy": copy}, report=lambda *step: seen.append(step)
        )
    assert found == {"read": "foreign bytes", "given": 7}
    assert seen == [(1, 2)]
    assert source.with_name("copy").read_bytes() == b"foreign bytes"


@pytest.mark.parametrize("task", ["open_passwords", "fork", "execute", "start_a_program"])
def test_what_a_decoder_never_needs_is_not_permitted(sandbox: Sandbox, source: Path, task: str) -> None:
    assert run(sandbox, source, task) == {"errno": errno.EPERM}


def test_nothing_is_written_elsewhere(sandbox: Sandbox, source: Path) -> None:
    path = source.with_name("elsewhere")
    assert run(sandbox, source, "write_a_file", path=str(path)) == {"errno": errno.EPERM}
    assert not path.exists()


def test_the_network_is_out_of_reach_even_on_this_machine(sandbox: Sandbox, source: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        port = listener.getsockname()[1]
        assert run(sandbox, source, "connect", port=port) == {"errno": errno.EPERM}
        with pytest.raises(TimeoutError):
            listener.accept()


def test_nobody_else_is_signalled(sandbox: Sandbox, source: Path) -> None:
    assert run(sandbox, source, "kill_the_parent", pid=os.getpid()) == {"errno": errno.EPERM}


def test_the_input_is_for_reading_only(sandbox: Sandbox, source: Path) -> None:
    assert run(sandbox, source, "write_to_the_input") == {"errno": errno.EBADF}
    assert source.read_bytes() == b"foreign bytes"


def test_threads_are_allowed_as_decoders_use_them(sandbox: Sandbox, source: Path) -> None:
    assert run(sandbox, source, "start_a_thread") == {"threads": 1}


@pytest.mark.parametrize(
    ("task", "limits", "reason"),
    [
        pytest.param("eat_memory", Limits(), "more memory than allowed", id="memory"),
        pytest.param("spin", Limits(cpu_seconds=1), "took more than 1 s of processor time", id="cpu"),
        pytest.param("spin", Limits(wall_seconds=0.5), "took more than 0.5 s", id="wall clock"),
        pytest.param("sleep", Limits(wall_seconds=0.5), "took more than", id="sleeping"),
        pytest.param("crash", Limits(), "decoder broke on this file", id="crash"),
        pytest.param("talk_without_end", Limits(wall_seconds=20), "could not be decoded", id="endless answer"),
        pytest.param("fill_the_disk", Limits(file_size=1 << 22), "could not be decoded", id="file size"),
    ],
)
def test_a_limit_refuses_the_file_with_its_reason(
    sandbox: Sandbox, source: Path, task: str, limits: Limits, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        run(sandbox, source, task, limits)
    assert run(sandbox, source, "read_input", given=1)["read"] == "foreign bytes"


def test_a_zygote_that_died_is_started_again(sandbox: Sandbox, source: Path) -> None:
    assert run(sandbox, source, "read_input", given=1)["given"] == 1
    zygote = sandbox._zygote
    assert zygote is not None
    zygote.kill()
    zygote.wait()
    assert run(sandbox, source, "read_input", given=2)["given"] == 2


def test_a_child_costs_milliseconds(sandbox: Sandbox, source: Path) -> None:
    run(sandbox, source, "read_input", given=1)
    started = time.perf_counter()
    for _ in range(10):
        run(sandbox, source, "read_input", given=1)
    assert (time.perf_counter() - started) / 10 < 0.2

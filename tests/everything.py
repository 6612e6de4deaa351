"""`make test`: the checks, JavaScript's tests, then every Python test, PostgreSQL's and the browser's included."""

import os
import subprocess
import sys
from pathlib import Path

from tests import machine

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS = (
    ("formatting", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("imports", ["lint-imports"]),
    ("types", ["mypy"]),
)
# With every test they run among the others.
ALONE = ("architecture", ["python", "-m", "pytest", "-q", "-n", "2", "tests/architecture"])


def run(what: str, command: list[str]) -> bool:
    print(f"== {what}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def check(*, alone: bool) -> list[str]:
    """Runs every check, even after one failed; the names of those that failed."""
    checks = (*CHECKS, ALONE) if alone else CHECKS
    return [what for what, command in checks if not run(what, [str(BIN / command[0]), *command[1:]])]


def javascript() -> tuple[list[str], list[str]]:
    node = machine.find_node()
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/**/*.test.js"))
    if node is None:
        return [], ["JavaScript's tests: no Node here, and none could be installed"]
    return ([] if run("javascript", [node, "--test", *files]) else ["javascript"]), []


def python() -> list[str]:
    workers = str(max(2, os.cpu_count() or 2))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        workers,
        "--dist",
        "worksteal",
        "--ignore=tests/architecture",
    ]
    return [] if run("tests", command) else ["tests"]


def main() -> int:
    only_check = "--check" in sys.argv
    failed = check(alone=only_check)
    not_run: list[str] = []
    if not only_check:
        machine.install_missing()
        failed_js, not_run = javascript()
        failed += failed_js + python()
        if machine.find_postgresql() is None:
            not_run.append("PostgreSQL's tests: its programs are not here and could not be installed")
        if machine.find_chromium() is None:
            not_run.append("the browser's tests: no Chromium here, and none could be installed")
    for what in not_run:
        print(f"NOT RUN: {what}")
    print(f"FAILED: {', '.join(failed)}" if failed else "All passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

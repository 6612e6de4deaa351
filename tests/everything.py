"""`make test`: every Python test, PostgreSQL's and the browser's included; beside them the checks and JavaScript's tests."""

import compileall
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
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
    """For what runs beside others: says in one piece what it was, and what it said."""
    done = subprocess.run(
        command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    print(f"\n== {what}\n{done.stdout}", end="", flush=True)
    return done.returncode == 0


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
    options = ["-q", "-n", workers, "--dist", "worksteal", "--ignore=tests/architecture"]
    print("== tests", flush=True)
    done = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=ROOT, check=False)
    return [] if done.returncode == 0 else ["tests"]


def everything() -> tuple[list[str], list[str]]:
    """What failed, and what could not run."""
    machine.install_missing()
    # Tests start Fasit many times, also where Python was told to keep nothing compiled.
    compileall.compile_dir(ROOT / "app", quiet=2)
    with ThreadPoolExecutor(1) as beside:
        checks = beside.submit(check, alone=False)
        scripts = beside.submit(javascript)
        failed = python()
        failed_js, not_run = scripts.result()
        failed = checks.result() + failed_js + failed
    if machine.find_postgresql() is None:
        not_run.append("PostgreSQL's tests: its programs are not here and could not be installed")
    if machine.find_chromium() is None:
        not_run.append("the browser's tests: no Chromium here, and none could be installed")
    return failed, not_run


def main() -> int:
    failed, not_run = (check(alone=True), []) if "--check" in sys.argv else everything()
    for what in not_run:
        print(f"NOT RUN: {what}")
    print(f"FAILED: {', '.join(failed)}" if failed else "All passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

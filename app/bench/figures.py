"""What a benchmark reports, and about which machine."""

import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value. `goal` as written in docs/benchmarks.md, such as `<= 1.3`; None where it only informs."""

    name: str
    value: float
    unit: str
    goal: str | None
    met: bool
    how: str


def figure(
    name: str, value: float, unit: str, *, how: str, at_most: float | None = None, at_least: float | None = None
) -> Figure:
    """A figure that judges itself by one bound."""
    if at_most is not None:
        return Figure(name, value, unit, f"<= {at_most:g}", value <= at_most, how)
    if at_least is not None:
        return Figure(name, value, unit, f">= {at_least:g}", value >= at_least, how)
    return Figure(name, value, unit, None, True, how)


def machine() -> dict[str, Any]:
    """The machine the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_bytes": memory,
        "python": platform.python_version(),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def report(bench: str, database: str, figures: list[Figure]) -> dict[str, Any]:
    return {"bench": bench, "machine": machine(), "database": database, "figures": [asdict(one) for one in figures]}

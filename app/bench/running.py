"""Finding a benchmark by name and running it."""

import importlib
import pkgutil
from typing import Any

import app.bench
from app.bench.figures import report

NOT_BENCHMARKS = {"figures", "running", "driving", "browser"}  # nor what stands beside one: `claims_site`, `page_sizes`
RENAMED = {"importing": "import"}  # a word of Python's own


def names() -> list[str]:
    found = {module.name for module in pkgutil.iter_modules(app.bench.__path__)}
    return sorted(RENAMED.get(name, name) for name in found - NOT_BENCHMARKS if "_" not in name)


def run(name: str, *, quick: bool, database_url: str | None) -> dict[str, Any]:
    """The report of one of the benchmarks, as docs/benchmarks.md describes it."""
    file = next((file for file, called in RENAMED.items() if called == name), name)
    module = importlib.import_module(f"app.bench.{file}")
    figures = module.run(quick=quick, database_url=database_url)
    database = "postgresql" if (database_url or "").startswith("postgresql") else "sqlite"
    return report(name, database, figures)

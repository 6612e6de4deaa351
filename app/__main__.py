"""`python -m app` is `fasit`."""

from app.cli import run

run()

"""What a decoding child may use, and how it is told what went wrong."""

from dataclasses import dataclass

MEBI = 1 << 20
GIBI = 1 << 30

# A child's answer is facts, not media: those go to the files it was handed.
LONGEST_ANSWER = MEBI
LONGEST_ORDER = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """Of one child. Wall time is kept by the process that forked it, the rest by the kernel."""

    memory: int = 2 * GIBI
    cpu_seconds: int = 120
    wall_seconds: float = 60
    file_size: int = 4 * GIBI
    open_files: int = 64


class Undecodable(Exception):  # it says what is the matter with the file
    """Raised in a child: the file is at fault, in one sentence for the person who brought it."""

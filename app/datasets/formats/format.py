"""What every export format can do. Pure: canonical labels in, bytes out, one label at a time."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class Format(ABC):
    """One format. A new one is one file beside this one and one line in the registry."""

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    suffix: ClassVar[str]
    content_type: ClassVar[str]

    def head(self, bodies: Sequence[Mapping[str, Any]]) -> bytes:  # noqa: ARG002 - most formats have none
        """What stands before the first label. `bodies` are the project's schemas, oldest first."""
        return b""

    @abstractmethod
    def row(self, label: Mapping[str, Any], bodies: Sequence[Mapping[str, Any]]) -> bytes:
        """One canonical label."""

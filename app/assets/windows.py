"""Stretches of a sound asked for while somebody looks close: decoded then, in the sandbox, from its working copy."""

from tempfile import TemporaryFile
from typing import Any

from app.assets.kinds import samples as kind
from app.assets.sandbox.calling import SANDBOX
from app.assets.sandbox.rules import Limits
from app.assets.signing import Address
from app.assets.store import Store
from app.errors import Invalid, NotFound

COPY_TYPE = "audio/mp4"
MOST_SAMPLES = 1 << 18
MOST_HOP = 1 << 14
LIMITS = Limits(memory=1 << 30, cpu_seconds=20, wall_seconds=20)


def samples(store: Store, address: Address, *, start: int, count: int) -> bytes:
    """At most `MOST_SAMPLES` from `start` on, fewer where the sound ends. Raises `NotFound` for what is no sound."""
    if start < 0 or not 0 < count <= MOST_SAMPLES:
        raise Invalid(f"From 1 to {MOST_SAMPLES} samples can be asked for at once, from sample 0 on.")
    return _made(store, address, f"{kind.__name__}:window", {"start": start, "count": count})


def spectrogram(store: Store, address: Address, *, hop: int, column: int) -> bytes:
    """A tile as WebP. Raises `NotFound` for what is no sound."""
    if not 0 < hop <= MOST_HOP or column < 0:
        raise Invalid(f"A column has from 1 to {MOST_HOP} samples, and tiles count from 0.")
    return _made(store, address, f"{kind.__name__}:picture", {"hop": hop, "column": column})


def _made(store: Store, address: Address, task: str, arguments: dict[str, Any]) -> bytes:
    if address.content_type != COPY_TYPE:
        raise NotFound
    with store.open(address.sha256) as source, TemporaryFile() as made:
        SANDBOX.run(task, source, arguments, outputs={"window": made}, limits=LIMITS)
        made.seek(0)
        return made.read()

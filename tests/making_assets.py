"""Small media made on the spot, and assets of them."""

import io
import wave
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image
from sqlalchemy.orm import Session

from app.assets import actions
from app.assets.intake import GivenPart
from app.assets.models import Asset
from app.assets.store import Store
from app.clock import Clock
from app.people.models import Person
from app.projects.models import Project


def picture(width: int = 60, height: int = 40, *, form: str = "PNG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose top left quarter is red."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    file = io.BytesIO()
    image = image.convert(mode)
    if mode == "RGBA":
        image.putalpha(200)
    image.save(file, form, **options)
    return file.getvalue()


def tone(samples: int = 4410, rate: int = 44_100) -> bytes:
    """A mono 16-bit WAV."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.sin(np.arange(samples) * 0.05) * 9000).astype("<i2").tobytes())
    return file.getvalue()


def file_part(content: bytes, *, name: str = "creative", modality: str = "image") -> GivenPart:
    return GivenPart(name, modality, file=io.BytesIO(content))


def make_asset(
    session: Session,
    store: Store,
    *,
    project: Project,
    person: Person | None = None,
    clock: Clock,
    external_id: str = "ad-1",
    metadata: Mapping[str, Any] | None = None,
    parts: list[GivenPart] | None = None,
) -> Asset:
    """An ad of one line of text, unless told otherwise."""
    given = parts if parts is not None else [GivenPart("creative", "text", text="Buy now 🙂")]
    asset, _ = actions.add_asset(
        session, store, project=project, external_id=external_id, metadata=metadata or {}, parts=given, person=person,
        clock=clock,
    )  # fmt: skip
    return asset

"""Taking a part in: its file stored and probed, its text read. No database: it is slow, and happens before any is held."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from app.assets import rules
from app.assets.kinds import MEDIA_KINDS, text
from app.assets.rules import Modality
from app.assets.sandbox.calling import SANDBOX
from app.assets.store import Incoming, Store
from app.errors import Invalid, Problem


@dataclass(frozen=True)
class GivenPart:
    """A part as somebody brings it: `text`, or an open `file`, or the `path` of one, or what opens it."""

    name: str
    modality: str
    text: str | None = None
    file: BinaryIO | None = None
    path: Path | None = None
    opener: Callable[[], BinaryIO] | None = None
    encoding: str | None = None  # of a text file, where it is declared


@dataclass(frozen=True)
class FoundMedia:
    sha256: str
    byte_size: int
    content_type: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class TakenPart:
    """A part that fits: its medium is in the store, or its text is known."""

    name: str
    modality: Modality
    sha256: str
    text: str | None = None
    media: FoundMedia | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


# Refuses, before any file is kept, an ad that would be refused for what is there already.
Admit = Callable[[Sequence[TakenPart]], None]


def take_all(
    store: Store,
    *,
    external_id: str,
    metadata: object,
    parts: Sequence[GivenPart | TakenPart],
    admit: Admit | None = None,
) -> list[TakenPart]:
    """Raises `Invalid` with every fault of the ad and of its parts, each at its path. Files are kept last, all or none:
    a refused ad leaves nothing in the store.
    """
    faults = rules.find_faults(external_id, metadata, [(part.name, str(part.modality)) for part in parts])
    if faults:
        raise Invalid(faults[0].message, problems=faults)
    taken = []
    with ExitStack() as open_files:
        coming: list[Incoming] = []
        for number, part in enumerate(parts):
            try:
                taken.append(part if isinstance(part, TakenPart) else _take(store, part, open_files, coming))
            except Invalid as refused:
                faults.append(Problem(f"/parts/{number}", f"{part.name}: {refused.sentence}"))
        if faults:
            raise Invalid(faults[0].message, problems=faults)
        if admit is not None:
            admit(taken)
        for incoming in coming:
            store.keep(incoming)
    return taken


def take_texts(*, external_id: str, metadata: object, parts: Sequence[GivenPart]) -> list[TakenPart]:
    """As `take_all`, of an ad whose parts all came as text: there is nothing to store."""
    faults = rules.find_faults(external_id, metadata, [(part.name, part.modality) for part in parts])
    taken = []
    for number, part in enumerate(parts if not faults else ()):
        try:
            taken.append(_given_text(part))
        except Invalid as refused:
            faults.append(Problem(f"/parts/{number}", f"{part.name}: {refused.sentence}"))
    if faults:
        raise Invalid(faults[0].message, problems=faults)
    return taken


def _given_text(part: GivenPart) -> TakenPart:
    if part.modality != Modality.TEXT:
        raise Invalid(f"A part of modality {part.modality} is a file, not text.")
    assert part.text is not None
    return _text_part(part, text.given(part.text))


def _take(store: Store, part: GivenPart, open_files: ExitStack, coming: list[Incoming]) -> TakenPart:
    """Probes one part; its file is added to those `coming`. Raises `Invalid` with the reason it does not fit."""
    if part.text is not None:
        return _given_text(part)
    if part.path is not None:
        with part.path.open("rb") as file:
            return _take_file(store, part, file, open_files, coming)
    if part.opener is not None:
        with part.opener() as file:
            return _take_file(store, part, file, open_files, coming)
    if part.file is None:
        raise Invalid("The part has neither a file nor text.")
    return _take_file(store, part, part.file, open_files, coming)


def _take_file(
    store: Store, part: GivenPart, file: BinaryIO, open_files: ExitStack, coming: list[Incoming]
) -> TakenPart:
    if part.modality == Modality.TEXT:
        return _text_part(part, text.decode(file.read(text.MOST_BYTES + 1), part.encoding))
    kind = MEDIA_KINDS[Modality(part.modality)]
    incoming = open_files.enter_context(store.incoming())
    incoming.copy_from(file)
    found = SANDBOX.run(kind.probe, incoming.file, {}, limits=kind.probe_limits)
    stored = incoming.digest()
    coming.append(incoming)
    media = FoundMedia(stored.sha256, stored.byte_size, found["content_type"], found["facts"])
    return TakenPart(part.name, kind.modality, stored.sha256, media=media)


def _text_part(part: GivenPart, found: text.FoundText) -> TakenPart:
    facts = {"encoding": found.encoding, "byte_size": found.byte_size, "characters": len(found.text)}
    return TakenPart(part.name, Modality.TEXT, found.sha256, text=found.text, facts=facts)

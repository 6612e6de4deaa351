"""Segments of time in audio and video, with a transcript where it is wanted."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from app.assets.rules import Modality, PartFacts
from app.errors import Problem
from app.schemas import shapes
from app.schemas.kinds.frames import FrameTable, microseconds
from app.schemas.kinds.kind import Field
from app.schemas.kinds.marks import MarkKind
from app.schemas.rules import LARGEST_NUMBER, TEXT_AT_MOST
from app.schemas.shapes import step

WORDS_AT_MOST = 5000
LONGEST_WORD = 200
SPOKEN = ("transcript", "words")

_INDEX = shapes.whole(0, int(LARGEST_NUMBER))
_ADDED = {
    Modality.VIDEO: {"start": "start_frame", "end": "end_frame"},
    Modality.AUDIO: {"start": "start_sample", "end": "end_sample"},
}


def _transcript(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, "must be text")
    elif len(value) > TEXT_AT_MOST:
        yield Problem(path, f"has {len(value)} characters, at most {TEXT_AT_MOST} are allowed")


_WORD = shapes.record(
    {"text": shapes.text(LONGEST_WORD), "start": shapes.number, "end": shapes.number}, ["text", "start", "end"]
)
_words = shapes.list_of(_WORD, at_most=WORDS_AT_MOST)


def _check_words(mark: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """They lie in their segment, one after the other."""
    first, last = microseconds(mark["start"]), microseconds(mark["end"])
    before = first
    for index, word in enumerate(mark.get("words", ())):
        start, end = microseconds(word["start"]), microseconds(word["end"])
        if not first <= start <= end <= last:
            yield Problem(f"{path}/words/{index}", "must lie in its segment, its start before its end")
        elif start < before:
            yield Problem(f"{path}/words/{index}/start", "is before the start of the word before")
        before = start


def takes_transcript(field: Field, modality: Modality) -> bool:
    """Audio segments may carry a transcript unless the field says `false`; video segments where it says `true`."""
    return bool(field.get("transcript", modality == Modality.AUDIO))


def _indices(mark: Mapping[str, Any], part: PartFacts) -> dict[str, int]:
    """What the server adds: frames (the end exclusive) for video, samples at the original rate for audio."""
    start, end = microseconds(mark["start"]), microseconds(mark["end"])
    if part.modality == Modality.VIDEO:
        frames = FrameTable.of(part)
        return {"start_frame": frames.shown_at(start), "end_frame": frames.first_from(end)}
    if part.sample_rate is None:
        return {}
    last = part.samples if part.samples is not None else int(LARGEST_NUMBER)
    return {
        "start_sample": min(round(mark["start"] * part.sample_rate), last),
        "end_sample": min(round(mark["end"] * part.sample_rate), last),
    }


def _fits(name: str, value: int, computed: int, mark: Mapping[str, Any], part: PartFacts) -> bool:
    if value == computed:
        return True
    if part.modality != Modality.VIDEO:
        return abs(value - computed) <= 1
    frames = FrameTable.of(part)
    time = mark["start"] if name == "start_frame" else mark["end"]
    return value <= frames.count and frames.agrees(value, microseconds(time))


class Segments(MarkKind):
    name = "segments"
    title = "Time segments"
    summary = (
        "Half-open times in seconds on audio and video; `transcript` asks for the words of each, `lanes` names the own"
        " question, as of the speaker, by whose answers they lie in lanes."
    )
    modalities = frozenset({Modality.AUDIO, Modality.VIDEO})
    options: ClassVar = {**MarkKind.options, "transcript": shapes.flag, "lanes": shapes.name}
    shape: ClassVar = {
        "start": shapes.number,
        "end": shapes.number,
        "transcript": _transcript,
        "words": _words,
        **{name: _INDEX for names in _ADDED.values() for name in names.values()},
    }
    shape_needed = ("start", "end")

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:
        yield from super().check_options(field, path)
        own = [one["name"] for one in field.get("fields", []) if one["kind"] == "choice"]
        if "lanes" in field and field["lanes"] not in own:
            there = f"there is {', '.join(own)}" if own else "it has none"
            yield Problem(f"{path}/lanes", f"must name a question of kind choice among the field's own fields; {there}")

    def check_mark(self, field: Field, mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        start, end = microseconds(mark["start"]), microseconds(mark["end"])
        # One microsecond of grace: a duration of 1/3 s is written with as many digits as a float has.
        last = microseconds(part.duration or 0) + 1
        if start < 0:
            yield Problem(f"{path}/start", f"is before the start of {part.name}")
        elif end > last:
            yield Problem(f"{path}/end", f"is after the end of {part.name}, which lasts {part.duration} seconds")
        elif start >= end:
            yield Problem(f"{path}/end", "must be after start")
        else:
            yield from self._check_indices(mark, path, part)
        if not takes_transcript(field, part.modality):
            yield from (Problem(f"{path}/{name}", "is not asked for here") for name in SPOKEN if name in mark)
        yield from _check_words(mark, path)

    @staticmethod
    def _check_indices(mark: Mapping[str, Any], path: str, part: PartFacts) -> Iterator[Problem]:
        computed = _indices(mark, part)
        for name in (name for names in _ADDED.values() for name in names.values() if name in mark):
            if name not in computed:
                yield Problem(f"{path}/{name}", f"does not go with {part.modality.value}")
            elif not _fits(name, mark[name], computed[name], mark, part):
                yield Problem(f"{path}/{name}", f"does not agree with the time, which is at {computed[name]}")

    def mark_schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        index = {"type": "integer", "minimum": 0}
        added = {name: index for names in _ADDED.values() for name in names.values()}
        return {
            "start": {"type": "number", "minimum": 0},
            "end": {"type": "number", "exclusiveMinimum": 0},
            "transcript": {"type": "string", "maxLength": TEXT_AT_MOST},
            "words": {
                "type": "array",
                "maxItems": WORDS_AT_MOST,
                "items": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_WORD},
                        "start": {"type": "number", "minimum": 0},
                        "end": {"type": "number", "minimum": 0},
                    },
                    "required": ["text", "start", "end"],
                    "additionalProperties": False,
                },
            },
        } | added

    def free_text(self, answer: Any, path: str) -> Iterator[tuple[str, str]]:
        for index, mark in enumerate(answer):
            if isinstance(mark.get("transcript"), str):
                yield f"{step(path, index)}/transcript", mark["transcript"]
            for number, word in enumerate(mark.get("words", ())):
                yield f"{step(path, index)}/words/{number}/text", word["text"]

    def enrich_mark(self, mark: dict[str, Any], part: PartFacts | None) -> dict[str, Any]:
        # What the labeler's page sent and the check let through stands: the server adds, it does not correct.
        return mark if part is None else _indices(mark, part) | mark

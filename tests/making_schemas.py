"""Schemas, facts and answers for tests."""

from typing import Any

from app.assets.rules import AssetFacts, Modality, PartFacts

FLAG = "👩🏽\u200d⚕️ Öl e\u0301 שלום 🇳🇴"
FRAMES = (0, 33_333, 66_667, 150_000, 166_667)
FRAMES_END = 250_000

IMAGE = PartFacts("creative", Modality.IMAGE, "0" * 64, width=1080, height=1350)
TEXT = PartFacts("caption", Modality.TEXT, "1" * 64, text=FLAG)
AUDIO = PartFacts("voice", Modality.AUDIO, "2" * 64, duration=11.5, sample_rate=48_000, samples=552_000)
VIDEO = PartFacts(
    "film", Modality.VIDEO, "3" * 64, width=640, height=360, duration=0.25,
    frame_count=len(FRAMES), frame_times=FRAMES, frame_end=FRAMES_END,
)  # fmt: skip
PARTS = {part.name: part for part in (IMAGE, TEXT, AUDIO, VIDEO)}


def make_facts(*parts: PartFacts) -> AssetFacts:
    return AssetFacts("a1", 1, "ad-1", {}, parts or tuple(PARTS.values()))


def make_schema(
    *fields: dict[str, Any], parts: list[dict[str, Any]] | None = None, name: str = "Ads"
) -> dict[str, Any]:
    """A schema over one part of every modality, unless told otherwise."""
    everything = [{"name": part.name, "modality": part.modality.value} for part in PARTS.values()]
    return {"name": name, "parts": everything if parts is None else parts, "fields": list(fields) or [make_verdict()]}


def make_choices(*values: str) -> list[dict[str, Any]]:
    return [{"value": value} for value in values]


def make_verdict(**more: Any) -> dict[str, Any]:
    return {"name": "verdict", "kind": "choice", "choices": make_choices("allow", "reject"), **more}


def make_marks_field(kind: str, **more: Any) -> dict[str, Any]:
    return {"name": "marks", "kind": kind, "choices": make_choices("bottle", "logo"), **more}


def make_box(**more: Any) -> dict[str, Any]:
    return {"id": "m1", "choice": "bottle", "x": 10, "y": 20, "width": 30, "height": 40, **more}


def make_polygon(*points: list[float], **more: Any) -> dict[str, Any]:
    return {"id": "m1", "choice": "bottle", "points": list(points) or [[0, 0], [100, 0], [50, 80.5]], **more}


def make_templates() -> dict[str, Any]:
    face = {"points": ["left_eye", "right_eye", "mouth"], "skeleton": [["left_eye", "right_eye"]]}
    return {"face": face}


def make_keypoints(**more: Any) -> dict[str, Any]:
    points = {"left_eye": [10, 20, 2], "right_eye": [30, 20.5, 1], "mouth": [0, 0, 0]}
    return {"id": "m1", "choice": "bottle", "points": points, **more}


def make_mask(counts: str | None = None, size: list[int] | None = None, **more: Any) -> dict[str, Any]:
    """Of the size of the picture, its first three pixels of the first column."""
    made = [IMAGE.height, IMAGE.width] if size is None else size
    return {"id": "m1", "choice": "bottle", "rle": {"size": made, "counts": counts or "03]j_\\1"}, **more}


def make_relation(start: str = "s1", end: str = "s2", **more: Any) -> dict[str, Any]:
    return {"id": "r1", "choice": "bottle", "from": start, "to": end, **more}


def make_span(start: int = 0, end: int = 4, *, text: str = FLAG, **more: Any) -> dict[str, Any]:
    return {"id": "m1", "choice": "bottle", "start": start, "end": end, "text": text[start:end], **more}


def make_segment(start: float = 1.0, end: float = 2.0, **more: Any) -> dict[str, Any]:
    return {"id": "m1", "choice": "bottle", "start": start, "end": end, **more}


def make_keyframe(frame: int = 0, **more: Any) -> dict[str, Any]:
    time = FRAMES[frame] / 1_000_000 if frame < len(FRAMES) else 1.0
    return {"frame": frame, "time": time, "x": 0, "y": 0, "width": 10, "height": 10, **more}


def make_track(*keyframes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "m1", "choice": "bottle", "keyframes": list(keyframes) or [make_keyframe()], **more}

"""Random marks of every kind: drawn by the page's own tools, saved, loaded again, submitted, exported and read back."""

import io
import json
import subprocess
import sys
import wave
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from PIL import Image

from app.assets.intake import GivenPart
from app.bench import page_trip_marks as marks
from app.bench import site
from app.bench.browser import chromium, sign_in_by_password
from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SLOW = 120_000  # milliseconds that the page may take at all
HANDS = Path(__file__).with_name("page_trip.js")
HELD = "() => JSON.stringify(document.querySelector('fasit-work').work.sendable().answers)"
NOT_DRAWN = {"start_frame", "end_frame", "start_sample", "end_sample"}  # the server adds these
HOW = (
    "of {count} random marks (boxes upright and turned, polygons, ellipses, lines, key points, masks, spans, relations, "
    "segments of sound and video, tracks), drawn by the page's tools, saved, loaded again, submitted, exported as JSONL: "
    "how many are not what was drawn (pixels within 0.01, code points, samples, frames and runs exactly); seed {seed}"
)


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    tasks, each = (2, 65) if quick else (10, 200)
    return measure(tasks=tasks, each=each, seed=20261127)


def measure(*, tasks: int, each: int, seed: int, browser: "Browser | None" = None) -> list[Figure]:
    """`tasks` ads with `each` marks on every one, in `browser` or one of its own."""
    chance = Random(seed)  # noqa: S311  # repeatable, not secret
    captions = {f"ad-{number}": marks.caption(chance, 120) for number in range(tasks)}
    drawn: dict[str, tuple[marks.Plan, dict[str, Any]]] = {}
    unsaved = 0
    with folder() as own:
        env = environment(own)
        queue = site.build(own, env["FASIT_DATABASE_URL"], schema=marks.SCHEMA, ads=_ads(captions))
        with running(["serve"], free_port(), env) as server, nullcontext(browser) if browser else chromium() as used:
            page = _begin(used, server.address, queue)
            for _ in range(tasks):
                name = page.locator(".work-asset").inner_text()
                plan = marks.Planner(chance, captions[name]).plan(each)
                drawn[name], is_held = _label(page, plan)
                unsaved += not is_held
            page.context.close()
        labels = _exported(own, env)
    lost = sum(_lost(*drawn[label["asset"]["external_id"]], label["answers"]) for label in labels)
    lost += each * (tasks - len(labels))
    how = HOW.format(count=tasks * each, seed=seed)
    return [
        figure("round trip", lost, "marks", how=how, at_most=0),
        figure(
            "round trip, drafts", unsaved, "tasks", how="tasks whose draft loaded otherwise than it was left", at_most=0
        ),
    ]


def _begin(browser: "Browser", address: str, queue: str) -> "Page":
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(SLOW)
    sign_in_by_password(page, address, site.LABELER, site.PASSWORD)
    page.goto(f"{address}/queues/{queue}/work")
    _awake(page)
    return page


def _awake(page: "Page") -> None:
    for part in ("fasit-work", "fasit-video"):
        page.locator(f"{part}:not([aria-busy])").wait_for()
    page.locator(".image-picture[data-loaded]").wait_for()


def _label(page: "Page", plan: marks.Plan) -> tuple[tuple[marks.Plan, dict[str, Any]], bool]:
    """Draws and submits. Gives the plan with what the page held of it, and whether it held the same when loaded again."""
    root = page.evaluate("() => document.querySelector('script[src*=work-shell]').src.split('/js/')[0]")
    task = page.locator("fasit-work").get_attribute("data-task")
    held = page.evaluate(HANDS.read_text(encoding="utf-8"), {"root": root, "plan": plan})
    page.locator(".work-saved[data-state=saved]").wait_for()
    before = page.evaluate(HELD)
    page.reload()
    _awake(page)
    is_held = json.loads(page.evaluate(HELD)) == json.loads(before) == held["answers"]
    page.keyboard.press("Control+Enter")
    page.locator(f"fasit-work[data-task='{task}']").wait_for(state="detached")
    page.locator(".work-saved[data-state=saved], #work.work-empty, #work .empty").first.wait_for()
    if page.locator("fasit-work").count():
        _awake(page)
    return (plan, held), is_held


def _exported(own: Path, env: Mapping[str, str]) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "app", "export", site.PROJECT, "--format", "jsonl", "--out", str(own / "out")]
    subprocess.run(command, env=dict(env), check=True, capture_output=True)
    lines = [line for path in sorted((own / "out").rglob("*.jsonl")) for line in path.read_text("utf-8").split("\n")]
    return [json.loads(line) for line in lines if line]


def _lost(plan: marks.Plan, held: dict[str, Any], answers: dict[str, Any]) -> int:
    """How many marks of one label are not what was planned and drawn, those that nobody drew included."""
    found = {mark["id"]: (field, mark) for field, marks_ in answers.items() for mark in marks_}
    shown = {mark["id"]: mark for marks_ in held["answers"].values() for mark in marks_}
    lost = len(found.keys() - set(held["ids"]))
    for planned, id_ in zip(plan, held["ids"], strict=True):
        field, mark = found.get(id_, ("", {}))
        drawn = {key: value for key, value in mark.items() if key not in NOT_DRAWN}
        is_same = drawn == shown.get(id_) and (field, mark["choice"]) == (planned["field"], planned["choice"])
        lost += not (is_same and marks.comes_back(planned["expected"], mark, held["ids"]))
    return lost


# The ads --------------------------------------------------------------------------------------------------------------


def _ads(captions: Mapping[str, marks.Caption]) -> Iterator[site.Ad]:
    """Ads with a picture, a text, a sound and a video each."""
    sound, film = _sound(), _film()
    for name, caption in captions.items():
        yield (
            name,
            [
                GivenPart("creative", "image", file=_picture()),
                GivenPart("caption", "text", text=caption.text),
                GivenPart("voice", "audio", file=io.BytesIO(sound)),
                GivenPart("clip", "video", file=io.BytesIO(film)),
            ],
        )


def _picture() -> io.BytesIO:
    stream = io.BytesIO()
    Image.effect_noise((marks.WIDTH, marks.HEIGHT), 40).save(stream, "PNG")
    stream.seek(0)
    return stream


def _sound() -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(marks.RATE)
        at = np.arange(marks.RATE * marks.SECONDS)
        output.writeframes((8000 * np.sin(at / 9)).astype("<i2").tobytes())
    return stream.getvalue()


def _film() -> bytes:
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as output:
        video = output.add_stream("libx264", rate=marks.FRAMES_PER_SECOND, options={"preset": "veryfast"})
        video.width, video.height, video.pix_fmt = marks.WIDTH, marks.HEIGHT, "yuv420p"
        for number in range(marks.FRAMES):
            image = np.full((marks.HEIGHT, marks.WIDTH, 3), number * 5, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, marks.FRAMES_PER_SECOND)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
    return stream.getvalue()

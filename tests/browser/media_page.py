"""One sound or video on a page of its own, in a real Chromium: the real template, modules and `Work`, without a server's task.

The answers as they stand are shown in `#answers`, what was played in `#played`, and what was announced in `#said`, so that
tests read what a person's work became and never reach into the page.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from playwright.sync_api import Page

from app.assets.kinds import stills
from app.assets.sandbox.calling import SANDBOX
from app.web import pages, static
from app.web.security import SecurityHeaders

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A part</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{{ static_url('css/app.css') }}">
{% for sheet in ("media-tools", "timeline", "audio-part", "video-part") %}
<link rel="stylesheet" href="{{ static_url('css/' ~ sheet ~ '.css') }}">
{% endfor %}
<link rel="stylesheet" href="/harness.css">
<script type="module" src="{{ static_url('js/app.js') }}"></script>
<script type="module" src="/harness.js" data-static="{{ static_url('js/app.js') }}" data-modality="{{ part.modality }}"></script>
</head><body>
<script type="application/json" id="data">{{ data | json_block | safe }}</script>
<main class="harness">{% include "work/parts/_" ~ part.modality ~ ".html" %}</main>
<aside><button type="button" data-key="Ctrl+z" data-undo>Undo</button><pre id="answers"></pre><pre id="played"></pre><pre id="said"></pre></aside>
</body></html>
"""

STYLE = """
body { margin: 0; display: grid; grid-template-rows: minmax(0, 1fr) 40px; block-size: 100vh; }
.harness { min-block-size: 0; padding: 12px; }
aside { overflow: auto; font-size: 10px; display: flex; gap: 12px; } pre { margin: 0; }
"""

SCRIPT = """
const own = document.querySelector("script[data-static]")
const { modality } = own.dataset
const base = own.dataset.static.replace("js/app.js", "")
const { Work } = await import(`${base}js/annotate/work.js`)
await import(`${base}js/elements/${modality}-part.js`)
const data = JSON.parse(document.getElementById("data").textContent)
const played = []
const timing = {
  played: (...range) => { played.push(range); document.getElementById("played").textContent = JSON.stringify(played) },
  setPlaying: (part, on) => { document.getElementById("played").dataset.playing = String(on) },
  decided() {},
}
const work = new Work(data, { timing })
const show = () => { document.getElementById("answers").textContent = JSON.stringify(work.sendable().answers) }
work.addEventListener("change", show)
work.addEventListener("announce", (event) => { document.getElementById("said").textContent = event.detail?.sentence ?? event.detail })
document.querySelector("[data-undo]").addEventListener("click", () => work.undo())
show()
const part = document.querySelector("[data-part]")
part.open(work)
part.dataset.active = ""
part.focus()
document.body.dataset.ready = ""
"""


@dataclass
class Shown:
    """What the page serves now."""

    part: dict[str, Any] = field(default_factory=dict)
    fields: list[dict[str, Any]] = field(default_factory=list)
    draft: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Path | bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def task(self) -> dict[str, Any]:
        asset = {"id": "a", "revision": 1, "external_id": "x", "metadata": {}, "parts": [self.part]}
        parts = [{"name": self.part["name"], "modality": self.part["modality"]}]
        return {
            "id": "t",
            "asset": asset,
            "schema": {"name": "Test", "version": 1, "parts": parts, "fields": self.fields},
            "guideline": {"version": 1, "title": "G"},
            "draft": {"seq": 1, "answers": self.draft, "sources": {}, "evidence": []},
        }


class MediaPage:
    """A small server and what it shows."""

    def __init__(self) -> None:
        self.shown = Shown()
        self.address = ""

    def open(self, page: Page, shown: Shown) -> None:
        """Shows the part and waits until it is ready for keys."""
        self.shown = shown
        page.goto(self.address)
        page.wait_for_selector("body[data-ready]", timeout=15000)

    def application(self) -> FastAPI:
        application = FastAPI(openapi_url=None)
        application.state.static = static.ours()
        page = pages.make_environment(application.state.static).from_string(PAGE)
        application.add_middleware(SecurityHeaders)
        application.include_router(static.router)

        @application.get("/")
        def show() -> Response:
            data = {"claim": {"id": "c", "token": "t", "expires_at": "2026-11-02T10:00:00Z"}, "task": self.shown.task()}
            return HTMLResponse(page.render(part=self.shown.part, data=data))

        @application.get("/harness.js")
        def script() -> Response:
            return Response(SCRIPT, media_type="text/javascript")

        @application.get("/harness.css")
        def style() -> Response:
            return Response(STYLE, media_type="text/css")

        @application.get("/media/{name}")
        def media(name: str) -> Response:
            content = self.shown.files[name]
            kind = self.shown.types.get(name, "application/octet-stream")
            return (
                Response(content, media_type=kind)
                if isinstance(content, bytes)
                else FileResponse(content, media_type=kind)
            )

        @application.get("/media/{name}/at/{microseconds}")
        def still(name: str, microseconds: int) -> Response:
            arguments = {"demuxer": stills.DEMUXERS[self.shown.types[name]], "microseconds": microseconds}
            content = self.shown.files[name]
            assert isinstance(content, Path)
            with content.open("rb") as source, TemporaryFile() as picture:
                found = SANDBOX.run(stills.TASK, source, arguments, outputs={"still": picture}, limits=stills.LIMITS)
                picture.seek(0)
                headers = {"frame-time": str(found["microseconds"])}
                return Response(picture.read(), media_type="image/jpeg", headers=headers)

        return application


@contextmanager
def serving() -> Iterator[MediaPage]:
    media_page = MediaPage()
    config = uvicorn.Config(media_page.application(), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    media_page.address = f"http://127.0.0.1:{port}/"
    try:
        yield media_page
    finally:
        server.should_exit = True
        thread.join(10)


def answers(page: Page) -> Mapping[str, Any]:
    """The answers as they would be sent now."""
    found: Mapping[str, Any] = json.loads(page.locator("#answers").text_content() or "{}")
    return found


def played(page: Page) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(page.locator("#played").text_content() or "[]")
    return found

"""A page that holds only the parts of one ad and the work on them, to drive them with real keys and a real mouse.

The parts' own templates, style and modules under the application's headers; the work's answers are shown in the page.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from app.assets import tiling
from app.assets.kinds import image as image_kind
from app.web import pages, static
from app.web.security import SecurityHeaders

SCRIPT = """
import { prepare } from "STATIC/js/elements/image-part.js"
import { loadSchema } from "STATIC/js/elements/task/schema-modules.js"
import "STATIC/js/elements/text-part.js"
import { startKeys } from "STATIC/js/keys.js"
import { Work } from "STATIC/js/annotate/work.js"

const data = JSON.parse(document.querySelector(".work-data").textContent)
await Promise.all([loadSchema(data.task.schema), prepare(data.task)])
const work = new Work(data, { readOnly: data.readOnly ?? false })
const { suggested } = work
for (const [id, act] of [["#accept", () => suggested.accept()], ["#refuse", () => suggested.refuse()], ["#accept-all", () => suggested.acceptAll()]]) {
  document.querySelector(id).addEventListener("click", act)
}
const show = () => {
  document.querySelector("#answers").textContent = JSON.stringify(work.sendable().answers)
  document.querySelector("#selection").textContent = work.selection?.id ?? ""
}
work.addEventListener("change", show)
work.addEventListener("select", show)
work.addEventListener("announce", ({ detail }) => (document.querySelector("#said").textContent = detail))
document.querySelector("#undo").addEventListener("click", () => work.undo())
document.querySelector("#redo").addEventListener("click", () => work.redo())
for (const button of document.querySelectorAll("[data-choose]")) {
  button.addEventListener("click", () => work.chooseFor(...button.dataset.choose.split("/")))
}
for (const part of document.querySelectorAll("[data-part]")) part.open(work)
show()
startKeys()
document.body.dataset.ready = ""
"""

STYLE = """
@import url("STATIC/css/app.css");
@import url("STATIC/css/part-tools.css") layer(components);
@import url("STATIC/css/image-part.css");
@import url("STATIC/css/image-tools.css");
@import url("STATIC/css/image-masks.css");
@import url("STATIC/css/image-view.css");
@import url("STATIC/css/media-suggested.css");
@import url("STATIC/css/text-part.css");
@import url("STATIC/css/text-tools.css");
body { display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); gap: 8px; padding: 8px; height: 100vh; }
main { display: grid; grid-template-columns: minmax(0, 1fr); grid-auto-rows: minmax(0, 1fr); gap: 8px; min-height: 0; }
pre { max-height: 60px; }
"""

PAGE = """<!doctype html><html lang="en"><head><title>Parts</title><link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script></head><body>
<header class="row"><button id="undo" data-key="Ctrl+z">Undo</button><button id="redo" data-key="Ctrl+Shift+z">Redo</button>
<button id="accept" data-key="a">Accept</button><button id="refuse" data-key="x">Refuse</button><button id="accept-all" data-key="Shift+A">All</button>
{% for choose, key in buttons %}<button data-choose="{{ choose }}" data-key="{{ key }}">{{ choose }}</button>{% endfor %}</header>
<main>{% for part in parts %}{% include "work/parts/_" ~ part.modality ~ ".html" %}{% endfor %}</main>
<footer><pre id="answers" tabindex="0"></pre><p id="selection" hidden></p><p id="said" role="status"></p></footer>
<script type="application/json" class="work-data">{{ data | safe }}</script></body></html>"""


@dataclass
class Parts:
    """What the page shows; changed before it is opened."""

    parts: list[dict[str, Any]] = field(default_factory=list)
    fields: list[dict[str, Any]] = field(default_factory=list)
    draft: dict[str, Any] = field(default_factory=dict)
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    tiles: dict[str, bytes] = field(default_factory=dict)
    read_only: bool = False
    url: str = ""

    def image(
        self, name: str = "creative", *, width: int, height: int, shown: float = 1.0, broken: bool = False
    ) -> None:
        """A picture of this size whose rendition is `shown` times as large."""
        self.pictures[name] = b"" if broken else picture(round(width * shown), round(height * shown))
        urls = {"original": f"/pictures/{name}", "display": f"/pictures/{name}"}
        self.parts.append({"name": name, "modality": "image", "width": width, "height": height, "urls": urls})

    def large_image(self, content: bytes, name: str = "creative") -> None:
        """A picture in tiles, cut as at its import."""
        outputs = {kind: BytesIO() for kind in image_kind.KIND.renditions}
        facts = image_kind.derive(BytesIO(content), outputs, {}, lambda *_: None)["facts"]
        self.tiles[name] = outputs["tiles"].getvalue()
        size = {key: facts[key] for key in ("width", "height", "tile_size")}
        self.parts.append({"name": name, "modality": "image", **size, "urls": {"tiles": f"/tiles/{name}"}})

    def text(self, text: str, name: str = "caption") -> None:
        self.parts.append({"name": name, "modality": "text", "text": text})

    def marks(self, name: str, kind: str, *values: str, **options: Any) -> None:
        choices = [{"value": value, "title": {"en": value.capitalize()}} for value in values]
        self.fields.append({"name": name, "kind": kind, "choices": choices, **options})

    def data(self) -> str:
        schema = {"parts": self.parts, "fields": self.fields, "version": 1}
        asset = {"id": "a", "revision": 1, "external_id": "a", "metadata": {}, "parts": self.parts}
        task = {"id": "t", "asset": asset, "schema": schema, "draft": {"seq": 1, "answers": self.draft}}
        if self.suggestions:
            task["suggestions"] = self.suggestions
        data = {"claim": {"id": "c", "token": "k"}, "task": task, "readOnly": self.read_only}
        return json.dumps(data).replace("<", "\\u003c")

    def buttons(self) -> list[tuple[str, str]]:
        named = [f"{one['name']}/{choice['value']}" for one in self.fields for choice in one["choices"]]
        return [(choose, str(at % 10)) for at, choose in enumerate(named, 1)]


def picture(width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height), "#7b8794")
    pen = ImageDraw.Draw(image)
    for at in range(0, max(width, height), max(width // 10, 1)):
        pen.rectangle(
            (at, at // 2, at + width // 14, at // 2 + height // 9), fill=f"hsl({at * 360 // width}, 60%, 50%)"
        )
    stream = BytesIO()
    image.save(stream, "JPEG")
    return stream.getvalue()


def application(parts: Parts) -> FastAPI:
    app = FastAPI()
    app.state.static = static.ours()
    environment = pages.make_environment(app.state.static)
    app.add_middleware(SecurityHeaders)
    app.include_router(static.router)
    root = f"/static/{app.state.static.version}"

    @app.get("/")
    def page() -> HTMLResponse:
        template = environment.from_string(PAGE)
        html = template.render(parts=parts.parts, data=parts.data(), buttons=parts.buttons())
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @app.get("/page.js")
    def script() -> Response:
        return Response(SCRIPT.replace("STATIC", root), media_type="text/javascript")

    @app.get("/page.css")
    def style() -> Response:
        return Response(STYLE.replace("STATIC", root), media_type="text/css")

    @app.get("/pictures/{name}")
    def rendition(name: str) -> Response:
        return Response(parts.pictures[name], media_type="image/jpeg")

    @app.get("/tiles/{name}/{level}/{column}/{row}")
    def tile(name: str, level: int, column: int, row: int) -> Response:
        place = tiling.find(BytesIO(parts.tiles[name]), level, column, row)
        assert place is not None
        return Response(parts.tiles[name][place.start : place.end], media_type=place.content_type)

    return app


@contextmanager
def served(parts: Parts) -> Iterator[Parts]:
    server = uvicorn.Server(uvicorn.Config(application(parts), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    parts.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield parts
    server.should_exit = True
    thread.join()


def opened(page: Page, parts: Parts) -> Page:
    page.goto(parts.url)
    page.wait_for_selector("body[data-ready]")
    return page


def answers(page: Page) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(page.inner_text("#answers") or "{}")
    return content

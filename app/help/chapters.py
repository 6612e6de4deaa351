"""The chapters of the help: one line each, and a template of the same name. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """`pictures` are files of static/help, each in a light and a dark one; `company`: only for the company's people."""

    name: str
    title: str
    summary: str
    icon: str
    pictures: tuple[str, ...] = ()
    company: bool = False

    @property
    def template(self) -> str:
        return f"help/chapters/{self.name}.html"


CHAPTERS = (
    Chapter("start", "Label your first ad", "Take a task, decide, submit; and what the page shows.", "play", ("start",)),
    Chapter("image", "Image tools", "Boxes, shapes, points and masks; zoom and keys.", "image", ("image", "shapes")),
    Chapter(
        "text", "Text tools", "Spans, relations, and texts put in order.", "type", ("text", "relations", "compare"),
    ),
    Chapter("media", "Audio and video", "Play, step, segments, transcripts and tracks.", "film", ("audio", "video")),
    Chapter("suggestions", "Suggestions", "What a machine proposes, and how you decide.", "highlighter"),
    Chapter("keys", "Keys", "Every key of the labeling page, your own included.", "keyboard", ("keys",)),
    Chapter("saving", "Offline, undo and drafts", "Why nothing you do is lost.", "cloud"),
    Chapter("recorded", "What is recorded about you", "Times, and what is never kept.", "shield-check"),
    Chapter(
        "imports", "Bring ads in", "Files of many ads, what was refused and why, and the work behind it.", "upload",
        ("import",), company=True,
    ),
    Chapter(
        "assets", "Find ads", "Search, filters, families, and addresses to share.", "layout-grid", ("catalogue",),
        company=True,
    ),
    Chapter(
        "queues", "Run a queue", "Which task comes next, to whom and when; what is stuck, and when all is done.", "inbox",
        ("why",), company=True,
    ),
    Chapter(
        "schemas", "Write a schema", "The editor, its preview, and what differs between versions.", "list-checks",
        ("schema",), company=True,
    ),
)  # fmt: skip


def chapters_for(*, company: bool) -> list[Chapter]:
    return [chapter for chapter in CHAPTERS if company or not chapter.company]


def find_chapter(name: str, *, company: bool) -> Chapter | None:
    return next((chapter for chapter in chapters_for(company=company) if chapter.name == name), None)

"""Words, limits and keys of label schemas."""

from collections.abc import Iterable
from enum import StrEnum

from app.assets.rules import Modality

# Generous for people, small enough that a schema is drawn and checked at once.
PARTS_AT_MOST = 20
FIELDS_AT_MOST = 60
MARK_FIELDS_AT_MOST = 12
CHOICES_AT_MOST = 300
NODES_AT_MOST = 3000
NODES_DEEP_AT_MOST = 8
RATING_STEPS_AT_MOST = 20
RANKED_AT_MOST = 50
TEXT_AT_MOST = 20_000
MARKS_AT_MOST = 10_000
KEYFRAMES_AT_MOST = 50_000
POINTS_AT_MOST = 20_000
TEMPLATES_AT_MOST = 50
KEYPOINTS_AT_MOST = 200
MASK_CHARACTERS_AT_MOST = 10_000_000
SCHEMA_BYTES_AT_MOST = 500_000
LARGEST_NUMBER = 1e15

# How far outside its part a mark may lie: what is lost when a page scales pixels there and back.
PIXEL_TOLERANCE = 0.01
MICROSECONDS = 1_000_000


class Severity(StrEnum):
    """How bad it is to get this choice wrong."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Source(StrEnum):
    """Where an answer or a mark came from."""

    HUMAN = "human"
    SUGGESTION = "suggestion"
    SUGGESTION_EDITED = "suggestion_edited"


class ShowSuggestions(StrEnum):
    """When somebody who answers sees what machines suggest."""

    SHOWN = "shown"
    AFTER_FIRST_ANSWER = "after_first_answer"
    HIDDEN = "hidden"


def stricter(*given: str) -> ShowSuggestions:
    """Of several rulings the one that shows least."""
    order = list(ShowSuggestions)
    return max((ShowSuggestions(one) for one in given), key=order.index)


class SubmitBy(StrEnum):
    """What sends a label off. `KEY`: the choice itself, where a schema has only one question that must be answered."""

    KEY = "key"
    BUTTON = "button"


# Keys that are no single character. `Space`, `Enter`, `Escape`, `Tab`, `Delete` and the arrows belong to the page.
KEY_NAMES = frozenset(
    {
        "Space", "Enter", "Escape", "Tab", "Delete", "Backspace", "Insert", "Home", "End", "PageUp", "PageDown",
        "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", *(f"F{number}" for number in range(1, 13)),
    }
)  # fmt: skip
MODIFIERS = ("Ctrl", "Alt", "Shift")

_ARROWS = frozenset({"ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"})

# Reserved on every labeling page, F keys included that browsers keep for themselves.
RESERVED_BY_PAGE = frozenset(
    {
        "?", "g", "s", "f", "e", "w", "/", "Shift+b", "Escape", "Tab", "Shift+Tab", "Enter", "Space", "Backspace",
        "a", "x", "Shift+a", "Shift+x", "Alt+a", "Alt+Shift+a", "Alt+c", "Alt+z", "PageUp", "PageDown", "Home", "End", *_ARROWS,
        *(f"Shift+{arrow}" for arrow in _ARROWS), "F1", "F3", "F5", "F6", "F11", "F12",
    }
)  # fmt: skip
# Reserved where a schema has a field of marks.
RESERVED_BY_MARKS = frozenset({"n", "c", "h", "Shift+l", "Shift+m", "Delete", "Alt+t", "Alt+Shift+t"})
_PLAYER = frozenset(
    {
        "Space", "k", "j", "l", ",", ".", "i", "o", "[", "]", "Enter", "m", "<", ">", "+", "-", "z", "Shift+z",
        "Alt+j", "Alt+k", "Alt+l",
    }
)  # fmt: skip
_SOUND = frozenset(
    {
        "Shift+s", "Shift+c", "Shift+v", "Alt+ArrowUp", "Alt+ArrowDown", "Alt+i", "Alt+o", "Alt+q", "Alt+b", "Alt+s",
        "Alt+w",
    }
)  # fmt: skip
_FRAMES = frozenset({"Alt+g", "Alt+i", "Ctrl+,", "Ctrl+.", "Ctrl+ArrowLeft", "Ctrl+ArrowRight"})
_TRACKS = frozenset(
    {
        "Shift+k", "Shift+o", "Shift+c", "Shift+Delete", "Alt+,", "Alt+.", "Alt+v", "Alt+r", "Alt+Shift+r", "Alt+s",
        "Alt+m",
    }
)  # fmt: skip
RESERVED_BY_MODALITY: dict[Modality, frozenset[str]] = {
    Modality.IMAGE: frozenset(
        {
            "v", "b", "r", "p", "y", "k", "d", "Shift+d", "z", "Shift+z", "Shift+o", "+", "-", "Space", "<", ">",
            "Insert", "Shift+Enter", "Shift+Backspace", "Alt+b", "Alt+Shift+b", "Alt+n", "Alt+Shift+n", "Alt+g",
            "Alt+m", "Alt+r", "Alt+v", "Alt+j", "Alt+k", "Alt+l", "Alt+Shift+j", "Alt+Shift+l",
        }
    ),
    Modality.TEXT: frozenset({"Enter", "Shift+f", *_ARROWS}),
    Modality.AUDIO: _PLAYER | _SOUND,
    Modality.VIDEO: _PLAYER | _FRAMES | _TRACKS,
}  # fmt: skip
# Reserved where a schema has a field of this kind: tools that are there for it alone.
RESERVED_BY_KIND: dict[str, frozenset[str]] = {
    "boxes": frozenset({",", "."}),
    "polygons": frozenset({"o"}),
    "keypoints": frozenset({",", "."}),
    "masks": frozenset({"Shift+e", "Shift+f", "[", "]"}),
    "spans": frozenset({"Shift+e"}),
    "relations": frozenset({"r", "Shift+r"}),
}


def normal_key(written: str) -> str | None:
    """The one spelling of a key as pages declare it: `t`, `Shift+t`, `F2`; None where it is no key.

    A capital letter is its small one with Shift. Symbols are matched by what they type, so they take no Shift.
    """
    *modifiers, last = ["+"] if written == "+" else written.split("+")
    if len(set(modifiers)) != len(modifiers) or not set(modifiers) <= set(MODIFIERS):
        return None
    if last in KEY_NAMES:
        return "+".join([*(name for name in MODIFIERS if name in modifiers), last])
    if len(last) != 1 or not last.isprintable() or last.isspace():
        return None
    if last.isalpha() and last.lower() != last:
        modifiers, last = [*modifiers, "Shift"], last.lower()
    elif "Shift" in modifiers and not last.isalpha():
        return None
    return "+".join([*(name for name in MODIFIERS if name in modifiers), last])


def shown_key(written: str) -> str:
    """A key as people read it and as `data-key` is written: letters with modifiers in capitals, `Shift+Z`."""
    normal = normal_key(written) or written
    *modifiers, last = ["+"] if normal == "+" else normal.split("+")
    return "+".join([*modifiers, last.upper() if modifiers and len(last) == 1 else last])


def reserved_keys(modalities: Iterable[Modality], *, marks: Iterable[str]) -> dict[str, str]:
    """Every key that a schema of these modalities and these kinds of marks may not take, with who keeps it."""
    kinds = set(marks)
    reserved = dict.fromkeys(RESERVED_BY_MARKS, "marks") if kinds else {}
    for kind in kinds:
        reserved |= dict.fromkeys(RESERVED_BY_KIND.get(kind, ()), f"tools of {kind}")
    for modality in modalities:
        reserved |= dict.fromkeys(RESERVED_BY_MODALITY[modality], f"{modality.value} tools")
    return reserved | dict.fromkeys(RESERVED_BY_PAGE, "the page")

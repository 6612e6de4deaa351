"""A schema as text for people: what fits on one line stands on one line. Pure."""

import json
from typing import Any

WIDTH = 140
INDENT = "  "


def as_text(body: Any) -> str:
    """JSON that reads back as the same value."""
    return _lay_out(body, "", room=0) + "\n"


def _lay_out(value: Any, indent: str, *, room: int) -> str:
    """`room`: how many characters of the first line are left, 0 where the value must be opened."""
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    if room and len(flat := json.dumps(value, ensure_ascii=False)) <= room:
        return flat
    inner = indent + INDENT
    keys = (
        [json.dumps(key, ensure_ascii=False) + ": " for key in value] if isinstance(value, dict) else [""] * len(value)
    )
    values = value.values() if isinstance(value, dict) else value
    lines = [
        inner + key + _lay_out(one, inner, room=max(WIDTH - len(inner) - len(key), 1))
        for key, one in zip(keys, values, strict=True)
    ]
    before, after = "{}" if isinstance(value, dict) else "[]"
    return f"{before}\n" + ",\n".join(lines) + f"\n{indent}{after}"

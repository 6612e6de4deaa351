"""What the export page sends."""

from typing import Annotated, Any

from fastapi import Form

from app.labels.forms import VersionOrNone

_Text = Annotated[str, Form(max_length=300)]


class ExportForm:
    """A format and a selection of labels; empty fields narrow nothing."""

    def __init__(
        self,
        format_: Annotated[str, Form(alias="format", max_length=20)],
        status: Annotated[list[str] | None, Form()] = None,
        queue: _Text = "",
        schema_version: Annotated[VersionOrNone, Form()] = "",
        revisions: _Text = "",
    ) -> None:
        self.format = format_
        self._given: dict[str, Any] = {
            "status": status or [],
            "queue": [queue] if queue else [],
            "schema_version": [schema_version] if schema_version else [],
        }
        self._all_revisions = revisions == "all"

    @property
    def selection(self) -> dict[str, Any]:
        narrowed = {name: values for name, values in self._given.items() if values}
        return narrowed | ({"revisions": "all"} if self._all_revisions else {})

"""Forms over a queue that is there: what was typed, told from what was only sent along, and set upon the queue as it is now."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field


class Typed(BaseModel):
    """Every field stands in the form, so what is absent was emptied. `shown`: the form as the page showed it, which tells
    what was typed from what was only sent along.
    """

    shown: Annotated[str, Field(max_length=20_000)] = ""

    def as_shown(self) -> str:
        return self.model_dump_json(exclude={"shown"})

    def onto(self, now_is: Self) -> Self:
        """What was typed, upon the queue as it is now: what was only sent along follows it."""
        try:
            shown = type(self).model_validate_json(self.shown)
        except ValueError:
            return self
        typed = {key for key in type(self).model_fields if key != "shown" and not self.is_same(shown, key)}
        return now_is.model_copy(update={key: getattr(self, key) for key in typed})

    def is_same(self, other: Self, *fields: str) -> bool:
        """Whether both say the same in these fields."""
        return all(_read(getattr(self, one)) == _read(getattr(other, one)) for one in fields)


def _read(value: Any) -> Any:
    """Lines end as the browser ends them, and boxes are sent in the page's order."""
    if isinstance(value, str):
        return value.splitlines()
    return sorted(value) if isinstance(value, list) else value

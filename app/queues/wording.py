"""What people give in forms and requests: names and notes as text, and numbers and times, that every database keeps."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field

from app.queues.ordering import Order, Spread
from app.schemas.rules import ShowSuggestions

LONGEST_NOTE = 4000
GREATEST_VERSION = 2**31 - 1
MOST_TASKS = 10_000_000  # of a limit

SHOW_SUGGESTIONS = {
    ShowSuggestions.SHOWN: "As the schema says",
    ShowSuggestions.AFTER_FIRST_ANSWER: "Only after the person's own first answer",
    ShowSuggestions.HIDDEN: "Not shown",
}


ORDERS = {
    Order.OLDEST: "As the ads came, the oldest first",
    Order.RANDOM: "At random",
    Order.METADATA: "By metadata",
    Order.DEADLINE: "By deadline, the nearest first",
    Order.UNCERTAINTY: "What models are least sure of first",
    Order.FAMILY_TOGETHER: "Families of ads together",
    Order.FAMILY_APART: "Families of ads apart",
}
SPREADS = {
    Spread.DEPTH: "Finish each ad before the next is begun",
    Spread.BREADTH: "Every ad once before any a second time",
}


def words(value: str) -> str:
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("holds a character that is not text")
    return value.strip()


def in_words(value: Any) -> Any:
    """What was set, as the trail tells it to people: numbers and texts stay as they are."""
    if value in (None, "", {}, []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, Mapping):
        return "; ".join(f"{key.removeprefix('metadata.')} {in_words(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(in_words(one)) for one in value)
    return value


def from_now(moment: datetime, now: datetime) -> str:
    """`in 90 minutes`, `3 days ago`: whole ones, so that no more time is promised than there is."""
    minutes = int(abs((moment - now).total_seconds())) // 60
    if minutes == 0:
        return "now"
    hours = minutes // 60
    count, unit = (minutes, "minute") if hours < 2 else (hours, "hour") if hours < 48 else (hours // 24, "day")  # noqa: PLR2004  # the clock's own numbers
    span = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {span}" if moment > now else f"{span} ago"


def in_utc(value: datetime) -> datetime:
    """`value` as UTC; one without a zone is taken as it stands. A zone may carry it beyond the years there are."""
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies beyond the years that can be kept") from None


Moment = Annotated[AwareDatetime, AfterValidator(in_utc)]
Words = Annotated[str, AfterValidator(words)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(words), Field(min_length=1)]

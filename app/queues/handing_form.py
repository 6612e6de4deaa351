"""The form of what a queue hands out, to whom and when, as typed."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.errors import Invalid, Problem
from app.queues import hours
from app.queues.forms import Listed, Most, Revision, deadline, listed, order_typed
from app.queues.models import Queue
from app.queues.ordering import HIGHEST_PRIORITY, LOWEST_PRIORITY, Order, Spread
from app.queues.typed import Typed
from app.queues.wording import MOST_TASKS, Words

# Keys of a change, and the fields of the form that show them less exactly than they are kept.
ROUNDED = {"due_at": ("due_at",), "limits": ("person", "person_a_day", "organisations")}


class HandingForm(Typed):
    """What a queue hands out, to whom and when. `revision`: the one of the queue that the page showed."""

    revision: Revision | None = None
    order_by: Order
    order_key: Annotated[Words, Field(max_length=200)] = ""
    descending: bool = False
    spread: Spread = Spread.DEPTH
    priority: Annotated[int, Field(ge=LOWEST_PRIORITY, le=HIGHEST_PRIORITY)] = 0
    due_at: Annotated[str, Field(max_length=60)] = ""
    languages: Listed = ""
    markets: Listed = ""
    certificates: Listed = ""
    person: Most | Literal[""] = ""
    person_a_day: Most | Literal[""] = ""
    organisations: Annotated[Words, Field(max_length=4000)] = ""
    zone: Annotated[Words, Field(max_length=60)] = ""
    windows: Annotated[Words, Field(max_length=2000)] = ""

    def as_changes(self, now_is: "HandingForm") -> dict[str, Any]:
        """What `change_queue` takes. What the form shows rounded stays as it is where nothing was typed."""
        changes: dict[str, Any] = {
            "order": order_typed(self.order_by, self.order_key, descending=self.descending),
            "spread": self.spread,
            "priority": self.priority,
            "due_at": deadline(self.due_at),
            "requires": {
                "languages": listed(self.languages), "markets": listed(self.markets),
                "qualifications": listed(self.certificates),
            },
            "limits": {
                "person": None if self.person == "" else self.person,
                "person_a_day": None if self.person_a_day == "" else self.person_a_day,
                "organisations": organisation_limits(self.organisations),
            },
            "hours": {"zone": self.zone or "UTC", "windows": windows(self.windows)},
        }  # fmt: skip
        same = {key for key, fields in ROUNDED.items() if self.is_same(now_is, *fields)}
        return {key: value for key, value in changes.items() if key not in same}


def handing_filled_in(queue: Queue, typed: Mapping[str, str]) -> HandingForm:
    """The form of a queue as it is. Not checked: it may be longer than what is taken when it is sent."""
    return HandingForm.model_construct(
        revision=queue.revision, order_by=Order(queue.order_by), order_key=queue.order_key, descending=queue.descending,
        spread=Spread(queue.spread), priority=queue.priority, due_at=typed["due_at"], languages=typed["languages"],
        markets=typed["markets"], certificates=typed["qualifications"], person=_most(typed["person"]),
        person_a_day=_most(typed["person_a_day"]), organisations=typed["organisations"], zone=typed["zone"],
        windows=typed["windows"],
    )  # fmt: skip


def _most(written: str) -> int | Literal[""]:
    return int(written) if written else ""


def organisation_limits(written: str) -> dict[str, dict[str, Any]]:
    """One line an organisation: `Nordlys = 500, 60 %`."""
    found: dict[str, dict[str, Any]] = {}
    for line in filter(str.strip, written.splitlines()):
        name, _, most = line.rpartition("=")
        limit = [_limit(one) for one in listed(most)]
        if not name.strip() or not limit or None in limit:
            raise Invalid(
                "A limit could not be read.",
                problems=[Problem("/organisations", f"write NAME = NUMBER, or NAME = PERCENT %: {line.strip()}")],
            )
        for one in limit:
            found.setdefault(name.strip(), {}).update(one or {})
    return found


def _limit(written: str) -> dict[str, Any] | None:
    share = written.endswith("%")
    number = written.removesuffix("%").strip()
    greatest = 100 if share else MOST_TASKS
    if not number.isdecimal() or len(number) > len(str(greatest)) or int(number) > greatest:
        return None
    return {"share": int(number) / 100} if share else {"most": int(number)}


def windows(written: str) -> list[dict[str, Any]]:
    """One line a window: `mon-fri 08:00-16:00`, `sat sun 10:00-14:00`."""
    found = []
    for line in filter(str.strip, written.splitlines()):
        *days, times = line.lower().replace(",", " ").split()
        begin, dash, end = times.partition("-")
        if not days or not dash:
            raise Invalid(
                "Working hours could not be read.",
                problems=[Problem("/windows", f"write DAYS FROM-TO, such as mon-fri 08:00-16:00: {line.strip()}")],
            )
        found.append({"days": hours.days_of(days), "from": begin, "to": end})
    return found

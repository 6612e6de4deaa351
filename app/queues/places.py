"""Why a task comes where it does in its queue, as those read it who run the queue. Pure.

Told of the task alone, never against the one that somebody is handed next: that would tell what they would rather not see.
"""

from dataclasses import dataclass
from datetime import datetime

from app.queues.ordering import Arrangement, Order, Placed, deadline_of, part_of, text_of

LETTERS_TOLD = 60  # of a metadata value, which may be as long as anybody wrote it


@dataclass(frozen=True)
class Place:
    """`placed`: what is known of the task now; `part`: what its queue's order gave it when its place was worked out."""

    placed: Placed
    part: str
    priority: int
    position: int


def told(arrangement: Arrangement, place: Place, now: datetime) -> str:
    """What the queue goes by, and what that says of this task."""
    sentences = [_by_order(arrangement, place, now)]
    if part_of(arrangement, place.placed) != place.part:
        sentences.append("Its place was worked out before that changed.")
    if place.priority:
        sentences.append(f"Its own priority, {place.priority}, goes before that.")
    return " ".join(sentences)


def _by_order(arrangement: Arrangement, place: Place, now: datetime) -> str:
    placed = place.placed
    if arrangement.by == Order.METADATA:
        first = "the greatest" if arrangement.descending else "the least"
        value = text_of(placed.value)
        what = f"this ad's is {_short(value)}" if value else "this ad has none and comes after those that have one"
        return f'Tasks come by the metadata "{arrangement.key}", {first} first: {what}.'
    if arrangement.by == Order.DEADLINE:
        what = _of_deadline(placed, now)
        return f'Tasks come by the deadline in the metadata "{arrangement.key}", the nearest first: {what}.'
    return {
        Order.OLDEST: f"Tasks come as the ads came: this is number {place.position + 1} of the queue.",
        Order.RANDOM: "Tasks come at random, in an order that the queue's seed fixes.",
        Order.UNCERTAINTY: f"What models are least sure of comes first: {_of_models(placed)}.",
        Order.FAMILY_TOGETHER: f"Families of ads come together: {_of_family(placed)}.",
        Order.FAMILY_APART: f"Families of ads come apart: {placed.nth_of_family} of its family came before this ad.",
    }[arrangement.by]


def _of_deadline(placed: Placed, now: datetime) -> str:
    due, written = deadline_of(placed.value), text_of(placed.value)
    if due is not None:
        return f"this ad's {'is' if due > now else 'was'} {due:%Y-%m-%d %H:%M} UTC"
    if written:
        return f"this ad's, {_short(written)}, is no date or time that can be read, so it comes after those that can"
    return "this ad has none and comes after those that have one"


def _of_models(placed: Placed) -> str:
    if placed.confidence is None:
        return "they said nothing of this ad, which comes after the others"
    return f"the lowest of their scores for this ad is {placed.confidence:.3g}"


def _of_family(placed: Placed) -> str:
    return "this ad comes with its own" if placed.family else "this ad has none and comes after those that have one"


def _short(written: str) -> str:
    return written if len(written) <= LETTERS_TOLD else f"{written[:LETTERS_TOLD]}…"

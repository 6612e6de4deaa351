"""From the slices a page sent to the times on a label. Pure.

The page is always in exactly one state. What it sent is added up as it is: holes and overlaps between its slices are
reported, not guessed away. Only the whole is bounded, by the server's own time from claim to submit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

STATES = ("active", "playing", "reading", "idle", "hidden")

PLAYED_GRACE = 0.005  # of the duration: players end and begin a little beside where they say

Played = Mapping[str, Sequence[Sequence[float]]]  # part -> [start, end, speed] in seconds


@dataclass(frozen=True)
class Slice:
    """A stretch of time of one page in one state; (page, seq) names it."""

    page: str
    seq: int
    state: str
    start_ms: int
    duration_ms: int

    @property
    def end_ms(self) -> int:
        return self.start_ms + self.duration_ms


def totals(
    slices: Iterable[Slice],
    *,
    wall_ms: int,
    first_decision_ms: int | None,
    coverage: Mapping[str, float],
    speeds: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    """The `timing` of a label."""
    once = {(one.page, one.seq): one for one in reversed(list(slices))}  # of repeats, the first counts
    sums = dict.fromkeys(STATES, 0)
    for one in once.values():
        sums[one.state] += one.duration_ms
    total = sum(sums.values())
    clamped = total > wall_ms
    if clamped:
        sums = {state: spent * wall_ms // total for state, spent in sums.items()}
    holes, overlaps = holes_and_overlaps(once.values())
    return {
        "wall_ms": wall_ms,
        **{f"{state}_ms": spent for state, spent in sums.items()},
        "first_decision_ms": None if first_decision_ms is None else max(0, min(first_decision_ms, wall_ms)),
        "media_coverage": dict(coverage),
        "media_speeds": {part: dict(each) for part, each in speeds.items()},
        "clamped": clamped,
        "gap_ms": holes,
        "overlap_ms": overlaps,
    }


def holes_and_overlaps(slices: Iterable[Slice]) -> tuple[int, int]:
    """Milliseconds between the slices of each page that nothing covers, and that two cover."""
    holes = overlaps = 0
    ordered = sorted(slices, key=lambda one: (one.page, one.start_ms, one.seq))
    for _, page in groupby(ordered, key=lambda one: one.page):
        covered_until: int | None = None
        for one in page:
            if covered_until is not None:
                holes += max(0, one.start_ms - covered_until)
                overlaps += max(0, min(covered_until, one.end_ms) - one.start_ms)
            covered_until = max(covered_until or 0, one.end_ms)
    return holes, overlaps


def coverage_of(durations: Mapping[str, float], played: Played) -> dict[str, float]:
    """For each part that plays, the share of its duration that was played at least once."""
    return {part: _share(length, played.get(part, ())) for part, length in durations.items()}


def speeds_of(durations: Mapping[str, float], played: Played) -> dict[str, dict[str, float]]:
    """For each part that was played, how many of its seconds were played at each speed, each second once a speed."""
    found: dict[str, dict[str, float]] = {}
    for part, length in durations.items():
        by_speed: dict[str, list[Sequence[float]]] = {}
        for one in played.get(part, ()):
            by_speed.setdefault(f"{one[2] if len(one) > 2 else 1:g}", []).append(one)  # noqa: PLR2004  # [start, end, speed]
        spent = {speed: round(_covered(length, ranges), 3) for speed, ranges in sorted(by_speed.items())}
        if any(spent.values()):
            found[part] = spent
    return found


def unplayed(
    wanted: Mapping[str, float], durations: Mapping[str, float], played: Played
) -> list[tuple[str, float, float, float]]:
    """(part, share played, share wanted, where the first gap begins) of each part that was played too little."""
    shares = coverage_of(durations, played)
    return [
        (part, shares[part], share, _first_gap(durations[part], played.get(part, ())))
        for part, share in wanted.items()
        if durations.get(part, 0) > 0 and shares[part] < share - PLAYED_GRACE
    ]


def _first_gap(length: float, ranges: Sequence[Sequence[float]]) -> float:
    reached = 0.0
    for start, end in sorted((max(0.0, one[0]), min(length, one[1])) for one in ranges):
        if start > reached + length * PLAYED_GRACE:
            break
        reached = max(reached, end)
    return reached


def _share(length: float, ranges: Sequence[Sequence[float]]) -> float:
    return round(min(1.0, _covered(length, ranges) / length), 4) if length > 0 else 0.0


def _covered(length: float, ranges: Sequence[Sequence[float]]) -> float:
    """Seconds that were played at least once."""
    covered = 0.0
    reached = 0.0
    for start, end in sorted((max(0.0, one[0]), min(length, one[1])) for one in ranges):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def merged(earlier: Played, later: Played) -> dict[str, list[list[float]]]:
    """Ranges of both, each once."""
    found: dict[str, list[list[float]]] = {}
    for ranges in (earlier, later):
        for part, listed in ranges.items():
            known = found.setdefault(part, [])
            known.extend(list(one) for one in listed if list(one) not in known)
    return found


def marks_timing(given: Mapping[str, Mapping[str, int]], mark_ids: Iterable[str], *, wall_ms: int) -> dict[str, Any]:
    """When each mark of the label was made and last changed, within the time there was."""
    return {
        mark: {key: max(0, min(int(given[mark][key]), wall_ms)) for key in ("created_ms", "changed_ms")}
        for mark in mark_ids
        if mark in given
    }


def mark_ids(answers: Mapping[str, Any]) -> list[str]:
    """Ids of all marks among the answers."""
    lists = [answer for answer in answers.values() if isinstance(answer, list)]
    return [
        mark["id"] for marks in lists for mark in marks if isinstance(mark, dict) and isinstance(mark.get("id"), str)
    ]

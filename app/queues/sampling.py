"""Drawing a sample of ads: the same seed and the same ads give the same sample, in whichever order they came. Pure.

Each ad gets a number from its external id and the seed; those with the smallest are drawn. So the sample does not depend
on the database, and an ad that is added later takes at most one other's place.
"""

import hashlib
import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NO_VALUE = "(none)"


class Share(StrEnum):
    """How many of each stratum: as many as its part of all, or as many as of every other."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"


def lot(seed: str, external_id: str) -> int:
    """The ad's number in this draw; 128 bits, so that no two ads share one."""
    return int.from_bytes(hashlib.sha256(f"{seed}\0{external_id}".encode()).digest()[:16])


@dataclass
class Draw:
    """Takes ads one by one and keeps, of each stratum, the `count` with the smallest numbers: memory does not grow."""

    seed: str
    count: int
    sizes: dict[str, int] = field(default_factory=dict)
    _kept: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def take(self, stratum: str, external_id: str, asset_id: str) -> None:
        self.sizes[stratum] = self.sizes.get(stratum, 0) + 1
        kept = self._kept.setdefault(stratum, [])
        entry = (-lot(self.seed, external_id), asset_id)
        if len(kept) < self.count:
            heapq.heappush(kept, entry)
        else:
            heapq.heappushpop(kept, entry)

    def drawn(self, share: Share) -> tuple[list[str], dict[str, int]]:
        """Ids of the sample in the order of their numbers, and how many of each stratum they are."""
        wanted = allocate(self.sizes, self.count, share)
        chosen = [
            entry for stratum, number in wanted.items() for entry in sorted(self._kept[stratum], reverse=True)[:number]
        ]
        return [asset_id for _, asset_id in sorted(chosen, reverse=True)], wanted


def allocate(sizes: Mapping[str, int], count: int, share: Share) -> dict[str, int]:
    """So many of each stratum that they are `count` in all, or everything where there is no more.

    Proportional: whole parts first, then one each to those with the largest rest. Equal: the same of each, and what a
    small stratum cannot give comes from the others. Equals are put in order by name.
    """
    count = min(count, sum(sizes.values()))
    names = sorted(sizes)
    if share == Share.PROPORTIONAL:
        total = sum(sizes.values())
        given = {name: sizes[name] * count // total for name in names} if total else {}
        rests = sorted(names, key=lambda name: (-(sizes[name] * count % total), name)) if total else []
        for name in rests[: count - sum(given.values())]:
            given[name] += 1
        return given
    given = dict.fromkeys(names, 0)
    while (left := count - sum(given.values())) > 0:
        able = [name for name in names if given[name] < sizes[name]]
        each = max(1, left // len(able))
        for name in able[:left]:
            given[name] += min(each, sizes[name] - given[name])
    return given

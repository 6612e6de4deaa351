"""The frame table of a video part: which frame is shown when, in whole microseconds from the first frame."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from app.assets.rules import PartFacts
from app.schemas.rules import MICROSECONDS


def microseconds(seconds: float) -> int:
    return round(seconds * MICROSECONDS)


@dataclass(frozen=True)
class FrameTable:
    times: tuple[int, ...]
    end: int

    @classmethod
    def of(cls, part: PartFacts) -> "FrameTable":
        """Raises `ValueError` where the facts were fetched without frames, which is a mistake of the caller."""
        if not part.frame_times:
            raise ValueError(f"the facts of {part.name} came without its frame table")
        end = part.frame_end
        if end is None:
            end = part.frame_times[-1] + (
                part.frame_times[-1] - part.frame_times[-2] if len(part.frame_times) > 1 else 1
            )
        return cls(part.frame_times, end)

    @property
    def count(self) -> int:
        return len(self.times)

    def shown_at(self, time: int) -> int:
        """The frame on screen at this time."""
        return max(bisect_right(self.times, time) - 1, 0)

    def first_from(self, time: int) -> int:
        """The first frame that is presented at this time or later; the count after the last."""
        return bisect_left(self.times, time)

    def starts(self, frame: int) -> int:
        """When a frame is presented; for the count, when the last one ends."""
        return self.times[frame] if frame < self.count else self.end

    def agrees(self, frame: int, time: int) -> bool:
        """Whether frame and time mean the same: no further apart than half that frame's own duration."""
        first = min(frame, self.count - 1)
        return 2 * abs(time - self.starts(frame)) <= self.starts(first + 1) - self.starts(first)

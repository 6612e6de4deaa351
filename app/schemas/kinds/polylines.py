"""Open lines on an image."""

from app.schemas.kinds.lines import LineKind


class Polylines(LineKind):
    name = "polylines"
    title = "Lines"
    summary = "Open lines of at least 2 points; `min_points` and `max_points` bound how many."
    least = 2

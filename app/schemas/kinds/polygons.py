"""Closed lines on an image."""

from app.schemas.kinds.lines import LineKind


class Polygons(LineKind):
    name = "polygons"
    title = "Polygons"
    summary = "Closed outlines of at least 3 points; `min_points` and `max_points` bound how many."
    least = 3

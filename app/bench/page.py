"""`fasit bench page`: the labeling page in a real Chromium (needs the test extra). Each part measures one thing."""

from app.bench import page_frames, page_next, page_sizes, page_text, page_trip
from app.bench.figures import Figure

PARTS = (page_sizes, page_next, page_frames, page_text, page_trip)


def run(*, quick: bool, database_url: str | None) -> list[Figure]:
    return [figure for part in PARTS for figure in part.run(quick=quick, database_url=database_url)]

"""`fasit bench start`: how long `fasit demo` takes until it answers, first with nothing there, then again."""

from app.bench.driving import environment, folder, free_port, running
from app.bench.figures import Figure, figure


def run(*, quick: bool, database_url: str | None) -> list[Figure]:  # noqa: ARG001  # every benchmark takes both
    figures = []
    with folder() as own:
        env = environment(own)
        for name, how in (
            ("ready from nothing", "seconds from `fasit demo` on an empty folder to the first answered page"),
            ("ready again", "seconds from `fasit demo` on a loaded folder to the first answered page"),
        ):
            with running(["demo"], free_port(), env) as server:
                figures.append(figure(name, round(server.started_after, 2), "s", how=how, at_most=10))
    return figures

"""Marks of the last ad of the same family, for their labeler to copy."""

from typing import Any

import pytest
from sqlalchemy import select

from app.assets.models import Asset
from app.queues.rules import same_family
from tests.making_assets import file_part, make_asset, picture
from tests.making_labels import make_schema
from tests.making_queues import TIMING, make_queue
from tests.queues.conftest import Work, Worker

BODY: dict[str, Any] = {
    "name": "Objects",
    "parts": [{"name": "creative", "modality": "image"}],
    "fields": [
        {"name": "objects", "kind": "boxes", "choices": [{"value": "bottle"}]},
        {"name": "note", "kind": "text"},
    ],
}
BOX = {"id": "m1", "choice": "bottle", "x": 1, "y": 2, "width": 10, "height": 10, "rotation": 0}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param({"family": "summer"}, {"family": "summer"}, True, id="the same word"),
        pytest.param({"family": 7}, {"family": "7"}, True, id="a table's number is text"),
        pytest.param({"family": "summer"}, {"family": "winter"}, False, id="another word"),
        pytest.param({"family": ""}, {"family": ""}, False, id="no word is no family"),
        pytest.param({}, {}, False, id="none"),
    ],
)
def test_ads_are_of_one_family_by_their_metadata(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert same_family(one, other) is same


def make_family(work: Work, *families: str) -> str:
    """A queue of image ads of these families, in this order."""
    site = work.site(ads=0)
    with work.database.write() as session:
        make_schema(session, site.project, clock=work.clock, body=BODY)
        for number, family in enumerate(families):
            make_asset(
                session, work.store, project=site.project, clock=work.clock, external_id=f"image-{number}",
                metadata={"family": family}, parts=[file_part(picture(60 + number))],
            )  # fmt: skip
        for asset in session.scalars(select(Asset)):
            asset.state = "ready"
        queue: str = make_queue(session, site.project, clock=work.clock, schema_version=2).id
    return queue


def label(worker: Worker, queue: str, **answers: Any) -> None:
    done = worker.submit(worker.take(queue), {"answers": answers, "timing": TIMING})
    assert done.status_code == 201, done.text


def relatives(worker: Worker, claim: dict[str, Any]) -> Any:
    return worker.client.get(f"/work/claims/{claim['claim']['id']}/family", headers=worker.headers)


def test_the_holder_gets_what_they_marked_on_their_last_ad_of_the_family(work: Work) -> None:
    queue = make_family(work, "summer", "winter", "summer")
    ada = work.worker("Ada")
    label(ada, queue, objects=[BOX], note="not a mark")
    assert relatives(ada, ada.take(queue)).status_code == 204
    label(ada, queue, objects=[{**BOX, "x": 20}])
    found = relatives(ada, ada.take(queue))
    assert found.json() == {"external_id": "image-0", "marks": {"objects": [BOX]}}


def test_another_persons_claim_and_another_persons_marks_are_not_told(work: Work) -> None:
    queue = make_family(work, "summer", "summer")
    ada, bo = work.worker("Ada"), work.worker("Bo")
    label(ada, queue, objects=[BOX])
    claim = bo.take(queue)
    assert relatives(bo, claim).status_code == 204
    assert relatives(ada, claim).status_code == 404

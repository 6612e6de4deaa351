"""Answers are as the OpenAPI document describes them."""

from jsonschema_rs import validator_for

from app.labels.payloads import LabelOut
from app.queues.payloads import ClaimOut
from tests.queues.conftest import Work


def test_a_real_claim_and_a_real_label_are_as_described(work: Work) -> None:
    site, ada = work.site(ads=1), work.worker()
    got = ada.take(site.queue.id)
    ClaimOut.model_validate(got)
    label = ada.submit(got).json()
    LabelOut.model_validate(label)
    shape = work.client.get("/api/v1/openapi.json").json()
    described = {"$ref": "#/components/schemas/LabelOut", "components": shape["components"]}
    assert validator_for(described).is_valid(label)
    assert not validator_for(described).is_valid({**label, "status": "unknown"})

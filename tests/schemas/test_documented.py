"""What docs/schemas.md shows holds: every schema may be published, and the answers to one field of every kind fit."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from app.assets.rules import Modality, PartFacts
from app.schemas.answers import check
from app.schemas.json_schema import of_answers
from app.schemas.kinds import KINDS
from app.schemas.validation import check_schema
from tests.making_schemas import make_facts

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "schemas.md").read_text(encoding="utf-8")
EXAMPLES: list[Any] = [orjson.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
SCHEMAS = [example for example in EXAMPLES if "fields" in example]
FACTS = make_facts(
    PartFacts("creative", Modality.IMAGE, "0" * 64, width=60, height=40),
    PartFacts("film", Modality.VIDEO, "1" * 64, width=640, height=360, duration=0.2, frame_count=5,
              frame_times=(0, 40_000, 80_000, 120_000, 160_000), frame_end=200_000),
    PartFacts("voice", Modality.AUDIO, "2" * 64, duration=2.0, sample_rate=48_000, samples=96_000),
    PartFacts("caption", Modality.TEXT, "3" * 64, text="99 kr – i dag!"),
    PartFacts("landing_page", Modality.TEXT, "4" * 64, text="99 kr"),
)  # fmt: skip


def test_every_schema_on_the_page_may_be_published() -> None:
    assert [check_schema(schema) for schema in SCHEMAS] == [[], []]


def test_there_is_a_field_of_every_kind_with_an_answer_that_fits() -> None:
    [schema] = [schema for schema in SCHEMAS if schema["name"] == "Every kind"]
    [answers] = [example for example in EXAMPLES if "fields" not in example]
    assert {field["kind"] for field in schema["fields"]} == set(KINDS)
    assert list(answers) == [field["name"] for field in schema["fields"]]
    assert check(schema, answers, facts=FACTS, complete=True) == []
    assert jsonschema_rs.validator_for(of_answers(schema)).is_valid(answers)

"""The hash of a record: what changes it, and what erasing leaves."""

import hashlib

import pytest
import rfc8785

from app.errors import Invalid
from app.labels import records

FIELDS = {"labeler": "ada", "answers": {"note": "hei", "marks": [{"transcript": "hallo"}], "verdict": "allow"}}
SALTS = {"/labeler": "s1", "/answers/note": "s2", "/answers/marks/0/transcript": "s3"}


def test_the_hash_is_sha256_of_the_canonical_json_with_private_values_salted() -> None:
    shown = {
        "answers": {
            "marks": [{"transcript": hashlib.sha256(b"s3hallo").hexdigest()}],
            "note": hashlib.sha256(b"s2hei").hexdigest(),
            "verdict": "allow",
        },
        "labeler": hashlib.sha256(b"s1ada").hexdigest(),
    }
    assert records.record_hash(FIELDS, SALTS) == hashlib.sha256(rfc8785.dumps(shown)).hexdigest()


def test_hashing_leaves_the_fields_as_they_were() -> None:
    before = repr(FIELDS)
    records.record_hash(FIELDS, SALTS)
    assert repr(FIELDS) == before


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({**FIELDS, "labeler": "bo"}, id="another person"),
        pytest.param({**FIELDS, "answers": {**FIELDS["answers"], "verdict": "reject"}}, id="another answer"),  # type: ignore[dict-item]  # a plain object
        pytest.param({**FIELDS, "more": 1}, id="something more"),
    ],
)
def test_any_change_changes_the_hash(changed: dict[str, object]) -> None:
    assert records.record_hash(changed, SALTS) != records.record_hash(FIELDS, SALTS)


def test_erasing_a_value_with_its_salt_leaves_the_hash_whole() -> None:
    before = records.record_hash(FIELDS, SALTS)
    salts = {**SALTS, "/answers/note": records.erased("hei", "s2")}
    fields = {**FIELDS, "answers": {**FIELDS["answers"], "note": None}}  # type: ignore[dict-item]  # a plain object
    assert records.record_hash(fields, salts) == before


def test_a_number_beyond_what_json_keeps_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="too large"):
        records.record_hash({"answers": {"n": 2**60}}, {})


def test_each_link_of_the_chain_depends_on_all_before_it() -> None:
    assert records.chained("", "a") == hashlib.sha256(b"a").hexdigest()
    assert records.chained(records.chained("", "a"), "b") != records.chained(records.chained("", "x"), "b")

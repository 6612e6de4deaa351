"""Faults are shown on the line where they stand."""

import pytest

from app.schemas.lines import read

SOUND = """{
  "name": "Ads",
  "parts": [{"name": "creative", "modality": "image"}],
  "fields": [
    {"name": "verdict", "kind": "choice",
     "choices": [
       {"value": "allow", "key": "1"},
       {"value": "reject", "key": "2"}
     ]}
  ]
}"""


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.path) for fault in read(text).faults]


def test_a_sound_schema_has_none() -> None:
    reading = read(SOUND)
    assert reading.holds
    assert reading.body["name"] == "Ads"


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('"key": "2"', '"key": "1"', [(8, "/fields/0/choices/1/key")]),
        ('"key": "2"', '"kye": "1"', [(8, "/fields/0/choices/1/kye")]),
        ('"value": "reject", ', "", [(8, "/fields/0/choices/1/value")]),
        ('"name": "Ads",', "", [(1, "/name")]),
        ('"modality": "image"', '"modality": "smell"', [(3, "/parts/0/modality")]),
        ('"kind": "choice",', '"kind": "choice", "kind": "choice",', [(5, "/fields/0/kind")]),
        ('"Ads"', '"Ads', [(2, "")]),
        ('"Ads"', "NaN", [(1, "")]),
    ],
)
def test_each_fault_stands_at_its_line(old: str, new: str, wanted: list[tuple[int, str]]) -> None:
    assert faults(SOUND.replace(old, new)) == wanted


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '"x"', "null", "{}", "{", "[" * 100_000, '{"a": "[{,:}]\\"", "b": [[], {}]}', "\ufeff{}"]
)
def test_any_text_is_read(text: str) -> None:
    reading = read(text)
    assert reading.faults
    assert all(fault.line == 1 for fault in reading.faults)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"name": "Ads', "is no JSON here: unterminated string"),
        ('{"name": "A\nds"}', "is no JSON here: invalid control character"),
        ('{"name" "Ads"}', "is no JSON here: expecting ':' delimiter"),
    ],
)
def test_what_is_no_json_is_said_in_a_whole_sentence(text: str, words: str) -> None:
    assert [fault.message for fault in read(text).faults] == [words]

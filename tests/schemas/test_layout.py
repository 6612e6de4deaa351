"""A schema's text: as wide as a page, and the same value again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schemas import views
from app.schemas.layout import WIDTH, as_text

values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=20), inner, max_size=5),
    max_leaves=40,
)


@given(values)
def test_a_text_reads_back_as_the_same_value(value: Any) -> None:
    assert json.loads(as_text(value)) == value


@pytest.mark.parametrize("example", views.examples(), ids=lambda example: example.name)
def test_the_choices_of_an_example_stand_few_to_a_line(example: views.Example) -> None:
    lines = as_text(views.body_of(example)).splitlines()
    assert max(map(len, lines)) <= WIDTH + 1
    assert all(line.count('"value"') <= 3 for line in lines)


def test_a_body_is_opened_even_where_it_is_short() -> None:
    assert as_text({"name": "", "fields": []}) == '{\n  "name": "",\n  "fields": []\n}\n'

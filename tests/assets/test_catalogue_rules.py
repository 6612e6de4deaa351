"""The catalogue's pure parts: words, terms, sets of bits; terms say what the rule of a queue's filter says."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assets.catalog import bits, terms, words
from app.assets.catalog.terms import Ad
from app.queues.rules import AdFacts, matches

KEYS = st.sampled_from(["market", "a", "b", "a.b", "c"])
PLAIN = st.one_of(st.sampled_from(["NO", "SE", "1", "true", ""]), st.integers(-2, 2), st.booleans(), st.none())
METADATA = st.recursive(
    st.dictionaries(KEYS, st.one_of(PLAIN, st.lists(PLAIN, max_size=3)), max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(PLAIN, inner), max_size=3),
    max_leaves=6,
)
PATHS = st.sampled_from(["market", "a", "b", "a.b", "a.c", "c", "a.b.c", "market.a"])


@given(
    metadata=METADATA, path=PATHS, listed=st.lists(PLAIN.filter(lambda one: one is not None), min_size=1, max_size=2)
)
def test_terms_say_of_metadata_what_a_queue_s_filter_says(metadata: Any, path: str, listed: list[Any]) -> None:
    key = f"metadata.{path}"
    ad = Ad(1, "p", "ad", metadata, "ready", [])
    found = any((key, terms.text_of(one)) in terms.terms_of(ad) for one in listed)
    assert found == matches({key: listed}, AdFacts("ad", metadata, []))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, bits.BLOCK - 1)), max_size=900))
def test_a_block_is_the_set_of_what_was_added_and_not_removed(steps: list[tuple[bool, int]]) -> None:
    block, expected = b"", set()
    for adds, place in steps:
        block = bits.changed(block, [place] if adds else [], [] if adds else [place])
        expected = expected | {place} if adds else expected - {place}
    whole = bits.union([(1, block)], 2)
    assert bits.places(whole).tolist() == sorted(bits.BLOCK + place for place in expected)
    assert bits.size(whole) == len(expected)


@pytest.mark.parametrize("many", [1, 400, 447, 448, 449, 5000, bits.BLOCK])
def test_blocks_of_few_and_of_many_are_read_alike(many: int) -> None:
    block = bits.changed(b"", range(many))
    assert len(block) == (2 * many if many < 448 else bits.BYTES)
    assert bits.size(bits.union([(0, block)], 1)) == many
    assert bits.union([(5, block)], 1).sum() == 0  # what came after the rest was read is left out


def test_places_beyond_the_blocks_are_left_out() -> None:
    assert bits.places(bits.of_places(np.array([3, bits.BLOCK + 1]), 1)).tolist() == [3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Får vi lov?", ["får", "vi", "lov"]),
        ("AD-0012_x", ["ad", "0012", "x"]),
        ("Straße ÆØÅ", ["strasse", "æøå"]),
        ("ﬁn 😀 1½", ["fin", "11", "2"]),
        ("", []),
        ("x" * 200, ["x" * words.LONGEST_WORD]),
    ],
)
def test_words_are_letters_and_digits_in_lower_case(text: str, expected: list[str]) -> None:
    assert words.split(text) == expected


def test_of_a_very_long_text_only_the_beginning_is_kept() -> None:
    assert len(words.of_ad("ad", {}, ["ord " * 50_000])) == words.MOST_WORDS
    assert (
        sum(len(word) for word in words.of_ad("ad", {}, [f"{number:070d} " for number in range(9000)]))
        <= words.MOST_BYTES
    )


def test_what_is_typed_becomes_beginnings_and_quotations() -> None:
    asked = words.asked('Somm "i parken" a AD-00')
    assert [(one.words, one.is_beginning) for one in asked] == [
        (("somm",), True), (("i", "parken"), False), (("a",), False), (("ad", "00"), True),
    ]  # fmt: skip
    assert len(words.asked("word " * 100)) == words.MOST_ASKED


@pytest.mark.parametrize(
    "wanted",
    [[], "x", {"nonsense": ["a"]}, {"metadata.": ["a"]}, {"modality": []}, {"modality": "image"}, {"state": [{}]},
     {f"metadata.{number}": ["a"] for number in range(30)}, {"external_id": ["a"] * 300}],
)  # fmt: skip
def test_what_is_no_filter_is_refused(wanted: Any) -> None:
    assert terms.check(wanted)


def test_terms_have_numbers_that_fit_a_signed_column_and_differ_by_project() -> None:
    numbers = {terms.number_of(project, "metadata.market", "NO") for project in ("p", "q")}
    assert len(numbers) == 2
    assert all(-(2**63) <= number < 2**63 for number in numbers)

"""What differs between two versions of a schema, in facts and in words."""

from collections.abc import Iterable
from copy import deepcopy
from itertools import combinations, permutations
from time import perf_counter
from typing import Any

import pytest

from app.schemas import views
from app.schemas.differences import Change, Difference, Step, compare
from app.schemas.layout import as_text
from app.schemas.rules import NODES_AT_MOST
from app.schemas.side_by_side import Line, Row, side_by_side
from app.schemas.wording import tell
from tests.making_schemas import make_choices, make_schema

NODES = [{"value": "health", "children": [{"value": "diet"}, {"value": "sleep"}]}, {"value": "price"}]


def make_before() -> dict[str, Any]:
    return make_schema(
        {
            "name": "verdict",
            "kind": "choice",
            "required": True,
            "title": {"en": "Verdict", "nb": "Avgjørelse"},
            "choices": [{"value": "allow", "key": "1"}, {"value": "limit"}, {"value": "reject", "key": "2"}],
        },
        {"name": "note", "kind": "text", "title": {"en": "Note"}, "when": {"verdict": ["reject"]}},
        {
            "name": "objects",
            "kind": "boxes",
            "choices": [{"value": "bottle", "title": {"en": "Bottle"}, "color": "#c2410c"}],
            "fields": [{"name": "visible", "kind": "choice", "choices": [{"value": "yes"}, {"value": "no"}]}],
        },
        {"name": "topics", "kind": "taxonomy", "nodes": deepcopy(NODES)},
        parts=[{"name": "creative", "modality": "image"}, {"name": "caption", "modality": "text"}],
    )


def told(change: Any) -> list[str]:
    """The sentences after a change to the schema, in place."""
    after = make_before()
    change(after)
    return [tell(difference).sentence for difference in compare(make_before(), after)]


def verdict(body: dict[str, Any]) -> dict[str, Any]:
    field: dict[str, Any] = body["fields"][0]
    return field


CASES = {
    "nothing": (dict, []),
    "what a property means anyway": (lambda body: body["fields"][1].update(required=False, multiline=False), []),
    "an optional part": (lambda body: body["parts"][1].update(required=False), ["Part caption: required: yes → no"]),
    "a new part": (
        lambda body: body["parts"].append({"name": "voice", "modality": "audio"}),
        ["Part voice is new"],
    ),
    "the name": (lambda body: body.update(name="Other"), ["The schema: name: Ads → Other"]),
    "a new field": (lambda body: body["fields"].insert(0, {"name": "why", "kind": "text"}), ["Field why is new"]),
    "a removed field": (lambda body: body["fields"].pop(1), ["Field note is gone"]),
    "a renamed field": (lambda body: body["fields"][1].update(name="remark"), ["Field remark: name: note → remark"]),
    "another kind": (lambda body: body["fields"][1].update(kind="number"), ["Field note: kind: text → number"]),
    "another order": (
        lambda body: body["fields"].append(body["fields"].pop(0)),
        ["Field verdict: place: 1 → 4"],
    ),
    "not required any more": (lambda body: verdict(body).pop("required"), ["Field verdict: required: yes → no"]),
    "a title": (
        lambda body: verdict(body)["title"].update(nb="Vedtak"),
        ["Field verdict: title (nb): Avgjørelse → Vedtak"],
    ),
    "a new language": (
        lambda body: verdict(body)["title"].update(pt="Veredito"),
        ["Field verdict: title (pt): nothing → Veredito"],
    ),
    "a help that is gone and one that is new": (
        lambda body: body["fields"][1].update(help={"en": "Be short"}),
        ["Field note: help (en): nothing → Be short"],
    ),
    "another condition": (
        lambda body: body["fields"][1]["when"].update(verdict=["reject", "limit"]),
        ["Field note: asked when: verdict is reject → verdict is reject or limit"],
    ),
    "no condition": (
        lambda body: body["fields"][1].pop("when"),
        ["Field note: asked when: verdict is reject → nothing"],
    ),
    "a key": (lambda body: verdict(body)["choices"][2].update(key="3"), ["Field verdict, choice reject: key: 2 → 3"]),
    "a new choice": (
        lambda body: verdict(body)["choices"].append({"value": "escalate"}),
        ["Field verdict, choice escalate is new"],
    ),
    "a removed choice moves no other": (
        lambda body: verdict(body)["choices"].pop(0),
        ["Field verdict, choice allow is gone"],
    ),
    "two choices in each other's place": (
        lambda body: verdict(body)["choices"].reverse(),
        ["Field verdict, choice reject: place: 3 → 1", "Field verdict, choice allow: place: 1 → 3"],
    ),
    "a choice without a title has no other name": (
        lambda body: verdict(body)["choices"][1].update(value="restrict"),
        ["Field verdict, choice restrict is new", "Field verdict, choice limit is gone"],
    ),
    "a renamed choice": (
        lambda body: body["fields"][2]["choices"][0].update(value="can"),
        ["Field objects, choice can: name: bottle → can"],
    ),
    "a colour": (
        lambda body: body["fields"][2]["choices"][0].update(color="#000000"),
        ["Field objects, choice bottle: color: #c2410c → #000000"],
    ),
    "a question of a mark": (
        lambda body: body["fields"][2]["fields"][0].update(required=True),
        ["Field objects, field visible: required: no → yes"],
    ),
    "a topic far down": (
        lambda body: body["fields"][3]["nodes"][0]["children"].pop(),
        ["Field topics, choice health, choice sleep is gone"],
    ),
    "the parts of a field": (
        lambda body: body["fields"][1].update(parts=["creative", "caption"]),
        ["Field note: parts: nothing → creative, caption"],
    ),
    "a number": (lambda body: body["fields"][1].update(max_length=20), ["Field note: max length: nothing → 20"]),
}


@pytest.mark.parametrize(("change", "sentences"), CASES.values(), ids=CASES.keys())
def test_a_difference_is_told_in_words(change: Any, sentences: list[str]) -> None:
    assert told(change) == sentences


def test_a_difference_names_its_place_and_its_path() -> None:
    after = make_before()
    after["fields"].insert(0, {"name": "why", "kind": "text"})
    verdict_now = after["fields"][1]
    verdict_now["choices"][2]["key"] = "3"
    verdict_now["choices"].pop(0)
    assert compare(make_before(), after)[1:] == [
        Difference(
            Change.CHANGED,
            "/fields/1/choices/1",
            (Step("field", "verdict"), Step("choice", "reject")),
            "key",
            before="2",
            after="3",
        ),
        Difference(
            Change.REMOVED,
            "/fields/0/choices/0",
            (Step("field", "verdict"), Step("choice", "allow")),
            before={"value": "allow", "key": "1"},
        ),
    ]


@pytest.mark.parametrize("one", views.examples(), ids=lambda example: example.name)
@pytest.mark.parametrize("other", views.examples(), ids=lambda example: example.name)
def test_any_two_schemas_can_be_compared_and_only_equal_ones_do_not_differ(
    one: views.Example, other: views.Example
) -> None:
    before, after = views.body_of(one), views.body_of(other)
    differences = compare(before, after)
    assert (differences == []) is (before == after)
    assert all(tell(difference).sentence for difference in differences)


def test_under_a_heading_only_the_rest_of_the_place_is_told() -> None:
    after = make_before()
    verdict(after)["required"] = False
    verdict(after)["choices"][2]["key"] = "3"
    assert [tell(one, within=1).subject for one in compare(make_before(), after)] == ["", "Choice reject"]


def test_texts_stand_side_by_side_with_what_is_equal_left_out() -> None:
    before = "\n".join("abcdefghij")
    after = "\n".join("abcdeXghijk")
    assert side_by_side(before, before) == []
    assert side_by_side(before, after) == [
        Row(same=True, skipped=2),
        *(Row(Line(number, text), Line(number, text), same=True) for number, text in [(3, "c"), (4, "d"), (5, "e")]),
        Row(Line(6, "f"), Line(6, "X")),
        *(
            Row(Line(number, "ghij"[number - 7]), Line(number, "ghij"[number - 7]), same=True)
            for number in range(7, 11)
        ),
        Row(None, Line(11, "k")),
    ]


def test_what_only_one_text_has_stands_beside_nothing() -> None:
    assert side_by_side("a\nb", "a") == [Row(Line(1, "a"), Line(1, "a"), same=True), Row(Line(2, "b"), None)]


@pytest.mark.parametrize("order", list(permutations("abcde")), ids="".join)
def test_as_few_as_can_be_have_moved(order: tuple[str, ...]) -> None:
    def body(values: Iterable[str]) -> dict[str, Any]:
        return make_schema({"name": "q", "kind": "choice", "choices": make_choices(*values)})

    moved = {one.place[-1].name for one in compare(body("abcde"), body(order))}
    kept = [value for value in order if value not in moved]
    longest = max(len(some) for count in range(6) for some in combinations(order, count) if list(some) == sorted(some))
    assert kept == sorted(kept)
    assert len(kept) == longest


def test_a_large_taxonomy_is_compared_at_once() -> None:
    nodes = [{"value": f"n{at}", "title": {"en": f"Topic {at}", "nb": f"Tema {at}"}} for at in range(NODES_AT_MOST)]
    before = make_schema({"name": "topics", "kind": "taxonomy", "nodes": nodes})
    after = make_schema({"name": "topics", "kind": "taxonomy", "nodes": [*nodes[1::2], {"value": "new"}, *nodes[::4]]})
    began = perf_counter()
    assert compare(before, after)
    assert side_by_side(as_text(before), as_text(after))
    assert perf_counter() - began < 10

"""Publishing refuses every fault, at its path."""

from typing import Any

import pytest

from app.assets.rules import Modality
from app.schemas.kinds import KINDS
from app.schemas.rules import (
    RESERVED_BY_KIND,
    RESERVED_BY_MARKS,
    RESERVED_BY_MODALITY,
    RESERVED_BY_PAGE,
    normal_key,
    shown_key,
)
from app.schemas.validation import check_schema
from tests.making_schemas import make_choices, make_marks_field, make_schema, make_templates, make_verdict


def paths(schema: Any) -> list[str]:
    return [problem.path for problem in check_schema(schema)]


def one_part(modality: str) -> list[dict[str, Any]]:
    return [{"name": "creative", "modality": modality}]


NOTE = {"name": "note", "kind": "text"}
SIX_LEVELS: dict[str, Any] = {"value": "x"}
for _ in range(8):
    SIX_LEVELS = {"value": "x", "children": [SIX_LEVELS]}

FAULTS: list[tuple[str, Any, list[str]]] = [
    ("no object", [], [""]),
    ("nothing in it", {}, ["/fields", "/name", "/parts"]),
    ("no fields", make_schema() | {"fields": []}, ["/fields"]),
    ("an unknown property", make_schema() | {"version": 1}, ["/version"]),
    ("a blank name", make_schema(name=" "), ["/name"]),
    ("a part twice", make_schema(NOTE, parts=one_part("text") * 2), ["/parts/1/name"]),
    ("a modality nobody knows", make_schema(NOTE, parts=one_part("smell")), ["/parts/0/modality"]),
    ("a part with a bad name", make_schema(NOTE, parts=[{"name": "a/b", "modality": "text"}]), ["/parts/0/name"]),
    ("a share of a text", make_schema(NOTE, parts=[{"name": "body", "modality": "text", "require_played": 0.5}]), ["/parts/0/require_played"]),
    ("a share above the whole", make_schema(NOTE, parts=[{"name": "voice", "modality": "audio", "require_played": 1.5}]), ["/parts/0/require_played"]),
    ("a field twice", make_schema(NOTE, NOTE), ["/fields/1/name"]),
    ("no kind", make_schema({"name": "q"}), ["/fields/0/kind"]),
    ("an unknown kind", make_schema({"name": "q", "kind": "boolean"}), ["/fields/0/kind"]),
    ("a kind that is a list", make_schema({"name": "q", "kind": []}), ["/fields/0/kind"]),
    ("a field that is text", make_schema() | {"fields": ["q"]}, ["/fields/0"]),
    ("no choices", make_schema({"name": "q", "kind": "choice"}), ["/fields/0/choices"]),
    ("empty choices", make_schema(make_verdict(choices=[])), ["/fields/0/choices"]),
    ("a value twice", make_schema(make_verdict(choices=make_choices("a", "b", "a"))), ["/fields/0/choices/2/value"]),
    ("a misspelt property", make_schema(make_verdict(chioces=[])), ["/fields/0/chioces"]),
    ("a title that is text", make_schema({**NOTE, "title": "Note"}), ["/fields/0/title"]),
    ("a title in no language", make_schema({**NOTE, "title": {"English": "Note"}}), ["/fields/0/title/English"]),
    ("an empty title", make_schema({**NOTE, "title": {"en": ""}}), ["/fields/0/title/en"]),
    ("a colour by name", make_schema(make_verdict(choices=[{"value": "a", "color": "red"}])), ["/fields/0/choices/0/color"]),
    ("an unknown severity", make_schema(make_verdict(choices=[{"value": "a", "severity": "bad"}])), ["/fields/0/choices/0/severity"]),
    ("a clause with a space", make_schema(make_verdict(choices=[{"value": "a", "clause": "3 2"}])), ["/fields/0/choices/0/clause"]),
    ("required as a word", make_schema({**NOTE, "required": "yes"}), ["/fields/0/required"]),
    ("a part that is not there", make_schema({**NOTE, "part": "ghost"}), ["/fields/0/part"]),
    ("parts that are not there", make_schema({**NOTE, "parts": ["voice", "ghost"]}), ["/fields/0/parts/1"]),
    ("part and parts", make_schema({**NOTE, "part": "voice", "parts": ["voice"]}), ["/fields/0/parts"]),
    ("the same part twice", make_schema({**NOTE, "parts": ["voice", "voice"]}), ["/fields/0/parts"]),
    ("boxes on sound", make_schema(make_marks_field("boxes", part="voice")), ["/fields/0/part"]),
    ("boxes with no image", make_schema(make_marks_field("boxes"), parts=one_part("text")), ["/fields/0/kind"]),
    ("when of a later field", make_schema({**NOTE, "when": {"verdict": ["allow"]}}, make_verdict()), ["/fields/0/when/verdict"]),
    ("when of itself", make_schema(make_verdict(when={"verdict": ["allow"]})), ["/fields/0/when/verdict"]),
    ("when of no value", make_schema(make_verdict(), {**NOTE, "when": {"verdict": []}}), ["/fields/1/when/verdict"]),
    ("when of an unknown value", make_schema(make_verdict(), {**NOTE, "when": {"verdict": ["allow", "x"]}}), ["/fields/1/when/verdict/1"]),
    ("when of free text", make_schema(NOTE, {**NOTE, "name": "b", "when": {"note": ["x"]}}), ["/fields/1/when/note/0"]),
    ("when as a list", make_schema(make_verdict(), {**NOTE, "when": []}), ["/fields/1/when"]),
    ("marks within marks", make_schema(make_marks_field("boxes", fields=[make_marks_field("boxes")])), ["/fields/0/fields/0/kind"]),
    ("an inner field twice", make_schema(make_marks_field("boxes", fields=[NOTE, NOTE])), ["/fields/0/fields/1/name"]),
    ("an inner field with a part", make_schema(make_marks_field("boxes", fields=[{**NOTE, "part": "voice"}])), ["/fields/0/fields/0/part"]),
    ("inner fields of a plain kind", make_schema(make_verdict(fields=[NOTE])), ["/fields/0/fields"]),
    ("a rating upside down", make_schema({"name": "q", "kind": "rating", "min": 5, "max": 1}), ["/fields/0/max"]),
    ("a number upside down", make_schema({"name": "q", "kind": "number", "min": 5, "max": 1}), ["/fields/0/min"]),
    ("a step of nothing", make_schema({"name": "q", "kind": "number", "step": 0}), ["/fields/0/step"]),
    ("an infinite bound", make_schema({"name": "q", "kind": "number", "max": float("inf")}), ["/fields/0/max"]),
    ("more than there is", make_schema({**make_verdict(), "kind": "choices", "min": 3}), ["/fields/0/min"]),
    ("a tree without nodes", make_schema({"name": "q", "kind": "taxonomy"}), ["/fields/0/nodes"]),
    ("a node twice", make_schema({"name": "q", "kind": "taxonomy", "nodes": [{"value": "a", "children": make_choices("b", "b")}]}), ["/fields/0/nodes/0/children/1/value"]),
    ("a tree too deep", make_schema({"name": "q", "kind": "taxonomy", "nodes": [SIX_LEVELS]}), ["/fields/0/nodes" + "/0/children" * 8]),
    ("a ranking of nothing", make_schema({"name": "q", "kind": "ranking"}), ["/fields/0/choices"]),
    ("a ranking of one", make_schema({"name": "q", "kind": "ranking", "choices": make_choices("a")}), ["/fields/0/choices"]),
    ("a ranking of one part", make_schema({"name": "q", "kind": "ranking", "parts": ["voice"]}), ["/fields/0/parts"]),
    ("a ranking with a value twice", make_schema({"name": "q", "kind": "ranking", "choices": make_choices("a", "a")}), ["/fields/0/choices/1/value"]),
    ("a ranking of parts within a mark", make_schema(make_marks_field("boxes", fields=[{"name": "q", "kind": "ranking"}])), ["/fields/0/fields/0/choices"]),
    ("polygons of two points", make_schema(make_marks_field("polygons", min_points=2)), ["/fields/0/min_points"]),
    ("lines of no more than one", make_schema(make_marks_field("polylines", max_points=1)), ["/fields/0/max_points"]),
    ("more points than there may be", make_schema(make_marks_field("polygons", min_points=5, max_points=4)), ["/fields/0/min_points"]),
    ("keypoints without a template", make_schema(make_marks_field("keypoints")), ["/fields/0/templates"]),
    ("templates as a list", make_schema(make_marks_field("keypoints", templates=[])), ["/fields/0/templates"]),
    ("a template without points", make_schema(make_marks_field("keypoints", templates={"a": {}})), ["/fields/0/templates/a/points"]),
    ("a template with a number as a point", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["1"]}})), ["/fields/0/templates/a/points/0"]),
    ("a point twice", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x", "x"]}})), ["/fields/0/templates/a/points/1"]),
    ("a skeleton of other points", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x", "y"], "skeleton": [["x", "z"]]}})), ["/fields/0/templates/a/skeleton/0/1"]),
    ("a line from a point to itself", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x", "y"], "skeleton": [["x", "x"]]}})), ["/fields/0/templates/a/skeleton/0"]),
    ("a line of three points", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x"], "skeleton": [["x", "x", "x"]]}})), ["/fields/0/templates/a/skeleton/0"]),
    ("a title of another point", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x"], "titles": {"z": {"en": "Z"}}}})), ["/fields/0/templates/a/titles/z"]),
    ("a title in no language of a point", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x"], "titles": {"x": "X"}}})), ["/fields/0/templates/a/titles/x"]),
    ("two templates and no word of which", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x"]}, "b": {"points": ["y"]}}, choices=[{"value": "v", "template": "b"}, {"value": "w"}])), ["/fields/0/choices/1/template"]),
    ("a template that is not there", make_schema(make_marks_field("keypoints", templates={"a": {"points": ["x"]}}, choices=[{"value": "v", "template": "c"}])), ["/fields/0/choices/0/template"]),
    ("a template of a plain choice", make_schema(make_verdict(choices=[{"value": "a", "template": "b"}])), ["/fields/0/choices/0/template"]),
    ("lanes by no own question", make_schema(make_marks_field("segments", part="voice", lanes="speaker")), ["/fields/0/lanes"]),
    ("lanes by free words", make_schema(make_marks_field("segments", part="voice", lanes="note", fields=[NOTE])), ["/fields/0/lanes"]),
    ("lanes of several names", make_schema(make_marks_field("segments", part="voice", lanes=["note"], fields=[NOTE])), ["/fields/0/lanes"]),
    ("lanes of boxes", make_schema(make_marks_field("boxes", lanes="verdict", fields=[make_verdict()])), ["/fields/0/lanes"]),
    ("relations with nothing to tie", make_schema(make_marks_field("relations")), ["/fields/0/kind"]),
    ("relations of relations", make_schema(make_marks_field("relations", to=["marks"]), {**make_marks_field("spans"), "name": "b"}), ["/fields/0/to/0"]),
    ("relations of a plain field", make_schema(NOTE, {**make_marks_field("spans"), "name": "b"}, make_marks_field("relations", **{"from": ["b", "note"]})), ["/fields/2/from/1"]),
    ("relations of no field", make_schema({**make_marks_field("spans"), "name": "b"}, make_marks_field("relations", to=[])), ["/fields/1/to"]),
    ("masks on sound", make_schema(make_marks_field("masks", part="voice")), ["/fields/0/part"]),
    ("relations on a picture", make_schema({**make_marks_field("spans"), "name": "b"}, make_marks_field("relations", part="creative")), ["/fields/1/part"]),
    ("a fault in the parts and one in a field", make_schema(make_verdict(choices=[]), parts=one_part("smell")), ["/fields/0/choices", "/parts/0/modality"]),
    ("a fault of shape in one field and of meaning in another", make_schema({**NOTE, "title": 1}, {**NOTE, "name": "b", "part": "ghost"}), ["/fields/0/title", "/fields/1/part"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "wanted"), [(schema, wanted) for _, schema, wanted in FAULTS], ids=[name for name, _, _ in FAULTS]
)
def test_each_fault_is_found_at_its_path(schema: Any, wanted: list[str]) -> None:
    assert paths(schema) == wanted


def test_a_misspelt_property_is_guessed() -> None:
    assert "did you mean choices?" in check_schema(make_schema(make_verdict(chioces=[])))[0].message


def test_a_schema_too_large_is_refused() -> None:
    fields = [
        {**NOTE, "name": f"f{number}", "help": {f"x{letter}": "x" * 2000 for letter in "abcdefg"}}
        for number in range(50)
    ]
    assert paths(make_schema(*fields)) == [""]


def keyed(*keys: Any) -> list[dict[str, Any]]:
    return [{"value": f"v{number}", "key": key} for number, key in enumerate(keys)]


@pytest.mark.parametrize("modality", list(Modality))
def test_every_key_a_modality_or_the_page_reserves_is_refused(modality: Modality) -> None:
    for key in RESERVED_BY_MODALITY[modality] | RESERVED_BY_PAGE:
        schema = make_schema(make_verdict(choices=keyed(shown_key(key))), parts=one_part(modality.value))
        assert paths(schema) == ["/fields/0/choices/0/key"], key


def test_keys_of_marks_are_reserved_only_where_there_are_marks() -> None:
    for key in RESERVED_BY_MARKS:
        if key.startswith("Alt+"):  # no schema may have those, marks or not
            continue
        plain = make_verdict(choices=keyed(shown_key(key)))
        assert paths(make_schema(plain, parts=one_part("image"))) == []
        assert paths(make_schema(plain, make_marks_field("boxes"), parts=one_part("image"))) == [
            "/fields/0/choices/0/key"
        ]


@pytest.mark.parametrize("kind", [kind for kind in RESERVED_BY_KIND if kind in KINDS])
def test_keys_of_tools_are_reserved_only_where_their_kind_is_asked_for(kind: str) -> None:
    for key in RESERVED_BY_KIND[kind]:
        plain = make_verdict(choices=keyed(shown_key(key)))
        parts = one_part("text" if Modality.TEXT in KINDS[kind].modalities else "image")
        assert paths(make_schema(plain, parts=parts)) == []
        options = {"templates": make_templates()} if kind == "keypoints" else {}
        marks = make_marks_field(kind, **options)
        assert "/fields/0/choices/0/key" in paths(make_schema(plain, marks, parts=parts))


def test_a_text_schema_may_take_the_letters_that_only_images_reserve() -> None:
    assert paths(make_schema(make_verdict(choices=keyed("v", "b", "z")), parts=one_part("text"))) == []


def test_page_wide_keys_collide_across_plain_fields() -> None:
    second = {"name": "reasons", "kind": "choices", "choices": keyed("2", "1")}
    assert paths(make_schema(make_verdict(choices=keyed("1")), second)) == ["/fields/1/choices/1/key"]


def test_two_mark_fields_may_share_keys_but_not_with_themselves_or_the_page() -> None:
    boxes = make_marks_field("boxes", choices=keyed("t", "u"), name="boxes")
    spans = make_marks_field("spans", choices=keyed("t", "u"), name="spans")
    assert paths(make_schema(boxes, spans)) == []
    inner = {"name": "seen", "kind": "choice", "choices": keyed("q", "t")}
    assert paths(make_schema({**boxes, "fields": [inner]})) == ["/fields/0/fields/0/choices/1/key"]
    assert paths(make_schema(boxes, make_verdict(choices=keyed("t")))) == ["/fields/0/choices/0/key"]


def test_a_capital_is_the_small_letter_with_shift() -> None:
    assert paths(make_schema(make_verdict(choices=keyed("Q", "Shift+Q")))) == ["/fields/0/choices/1/key"]
    assert paths(make_schema(make_verdict(choices=keyed("q", "Q")))) == []


@pytest.mark.parametrize(
    "key", ["", " ", "\t", "ab", "Foo", "Shift+", "Shift+1", "Hyper+a", "Shift+Shift+a", 1, None, ["a"]]
)
def test_what_is_no_key_is_refused(key: Any) -> None:
    assert paths(make_schema(make_verdict(choices=keyed(key)))) == ["/fields/0/choices/0/key"]


def test_commands_with_ctrl_and_alt_belong_to_the_page() -> None:
    assert paths(make_schema(make_verdict(choices=keyed("Ctrl+q", "Alt+q")))) == [
        "/fields/0/choices/0/key",
        "/fields/0/choices/1/key",
    ]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("t", "t"),
        ("T", "Shift+t"),
        ("Shift+t", "Shift+t"),
        ("+", "+"),
        ("?", "?"),
        ("F2", "F2"),
        ("å", "å"),
        ("Å", "Shift+å"),
        ("1", "1"),
    ],
)
def test_keys_have_one_spelling(written: str, normal: str) -> None:
    assert normal_key(written) == normal
    assert normal_key(shown_key(written)) == normal

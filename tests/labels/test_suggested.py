"""What a label may say of suggestions, and what it keeps of them."""

from typing import Any

import pytest

from app.labels import suggested
from app.labels.rules import Answered
from app.suggestions.rules import Seen

BOX = {"id": "s1", "choice": "bottle", "x": 1, "y": 2.0, "width": 3, "height": 4, "fields": {"brand": "yes"}}
LINK = {"id": "r1", "choice": "of", "from": "s1", "to": "s2"}
SHOWN = Seen(
    "abcdefgh-1", "finder", "2", {"verdict": "reject", "reasons": ["a", "b"], "objects": [BOX], "links": [LINK]}
)
MINE = {**BOX, "source": "suggestion", "suggestion_id": SHOWN.id}


def marked(**changes: Any) -> Answered:
    return Answered({"objects": [{**MINE, **changes}]})


def sourced(answer: Any, source: str = "suggestion", name: str = "verdict") -> Answered:
    return Answered({name: answer}, {name: {"source": source, "suggestion_id": SHOWN.id}})


@pytest.mark.parametrize(
    ("answered", "paths"),
    [
        pytest.param(marked(), [], id="as suggested"),
        pytest.param(marked(id="s1-abcdefgh", y=2), [], id="under another id"),
        pytest.param(marked(fields={"brand": "yes", "size": 2}), [], id="a question that was left open answered"),
        pytest.param(marked(start_frame=3), [], id="with what the server adds"),
        pytest.param(marked(x=9), ["/answers/objects/0/source"], id="moved"),
        pytest.param(marked(choice="glass"), ["/answers/objects/0/source"], id="another choice"),
        pytest.param(marked(fields={"brand": "no"}), ["/answers/objects/0/source"], id="another own answer"),
        pytest.param(marked(fields={}), ["/answers/objects/0/source"], id="an own answer taken away"),
        pytest.param(marked(transcript="hi"), ["/answers/objects/0/source"], id="words added"),
        pytest.param(marked(x=9, source="suggestion_edited"), [], id="moved and said so"),
        pytest.param(marked(suggestion_id="other"), ["/answers/objects/0/suggestion_id"], id="never shown"),
        pytest.param(marked(suggestion_id=None), ["/answers/objects/0/suggestion_id"], id="of no suggestion"),
        pytest.param(marked(source="human"), ["/answers/objects/0/suggestion_id"], id="human, yet suggested"),
        pytest.param(marked(source="human", suggestion_id=None), [], id="human"),
        pytest.param(sourced("reject"), [], id="an answer as suggested"),
        pytest.param(sourced(["b", "a"], name="reasons"), [], id="the same choices in another order"),
        pytest.param(sourced("allow"), ["/sources/verdict/source"], id="another answer"),
        pytest.param(sourced("allow", "suggestion_edited"), [], id="another answer that says so"),
        pytest.param(
            Answered({"links": [{**LINK, "from": "s1-abcdefgh", "source": "suggestion", "suggestion_id": SHOWN.id}]}),
            [], id="a relation whose marks were renamed",
        ),
        pytest.param(
            Answered({}, refused=[{"suggestion_id": SHOWN.id, "field": "objects"}, {"suggestion_id": "?", "field": "a"}]),
            ["/refused_suggestions/1/suggestion_id"], id="refused, never shown",
        ),
    ],
)  # fmt: skip
def test_untrue_words_about_suggestions_are_named(answered: Answered, paths: list[str]) -> None:
    assert [problem.path for problem in suggested.check(answered, [SHOWN])] == paths


def test_a_label_names_the_models_whose_suggestions_stand_in_it() -> None:
    other = Seen("zz", "second", "1", {}, after_own=True)
    assert suggested.models(marked(), [SHOWN, other]) == "finder 2"
    assert suggested.models(Answered({"verdict": "allow"}), [SHOWN, other]) is None
    both = Answered(marked().answers, {"verdict": {"source": "suggestion_edited", "suggestion_id": "zz"}})
    assert suggested.models(both, [SHOWN, other]) == "finder 2, second 1"


def test_a_revision_keeps_what_was_shown_when_and_what_was_refused() -> None:
    refused = {"suggestion_id": "zz", "field": "objects", "mark": "s9"}
    kept = suggested.kept(Answered({}, refused=[refused]), [SHOWN, Seen("zz", "second", "1", {}, after_own=True)])
    assert kept is not None
    assert [(one["suggestion_id"], one["shown"]) for one in kept["shown"]] == [
        (SHOWN.id, "before_answering"), ("zz", "after_first_answer"),
    ]  # fmt: skip
    assert kept["refused"] == [refused]
    assert suggested.kept(Answered({}), []) is None

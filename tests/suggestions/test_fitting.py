"""What of a suggestion can still be read, piece by piece."""

from typing import Any

import pytest

from app.assets.rules import AssetFacts, Modality, PartFacts
from app.suggestions.fitting import readable
from app.suggestions.rules import Found, newest_per_model
from tests.making_labels import BODY

AD = AssetFacts("a", 1, "ad-1", {}, (PartFacts("creative", Modality.TEXT, "0" * 64, text="Buy now"),))
BUY = {"id": "m1", "choice": "price", "start": 0, "end": 3, "text": "Buy"}
OLD = {"id": "m2", "choice": "gone", "start": 4, "end": 7, "text": "now"}


@pytest.mark.parametrize(
    ("answers", "kept", "apart"),
    [
        ({"verdict": "allow", "claims": [BUY]}, {"verdict": "allow", "claims": [BUY]}, []),
        ({"verdict": "perhaps", "note": "x"}, {"note": "x"}, ["/answers/verdict"]),
        ({"mood": 1}, {}, ["/answers/mood"]),
        ({"claims": [OLD, BUY, OLD | {"id": "m3"}]}, {"claims": [BUY]}, ["/answers/claims/2", "/answers/claims/0"]),
        ({"claims": [BUY, BUY]}, {"claims": [BUY]}, ["/answers/claims/1"]),
        ({"claims": "none"}, {}, ["/answers/claims"]),
    ],
)
def test_what_fits_is_kept_and_the_rest_set_apart_with_its_place(
    answers: dict[str, Any], kept: dict[str, Any], apart: list[str]
) -> None:
    found, pieces = readable(BODY, answers, AD)
    assert found == kept
    assert [piece.path for piece in pieces] == apart
    assert all(piece.reason.endswith(".") for piece in pieces)


def test_the_newest_of_each_model_goes_before_and_one_of_these_versions_before_that() -> None:
    found = [Found(1, "a", "m", 1, 1), Found(2, "b", "m", 2, 1), Found(3, "c", "n", 1, 1), Found(4, "d", "n", 1, 1)]
    chosen = newest_per_model(found, schema_version=1, asset_revision=1)
    assert [one.id for one in chosen] == ["a", "d"]

"""What every field kind can do. Pure: values in, values and problems out."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from app.assets.rules import Modality, PartFacts
from app.errors import Problem
from app.schemas.shapes import Check

Field = Mapping[str, Any]
EVERYWHERE = frozenset(Modality)


@dataclass(frozen=True)
class Asked:
    """A field as it is asked of one ad: the present parts it goes on, and whether the answer is to be whole."""

    parts: Mapping[str, PartFacts]
    several: bool = False  # the schema lets marks of this field lie on more than one part
    complete: bool = True
    marks: Mapping[str, str] = field(default_factory=dict)  # mark id -> field, of all that a relation may tie


class Kind(ABC):
    """One kind of question. A new kind is one file beside this one and one line in the registry."""

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    modalities: ClassVar[frozenset[Modality]] = EVERYWHERE
    makes_marks: ClassVar[bool] = False
    is_keyframed: ClassVar[bool] = False  # its marks have keyframes, whose answers may change over time
    is_tie: ClassVar[bool] = False  # its marks lie on other marks
    options: ClassVar[Mapping[str, Check]] = {}
    needed: ClassVar[Collection[str]] = ()

    @property
    def template(self) -> str:
        """The question on the labeling page."""
        return f"work/fields/_{self.name}.html"

    def check_options(self, field: Field, path: str) -> Iterator[Problem]:  # noqa: ARG002 - most kinds have nothing to add
        """Faults among a field's options, whose shapes are right already."""
        return iter(())

    def check_beside(self, field: Field, kinds: Mapping[str, "Kind"], path: str) -> Iterator[Problem]:  # noqa: ARG002 - most kinds stand alone
        """Faults among what a field says of the schema's others; `kinds` has the kind of each by its name."""
        return iter(())

    def keys(self, field: Field, path: str) -> Iterator[tuple[str, str]]:  # noqa: ARG002 - kinds without choices have none
        """(path, key) of every key this field declares."""
        return iter(())

    def listed(self, field: Field) -> Iterator[tuple[int, Mapping[str, Any]]]:  # noqa: ARG002 - kinds without choices have none
        """(depth, choice) of every choice in order, for pages that show a schema."""
        return iter(())

    @abstractmethod
    def may_be(self, field: Field, value: Any) -> bool:
        """Whether another field's `when` may ask for this value."""

    @abstractmethod
    def has(self, answer: Any, value: Any) -> bool:
        """Whether this answer, valid or not, holds the value that a `when` asks for."""

    def has_one_of(self, values: list[Any]) -> dict[str, Any]:
        """JSON Schema of an answer that `has` one of these values."""
        return {"enum": values}

    def is_empty(self, answer: Any) -> bool:
        """Whether the answer says nothing, so that a required field is still unanswered."""
        return answer is None or answer in ("", [])

    @abstractmethod
    def check(self, field: Field, answer: Any, path: str, asked: Asked) -> Iterator[Problem]: ...

    @abstractmethod
    def json_schema(self, field: Field) -> dict[str, Any]:
        """JSON Schema 2020-12 of an answer."""

    def free_text(self, answer: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ARG002 - most kinds have none
        """(path, words) of what the labeler wrote in their own words."""
        return iter(())

    def enrich(self, answer: Any, asked: Asked) -> Any:  # noqa: ARG002 - most kinds are whole as they come
        """The answer with what the server adds."""
        return answer

"""The OpenAPI document tells what outside programs rely on."""

from typing import Any

import pytest
from fastapi import FastAPI

OPERATIONS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in OPERATIONS
    ]


def test_every_operation_says_what_it_does_and_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    found = operations(document)
    names = [operation["operationId"] for _, _, operation in found]
    assert len(set(names)) == len(names)
    assert [path for path, _, operation in found if not operation.get("description")] == []


def test_bearer_tokens_repeatable_posts_and_refusals_are_told(document: dict[str, Any]) -> None:
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, method, operation in operations(document):
        named = {one["name"] for one in operation.get("parameters", [])}
        assert ("Idempotency-Key" in named) == (method == "post"), path
        assert {"401", "404"} <= set(operation["responses"]), path
        for status, answer in operation["responses"].items():
            if status.startswith("4"):
                assert list(answer["content"]) == ["application/problem+json"], path

"""How clauses get their numbers and keep their ids."""

import pytest

from app.guidelines.markdown import headings
from app.guidelines.rules import KnownClause, assign_ids, changed_ids, check_clauses, number_clauses


def numbers(body: str) -> list[tuple[str, str]]:
    return [(clause.number, clause.title) for clause in number_clauses(headings(body))]


def known(
    body: str, last: list[KnownClause] | None = None, used: dict[str, str] | None = None, version: int = 1
) -> list[KnownClause]:
    clauses, problems = assign_ids(number_clauses(headings(body)), last=last or [], used=used or {}, version=version)
    assert problems == []
    return clauses


def ids(clauses: list[KnownClause]) -> dict[str, str]:
    return {clause.title: clause.id for clause in clauses}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("", []),
        ("only words", []),
        ("## 1 One\n### 1.1 Two\n## 2. Three\n", [("1", "One"), ("1.1", "Two"), ("2", "Three")]),
        ("## § 3.2 Drinks\n", [("3.2", "Drinks")]),
        ("# Policy\n\n## Intro\n\n## 1 One", [("1", "One")]),
        (
            "# Policy\n\n## One\n\n### Deep\n\n### Deeper\n\n## Two",
            [("1", "One"), ("1.1", "Deep"), ("1.2", "Deeper"), ("2", "Two")],
        ),
        ("# One\n\n## Deep\n\n# Two", [("1", "One"), ("1.1", "Deep"), ("2", "Two")]),
        ("## One\n\n#### Jump\n\n## Two\n\n### Deep", [("1", "One"), ("1.1", "Jump"), ("2", "Two"), ("2.1", "Deep")]),
        ("# Alone", [("1", "Alone")]),
        ("> ## 9 Quoted\n\n```\n## 8 Code\n```\n\n## 1 One", [("1", "One")]),
        ("One\n===\n\nTwo\n---", [("1", "Two")]),
        ("## 2026 was a year\n", [("1", "2026 was a year")]),
    ],
)
def test_numbers(body: str, wanted: list[tuple[str, str]]) -> None:
    assert numbers(body) == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("## 1 One\n\n## 1 Two", ["line 3: the number 1 stands twice"]),
        ("## 1 One {#a}\n\n## 2 Two {#a}", ["line 3: the id a stands twice"]),
        ("## 1 One\n\n## Two {#b}", ["line 3: “Two” has an id; give it a number too, as other clauses have"]),
        ("## 1 One\n\n##", ["line 3: a heading has 1 to 300 characters"]),
        (f"## 1 {'x' * 301}", ["line 1: a heading has 1 to 300 characters"]),
    ],
)
def test_faults_name_their_line(body: str, wanted: list[str]) -> None:
    found = headings(body)
    assert [problem.message for problem in check_clauses(found, number_clauses(found))] == wanted


FIRST = "## 1 Alcohol\n\nNo beer, no wine.\n\n## 2 Gambling\n\nNo casino without a licence.\n"


def test_an_id_is_the_number_first_published_or_what_the_heading_says() -> None:
    assert ids(known("## 1 Alcohol\n\n## 2 Gambling {#games}")) == {"Alcohol": "1", "Gambling": "games"}


NEXT: list[tuple[str, str, dict[str, str]]] = [
    ("swapped", "## 1 Gambling\n\n## 2 Alcohol", {"Gambling": "2", "Alcohol": "1"}),
    (
        "pushed down",
        "## 1 Prices\n\n## 2 Alcohol\n\n## 3 Gambling",
        {"Prices": "1-v2", "Alcohol": "1", "Gambling": "2"},
    ),
    ("retitled in part", "## 1 Alcohol and drugs\n\n## 2 Gambling", {"Alcohol and drugs": "1", "Gambling": "2"}),
    (
        "retitled, same words below",
        "## 1 Drinks\n\nNo beer, no wine.\n\n## 2 Gambling",
        {"Drinks": "1", "Gambling": "2"},
    ),
    ("replaced", "## 1 Tobacco\n\nNot at all.\n\n## 2 Gambling", {"Tobacco": "1-v2", "Gambling": "2"}),
    (
        "made deeper",
        "## 1 Goods\n\n### 1.1 Alcohol\n\n### 1.2 Gambling",
        {"Goods": "1-v2", "Alcohol": "1", "Gambling": "2"},
    ),
    ("with an id of its own", "## 1 Tobacco {#tobacco}\n\n## 2 Gambling", {"Tobacco": "tobacco", "Gambling": "2"}),
    ("kept by its id", "## 1 Betting {#2}\n\n## 2 Alcohol", {"Betting": "2", "Alcohol": "1"}),
    ("one added", FIRST + "\n## 3 Prices", {"Alcohol": "1", "Gambling": "2", "Prices": "3"}),
]


@pytest.mark.parametrize(("body", "wanted"), [row[1:] for row in NEXT], ids=[row[0] for row in NEXT])
def test_a_clause_keeps_its_id_and_no_other_gets_it(body: str, wanted: dict[str, str]) -> None:
    first = known(FIRST)
    used = {clause.id: clause.title for clause in first}
    assert ids(known(body, first, used, version=2)) == wanted


def test_an_id_that_is_gone_never_comes_back_for_another_clause() -> None:
    used = {"1": "Alcohol", "2": "Gambling", "games": "Games"}
    last = known("## 1 Alcohol")
    assert ids(known("## 1 Alcohol\n\n## 2 Prices", last, used, version=3)) == {"Alcohol": "1", "Prices": "2-v3"}
    clauses = number_clauses(headings("## 1 Alcohol\n\n## 2 Prices {#games}"))
    _, problems = assign_ids(clauses, last=last, used=used, version=3)
    assert [problem.message for problem in problems] == [
        "line 3: {#games} was the id of “Games”, which is gone; choose another"
    ]
    assert ids(known("## 1 Alcohol\n\n## 2 Games {#games}", last, used, version=3))["Games"] == "games"


def test_what_changed_is_what_was_reworded_added_or_left_out() -> None:
    first = known(FIRST)
    used = {clause.id: clause.title for clause in first}
    second = known("## 1 Alcohol\n\nNo beer at all.\n\n## 2 Prices", first, used, version=2)
    assert changed_ids(second, first) == ["1", "2-v2", "2"]
    assert changed_ids(first, first) == []

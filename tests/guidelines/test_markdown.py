"""Markdown becomes HTML that can do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.guidelines.markdown import check_pictures, headings, picture_ids, render
from app.guidelines.rules import assign_ids, number_clauses


def rendered(body: str, pictures: dict[str, str] | None = None) -> str:
    clauses, _ = assign_ids(number_clauses(headings(body)), last=[], used={}, version=1)
    return render(body, clauses, pictures or {}).strip()


def test_clauses_can_be_scrolled_to_and_headings_stand_below_the_pages_own() -> None:
    assert rendered("## 3.2 In *Norway* {#no}\n\nText") == '<h2 id="clause-no">3.2 In <em>Norway</em></h2>\n<p>Text</p>'


def test_clauses_without_numbers_get_them() -> None:
    assert rendered("# A\n\n# B") == '<h2 id="clause-1">1 A</h2>\n<h2 id="clause-2">2 B</h2>'


def test_a_link_to_a_clause_leads_to_its_heading() -> None:
    assert 'href="#clause-1"' in rendered("## 1 A\n\nsee [A](#1)")


def test_tables_and_quotations_are_there() -> None:
    html = rendered("| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\n1. x\n2. ~~y~~")
    assert all(tag in html for tag in ("<table>", "<td>1</td>", "<blockquote>", "<ol>", "<s>y</s>"))


def test_pictures_are_the_projects_own_or_words() -> None:
    html = rendered(
        "![A bottle](picture:p1) ![far](https://elsewhere.example/x.png) ![gone](picture:p2)", {"p1": "/pictures/p1"}
    )
    assert '<img src="/pictures/p1" alt="A bottle" loading="lazy">' in html
    assert "elsewhere" not in html
    assert "[far: not shown]" in html
    assert "[gone: not shown]" in html


def test_pictures_from_elsewhere_are_faults_with_their_line() -> None:
    body = "one\n\n![x](https://a.example/x.png)\n\n![y](picture:p2)\n\n![z](picture:p1)"
    assert [problem.message for problem in check_pictures(body, {"p1": "z"})] == [
        "line 3: a picture from elsewhere; upload it and write picture:ID",
        "line 5: there is no picture p2 here",
    ]
    assert picture_ids(body) == ["p2", "p1"]


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "<svg/onload=alert(1)>",
        '## 1 <b onclick="x">A</b> {#a}',
        "<style>*{display:none}</style>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<a href='//evil.example'>x</a>",
    ],
)
def test_nothing_that_runs_comes_through(body: str) -> None:
    html = rendered(body)
    for forbidden in (
        "<script",
        "<svg",
        "<style",
        "<b ",
        "onerror=alert(1)>",
        'href="javascript',
        'href="data',
        "<img",
    ):
        assert forbidden not in html.replace("&lt;", "‹").replace("&gt;", "›")


def test_links_outside_take_nothing_along() -> None:
    assert 'rel="noopener noreferrer"' in rendered("[law](https://lovdata.example)")


@given(st.text(alphabet="#*_[]()!<>{}`~|-+=\n\t 123.abc\"'&:/\\§", max_size=120))
def test_any_text_renders_and_is_numbered(body: str) -> None:
    html = rendered(body)
    assert "<script" not in html
    assert all(problem.path == "/body" for problem in check_pictures(body, {}))

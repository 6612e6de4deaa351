"""Text: kept code point for code point; a file's encoding declared, marked or found out."""

import pytest

from app.assets.kinds import text
from app.errors import Invalid

NORWEGIAN = "Øl på tilbud: kjøp nå, før det er for sent! Få to for én i går. " * 20


@pytest.mark.parametrize(
    "given", ["a\r\nb\n\u2028c", "e\u0301 é", "\ufeffmark inside", " \t", "שלום 👩‍👩‍👧 \U0001f37a", "\u202eabc"]
)
def test_text_that_came_as_text_is_kept_exactly(given: str) -> None:
    assert text.given(given).text == given


@pytest.mark.parametrize(
    ("content", "expected", "encoding"),
    [
        pytest.param("Skål 🍺\r\n".encode(), "Skål 🍺\r\n", "utf-8", id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + "å".encode(), "å", "utf-8", id="UTF-8 with its mark"),
        pytest.param("å🍺".encode("utf-16"), "å🍺", "utf-16-le", id="UTF-16"),
        pytest.param(b"\xfe\xff" + "å".encode("utf-16-be"), "å", "utf-16-be", id="UTF-16, big end first"),
        pytest.param("å".encode("utf-32"), "å", "utf-32-le", id="UTF-32"),
    ],
)
def test_a_files_encoding_is_told_by_its_mark_or_is_utf_8(content: bytes, expected: str, encoding: str) -> None:
    found = text.decode(content)
    assert (found.text, found.encoding) == (expected, encoding)


@pytest.mark.parametrize(
    ("given", "encoding"),
    [
        (NORWEGIAN, "cp1252"),
        ("Øl på tilbud", "latin-1"),
        ("Купите сейчас, пока не поздно! Скидка на все товары только сегодня. " * 10, "cp1251"),
        ("今すぐお買い求めください。本日限りの特別価格です。" * 10, "shift_jis"),
    ],
)
def test_an_older_encoding_is_found_out(given: str, encoding: str) -> None:
    assert text.decode(given.encode(encoding)).text == given


def test_a_declared_encoding_is_believed_and_held_to() -> None:
    assert text.decode("å".encode("latin-1"), "latin-1").text == "å"
    assert text.decode("å".encode("utf-16-le"), "utf-16-le").text == "å"
    for content, declared, reason in [
        (b"\xff", "utf-8", "byte 0"), (b"a", "klingon", "not known"), (b"61", "hex", "not known"),
    ]:  # fmt: skip
        with pytest.raises(Invalid, match=reason):
            text.decode(content, declared)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"a\x00b", "not text", id="a NUL"),
        pytest.param(bytes(range(256)) * 10, "not text", id="binary"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "not text", id="a picture"),
        pytest.param(b"a" * (text.MOST_BYTES + 1), "the most taken", id="too long"),
    ],
)
def test_what_is_not_text_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        text.decode(content)


@pytest.mark.parametrize("given", ["", "a\x00b", "\ud800", "x" * (text.LONGEST + 1)])
def test_what_cannot_be_kept_exactly_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        text.given(given)

"""Disguises fall away; text without any stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.text.deobfuscation import unmasked, visible


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("exam\u200bple\u2060.com", "example.com"),
        ("exam\u00adple\ufeff", "example"),
        ("exam\ufe0fple\u034f \U000e0041x", "example x"),
        ("exam\u3164ple\u115f\u2800", "example"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("𝐞𝐱𝐚𝐦𝐩𝐥𝐞 𝟔𝟏𝟐", "example 612"),
        ("ⓔⓧⓐⓜ 🅔🆇", "exam ex"),
        ("①②③ ❶❷❸ ➀➊", "123 123 11"),
        ("6️⃣1️⃣2️⃣", "612"),
        ("٠٦١٢ ६१२ ۴۵", "0612 612 45"),
        ("example。com example․com example•com", "example.com example.com example.com"),
        ("a⁄b∕c", "a/b/c"),
        ("1‒2–3−4", "1-2-3-4"),
        ("c̶a̵f̷é", "café"),
        ("a \t\u00a0 b\r\n \n c", "a b\nc"),
    ],
)
def test_what_a_reader_sees_is_left(written: str, read: str) -> None:
    assert visible(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("exаmple.cоm", "example.com"),
        ("аnа@exаmple.com", "ana@example.com"),
        ("сасо.соо", "caco.coo"),
        ("ехаmрlе", "example"),
        ("gmaıl.com", "gmail.com"),
    ],
)
def test_letters_of_other_scripts_are_read_as_latin_where_they_pose_as_it(written: str, read: str) -> None:
    assert unmasked(visible(written)) == read


@pytest.mark.parametrize(
    "text",
    [
        "Сасо. Оса и роса",
        "Он приехал.со мной",
        "вору.ее",
        "Η ΚΑΡΤΑ ΗΡΘΕ",
        "Müller & Söhne, São Paulo, Łódź",
        "办理很顺利",
    ],
)
def test_texts_of_other_scripts_stay_as_they_are(text: str) -> None:
    assert unmasked(visible(text)) == text


@given(st.text(max_size=80))
def test_what_was_cleared_once_stays_clear(text: str) -> None:
    seen = visible(text)
    assert visible(seen) == seen
    assert unmasked(unmasked(seen)) == unmasked(seen)


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=80))
def test_plain_text_is_never_touched(text: str) -> None:
    assert visible(text) == unmasked(text) == text

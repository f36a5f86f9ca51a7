"""Front matter: read as plain text, the first of two keys wins, hostile YAML is refused at once."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.guides.hugo.front_matter import GuideRefused, read_front_matter, split_front_matter

pytestmark = pytest.mark.slow


def code_of(source: str) -> str:
    with pytest.raises(GuideRefused) as refusal:
        read_front_matter(source)
    assert "\n" not in str(refusal.value)
    assert refusal.value.code.isascii()
    return refusal.value.code


def test_fields_are_read() -> None:
    front = read_front_matter(
        "author: Ana\ncategories:\n- Spain\ndate: '2024-06-07'\ndescription: One\n  two.\n"
        "meta_title: 'A: B'\ntags: [a, b]\ntitle: Título\ntranslationKey: spain-x\n"
    )
    assert (front.author, front.title, front.meta_title) == ("Ana", "Título", "A: B")
    assert front.description == "One two."
    assert front.translation_key == "spain-x"


def test_nothing_is_required() -> None:
    front = read_front_matter("")
    assert (front.title, front.author, front.date_text, front.translation_key) == ("", "", "", None)


def test_the_first_of_two_equal_keys_wins() -> None:
    assert read_front_matter("translationKey: a\ntitle: x\ntranslationKey: b\n").translation_key == "a"


def test_keys_are_compared_as_in_hugo() -> None:
    assert read_front_matter("TRANSLATIONKEY: a\n").translation_key == "a"


@pytest.mark.parametrize(
    "written",
    [
        *("2024-06-07", "'2024-06-07'", "2024-06-07 23:30:00+02:00", "2024-06-07T23:30:00Z"),
        *("23 de junho de 2024", "2024-13-45", "20240607", "[2024]"),
    ],
)
def test_a_date_is_kept_as_written(written: str) -> None:
    front = read_front_matter(f"date: {written}\n")
    assert front.date_text == ("" if written.startswith("[") else written.strip("'"))


def test_values_that_are_no_text_are_empty() -> None:
    front = read_front_matter("title: [a, b]\nauthor: {a: b}\ndescription: ~\nmeta_title: null\n")
    assert (front.title, front.author, front.description, front.meta_title) == ("", "", "", "")


def test_numbers_and_truth_stay_text() -> None:
    front = read_front_matter("title: 007\nauthor: yes\nmeta_title: 1e3\n")
    assert (front.title, front.author, front.meta_title) == ("007", "yes", "1e3")


def test_a_mapping_as_a_key_does_not_shift_the_others() -> None:
    assert read_front_matter("? [a, b]\n: c\ntitle: t\n? {x: y}\n: [z]\nauthor: a\n").author == "a"


def test_control_characters_written_as_escapes_become_blanks() -> None:
    assert read_front_matter('title: "a\\0b\\ud800c\\nd"\n').title == "a b c d"


@pytest.mark.parametrize(
    "source",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: *c\n",
        "title: &x a\n",
        "title: *x\n",
        "<<: *x\n",
        "title: !!python/object/apply:os.system ['true']\n",
        "title: !!str a\n",
        "title: ! a\n",
        "a: " + "[" * 10_000,
        "{" * 10_000,
        "".join(" " * depth + "a:\n" for depth in range(200)),
    ],
)
def test_anchors_tags_and_deep_nesting_are_refused(source: str) -> None:
    assert code_of(source) in ("front_matter_unsafe", "front_matter_broken")


@pytest.mark.parametrize(
    "source",
    [
        "just text\n",
        "- a\n- list\n",
        "title: a: b\n",
        "title: 'open\n",
        "\ttitle: a\n",
        "title: a\n...\nb: c\n",
        "title: @a\n",
        'title: "\\UFFFFFFFF"\n',
        "title: a\x07\n",
        "%YAML 1.1\n",
    ],
)
def test_broken_yaml_is_refused(source: str) -> None:
    assert code_of(source) == "front_matter_broken"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab:-?,[]{}&*!|>'\"%@`# \t\n~0.<\\"), max_size=60))
def test_any_text_is_read_or_refused(source: str) -> None:
    with contextlib.suppress(GuideRefused):
        assert read_front_matter(source).date_text == ""


def test_long_hostile_text_is_answered_soon() -> None:
    started = time.process_time()
    for piece in ("[", "{", "a: ", "? ", "- ", "''", "a: b\n", "a", '"', "\n", "#", "|\n"):
        with contextlib.suppress(GuideRefused):
            read_front_matter("k: " + piece * (60_000 // len(piece)))
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("data", "source", "body"),
    [
        (b"---\na: b\n---\nbody", b"a: b\n", b"body"),
        (b"---\na: b\n---  \t\nbody\n---\nrule", b"a: b\n", b"body\n---\nrule"),
        (b"---\r\na: b\r\n---\r\nbody", b"a: b\r\n", b"body"),
        (b"\xef\xbb\xbf---\na: b\n---\nbody", b"a: b\n", b"body"),
        (b"\n\n--- \na: b\n---\nbody", b"a: b\n", b"body"),
        (b"---\n---\nbody", b"", b"body"),
        (b"---\na: b\n---", b"a: b\n", b""),
        (b"---\na: '\n ---\n'\n---\nbody", b"a: '\n ---\n'\n", b"body"),
    ],
)
def test_front_matter_ends_at_the_first_closing_line(data: bytes, source: bytes, body: bytes) -> None:
    found, start = split_front_matter(data)
    assert found == source
    assert data[start:] == body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "front_matter_missing"),
        (b"# Title\n\n---\n\ntext\n\n---\n", "front_matter_missing"),
        (b"+++\ntitle = 'x'\n+++\n", "front_matter_missing"),
        (b"----\na: b\n----\n", "front_matter_missing"),
        (b"---\na: b\n", "front_matter_broken"),
        (b"---\na: b\n----\n", "front_matter_broken"),
        (b"---\n" + b"a: b\n" * 20_000 + b"---\n", "front_matter_too_large"),
    ],
)
def test_a_file_without_front_matter_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(GuideRefused) as refusal:
        split_front_matter(data)
    assert refusal.value.code == code

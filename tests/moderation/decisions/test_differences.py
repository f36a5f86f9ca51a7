from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.moderation.decisions.differences import (
    Fact,
    changes_since,
    read_snapshot,
    snapshot,
    word_changes,
)


def test_words_that_went_and_came_are_told_apart() -> None:
    pieces = word_changes("We go with you to the office.", "We go with you twice to the office.")
    assert pieces == [("same", "We go with you"), ("new", " twice"), ("same", " to the office.")]


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_texts_can_be_read_off_the_pieces(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert "".join(text for kind, text in pieces if kind != "new") == old
    assert "".join(text for kind, text in pieces if kind != "gone") == new


def test_text_that_repeats_itself_is_compared_quickly() -> None:
    begun = time.process_time()
    old, new = "a " * 1000, "b a " * 500
    pieces = word_changes(old, new)
    assert time.process_time() - begun < 1
    assert "".join(text for kind, text in pieces if kind != "gone") == new


def test_short_values_change_whole() -> None:
    fact = Fact("cost", "Cost", "MX$4,800", old="MX$4,200")
    assert fact.is_changed
    assert fact.words == [("gone", "MX$4,200"), ("new", "MX$4,800")]
    assert not Fact("cost", "Cost", "MX$4,200", old="MX$4,200").is_changed
    assert not Fact("cost", "Cost", "MX$4,200").is_changed


def test_what_changed_since_it_was_read_is_found() -> None:
    read = read_snapshot(snapshot([Fact("name", "Name", "Old"), Fact("host", "Host", "same.example")]))
    changes = changes_since(read, [Fact("name", "Name", "New"), Fact("host", "Host", "same.example")])
    assert [(fact.code, fact.old, fact.value) for fact in changes] == [("name", "Old", "New")]


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[1]", '"x"', "null", "[" * 19_000, '{"a": 1}', "x" * 30_000]
)
def test_what_is_no_snapshot_is_none(text: str) -> None:
    assert read_snapshot(text) == {}


def test_a_snapshot_brings_no_text_that_a_page_cannot_hold() -> None:
    assert read_snapshot('{"name": "a\\ud800b\\u0000c"}') == {"name": "a b c"}

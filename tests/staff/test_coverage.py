"""What the coverage page lists, and a CSV that no spreadsheet calculates."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask

from marketplace.public.offers.coverage import Coverage
from marketplace.staff.coverage import coverage_csv, titles_by_key, unserved_topics
from marketplace.values.csv import harmless_cell
from tests.factories import make_guide, make_topic


def topic(
    key: str, country: str = "mexico", languages: tuple[str, ...] = ("en",), listings: int = 0
) -> dict[str, Any]:
    return {"key": key, "country": country, "languages": list(languages), "listings": listings}


def keys(topics: list[dict[str, Any]]) -> list[str]:
    return [found["key"] for found in topics]


REPORT = Coverage(
    [
        topic("mexico-a", languages=("en", "es")),
        topic("mexico-b", listings=2),
        topic("mexico-c"),
        topic("spain-a", "spain", ("es",)),
    ]
)


def test_topics_without_a_listing_are_unserved() -> None:
    assert keys(unserved_topics(REPORT)) == ["mexico-a", "mexico-c", "spain-a"]


def test_unserved_topics_can_be_asked_for_by_country_and_language() -> None:
    assert keys(unserved_topics(REPORT, country="mexico")) == ["mexico-a", "mexico-c"]
    assert keys(unserved_topics(REPORT, language="es")) == ["mexico-a", "spain-a"]
    assert keys(unserved_topics(REPORT, country="mexico", language="es")) == ["mexico-a"]
    assert keys(unserved_topics(REPORT, country="nowhere")) == []


def test_a_topic_is_named_by_its_guide_in_the_language_else_in_english_else_by_any(app: Flask) -> None:
    both = make_topic()
    english = make_topic(languages=("en",))
    german = make_topic(languages=())
    make_guide(german, "de", "verfahren", title="Verfahren")
    found = titles_by_key([both.key, english.key, german.key, "no-such-topic"], "es")
    assert {key: guide.language for key, guide in found.items()} == {
        both.key: "es",
        english.key: "en",
        german.key: "de",
    }


def test_the_csv_has_a_line_for_each_topic() -> None:
    rows = list(csv.reader(io.StringIO(coverage_csv(REPORT.topics), newline="")))
    assert rows[0] == ["topic", "country", "languages", "listings"]
    assert rows[1:3] == [["mexico-a", "mexico", "en es", "0"], ["mexico-b", "mexico", "en", "2"]]
    assert len(rows) == 5


@pytest.mark.parametrize(
    "key",
    ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", " =1+1", "\u00a0=1+1", "＝1+1", "\t=1", "\r=1", "\n=1"],
)
def test_a_key_that_looks_like_a_formula_becomes_text(key: str) -> None:
    assert harmless_cell(key) == "'" + key
    rows = list(csv.reader(io.StringIO(coverage_csv([topic(key, country=key)]), newline="")))
    assert rows[1][:2] == ["'" + key, "'" + key]


@pytest.mark.parametrize("key", ["", "mexico-a", "2-b", "a=b", 'say "hi", twice', "two\nlines"])
def test_other_keys_stand_as_they_are(key: str) -> None:
    assert harmless_cell(key) == key
    assert next(iter(list(csv.reader(io.StringIO(coverage_csv([topic(key)]), newline="")))[1:]))[0] == key


def test_every_cell_is_quoted_so_that_no_other_separator_splits_it() -> None:
    assert '"mexico;=1+1","mexico"' in coverage_csv([topic("mexico;=1+1")])

"""The coverage page and its CSV, which no spreadsheet calculates."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.guides.queries import titles_by_key
from marketplace.public.offers.coverage import Coverage
from marketplace.staff.views import TOPICS_PER_PAGE, coverage_csv, unserved_topics
from marketplace.values.csv import harmless_cell
from tests.clients import Client
from tests.factories import make_guide, make_listing, make_topic, make_user, sign_in
from tests.pages import Page


def moderator(client: Client, role: str = "moderator") -> None:
    user = make_user(role)
    db.session.commit()
    sign_in(client, user)


def titles(page: Page) -> list[str]:
    return page.texts("a", class_="title-link")


def test_the_page_counts_what_is_served_and_lists_what_is_not(app: Flask, client: Client) -> None:
    served, unserved = make_topic(), make_topic("spain")
    make_listing(served)
    moderator(client)
    page = client.page("/staff/coverage/")
    assert "2 procedures: 1 with listings, 1 without." in page.text
    assert "Mexico 1 of 1" in page.text
    assert "Spain 0 of 1" in page.text
    assert "English 1 of 2" in page.text
    assert titles(page) == [unserved.guides[0].title]
    assert unserved.key in page.text


def test_a_listing_that_is_not_shown_serves_nobody(app: Flask, client: Client) -> None:
    make_listing(make_topic(), status="paused")
    moderator(client)
    assert "One procedure: 0 with listings, 1 without." in client.page("/staff/coverage/").text


def test_unserved_topics_can_be_filtered_by_country_and_language(app: Flask, client: Client) -> None:
    mexican, spanish = make_topic(), make_topic("spain", languages=("es",))
    moderator(client)
    assert titles(client.page("/staff/coverage/?country=mexico")) == [mexican.guides[0].title]
    page = client.page("/staff/coverage/?country=spain&language=es")
    assert titles(page) == [spanish.guides[0].title]
    assert [option.get("value") for option in page.all("option") if "selected" in option.attrib] == [
        "spain",
        "es",
    ]
    for query in ("country=spain&language=en", "country=%3Cb%3E"):
        none = "No procedures without listings match these filters"
        assert none in client.page(f"/staff/coverage/?{query}").text


def test_the_list_comes_in_pages_and_keeps_its_filter(app: Flask, client: Client) -> None:
    for _ in range(TOPICS_PER_PAGE + 1):
        make_topic(languages=("en",))
    moderator(client)
    first = client.page("/staff/coverage/?country=mexico")
    assert len(titles(first)) == TOPICS_PER_PAGE
    (following,) = [link for link in first.links() if "page=2" in link]
    assert "country=mexico" in following
    assert len(titles(client.page(following))) == 1
    client.page("/staff/coverage/?page=3", status=404)
    client.page("/staff/coverage/?page=none", status=404)


def test_the_page_speaks_the_language_of_its_address(app: Flask, client: Client) -> None:
    topic = make_topic()
    moderator(client)
    page = client.page("/es/staff/coverage/")
    assert [link for link in page.links() if link.endswith(f"/{topic.guides[1].stem}/")]


def test_without_guides_the_page_says_so(app: Flask, client: Client) -> None:
    moderator(client)
    page = client.page("/staff/coverage/")
    assert "0 with listings" in page.text
    assert not page.all("table")


def test_the_file_has_every_topic_and_is_not_kept_by_caches(app: Flask, client: Client) -> None:
    served = make_topic(key="=HYPERLINK(1)")
    make_topic(languages=("en",))
    make_listing(served)
    moderator(client)
    answer = client.get("/staff/coverage.csv")
    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="coverage.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert lines[0] == '"topic","country","languages","listings"'
    assert '"\'=HYPERLINK(1)","mexico","en es","1"' in lines
    assert len(lines) == 4


def test_admins_may_look_too(app: Flask, client: Client) -> None:
    moderator(client, role="admin")
    client.page("/staff/coverage/")


def test_members_are_not_told_that_the_page_exists(app: Flask, client: Client) -> None:
    moderator(client, role="member")
    client.page("/staff/coverage/", status=404)
    assert client.get("/staff/coverage.csv").status_code == 404


def test_visitors_are_asked_to_sign_in(app: Flask, client: Client) -> None:
    for path in ("/staff/coverage/", "/staff/coverage.csv"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/account/sign-in/" in answer.headers["Location"]


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
    rows = list(csv.reader(io.StringIO(coverage_csv(REPORT.topics).removeprefix("\ufeff"), newline="")))
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

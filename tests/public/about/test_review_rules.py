"""The page about reviews has no number of its own: with other rules it says other numbers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask, g, render_template

from marketplace.moderation.appeals import queries as appeals
from marketplace.moderation.queue import queries as queue
from marketplace.public.about.review_rules import months, review_rules
from marketplace.reviews.proofs import types as proof_types
from marketplace.reviews.queries import Waits
from marketplace.reviews.votes import services as tasks_votes
from marketplace.values.money import format_number
from tests.clients import Client
from tests.moderation.deciding import GROUNDS, LATER_GROUNDS
from tests.pages import Page, text_of

# Numbers in words would escape the search for digits.
NUMBER_WORDS = re.compile(
    r"\b(three|four|six|seven|eight|nine|ten|twelve|thirty|tres|cuatro|seis|siete|ocho|nueve|diez|doce|treinta)\b",
    re.IGNORECASE,
)
# A letter for each rule, from the Greek ones on.
ALPHABET = ord("α")
NAMES = re.compile(r"IPv[46]|\(Direc[^)]*\)|ISO 20488|Act 2024")


def rendered(app: Flask, language: str, rule: dict[str, str]) -> str:
    lists = dict.fromkeys(
        ("levels", "grounds", "reply_grounds", "personal", "signs", "appealable", "attacks"), ()
    )
    with app.test_request_context("/about/reviews/"):
        g.language = language
        html = render_template(
            "public/about/reviews.html",
            page_languages=[],
            rule=rule,
            counted=(),
            counts={},
            waits=Waits(0, 0, 0, 0, 0),
            **lists,
        )
    return text_of(Page(html).one("div", class_="prose"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_number_on_the_page_comes_from_the_rules(app: Flask, language: str) -> None:
    marks = {name: f"[{chr(ALPHABET + place)}]" for place, name in enumerate(review_rules())}
    text = rendered(app, language, marks)
    assert ("Proof files" if language == "en" else "Archivos de comprobantes") in text
    assert not [name for name, mark in marks.items() if mark not in text], "not told on the page"
    assert not re.findall(r"\d+", NAMES.sub("", text)), "a number stands in the words"
    assert not NUMBER_WORDS.findall(text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_shows_the_rules_in_use(client: Client, language: str) -> None:
    prefix = "" if language == "en" else f"/{language}"
    text = text_of(client.page(f"{prefix}/about/reviews/").one("div", class_="prose"))
    for number in review_rules().values():
        assert format_number(number, language) in text or str(number) in text


def test_the_rules_are_those_of_the_code() -> None:
    told = review_rules()
    assert told["appeal_months"] == 6
    assert timedelta(days=180) < appeals.APPEAL_WINDOW, "six months are never fewer days"
    assert told["proof_size"] * 1024 * 1024 == proof_types.LARGEST_FILE
    assert told["wait"] == queue.LONGEST_WAIT
    assert timedelta(minutes=told["vote_minutes"]) == tasks_votes.REFRESH_INTERVAL


def test_a_time_is_given_in_months() -> None:
    assert [months(timedelta(days=days)) for days in (365, 183, 30)] == [12, 6, 1]


def test_a_published_review_is_hidden_on_the_grounds_of_a_rejection() -> None:
    """The page says so, of changes of a review too."""
    assert LATER_GROUNDS["review", "hide"] == GROUNDS["review"] == GROUNDS["review_edit"]
    assert LATER_GROUNDS["reply", "hide"] == GROUNDS["reply"]

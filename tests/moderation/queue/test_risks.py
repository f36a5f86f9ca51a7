"""A moderator reads the risk of a review in words, with links to what it is alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from flask_babel import force_locale

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.queue.risks import reason_words, shown_risk
from marketplace.reviews.risk.lists import InvitedList, Usual
from marketplace.reviews.risk.networks import network_of
from marketplace.reviews.risk.rules import WEIGHTS, Duplicate, Signals, judge
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user, sign_in
from tests.moderation.waiting import waiting_listing
from tests.pages import text_of
from tests.reviews.drafting import TEXT, write

EVERYTHING = (
    Signals(
        account_age=timedelta(minutes=8),
        provider_hour=4,
        provider_day=7,
        usual_day=0.03,
        network_hour=3,
        network_day=12,
        network_same_provider=2,
        network_members=1,
        duplicates=(Duplicate(7, 92),),
        extreme=1,
        extreme_count=3,
        hints=("mail_service", "messenger", "spelled_address", "spelled_number"),
        said="en",
        written_in="es",
    ),
    Signals(
        from_invitation=True,
        like_members=2,
        own_domain=True,
        invited=InvitedList(
            listed=12, days=31, answered=11, top=11, odd_addresses=3, free_mail=12, twins=1, alike=((7, 41),)
        ),
        usual=Usual(lists=9, listed=900, days=279, answered=180),
    ),
    Signals(
        account_age=timedelta(hours=50), provider_hour=14, provider_day=1400, duplicates=(Duplicate(7, 60),)
    ),
)


def words_of(app: Flask, language: str) -> dict[str, str]:
    with app.test_request_context(), force_locale(language):
        g.language = language
        reasons = [reason for known in EVERYTHING for reason in judge(known).reasons]
        return {reason["code"]: reason_words(reason) for reason in reasons}


def risky_review(other: Listing, listing: Listing) -> Any:
    """A review with a copied text, by a new account, from the network of another author."""
    network = network_of("203.0.113.7", key="tests", now=NOON)
    write(other, make_user(created_at=NOON - timedelta(days=90)), network=network)
    write(listing, make_user(created_at=NOON - timedelta(days=90)), text=TEXT[::-1], network=network)
    return write(listing, make_user(created_at=NOON), text=TEXT + " Really.", network=network)


@pytest.fixture
def listings(app: Flask) -> tuple[Listing, Listing]:
    other = make_listing(make_topic(), make_provider(name="Nopal <y> Norte"))
    return other, make_listing(make_topic())


def test_every_reason_has_words_with_its_figures(app: Flask) -> None:
    words = words_of(app, "en")
    assert words.keys() == WEIGHTS.keys()
    assert words["burst"] == (
        "More reviews than usual: 4 others of this provider within an hour, 7 within a day. "
        "Usual in a day: 0."
    )
    assert "14 others of this provider within an hour, 1,400 within a day" in words["flood"]
    assert words["new_account"] == "The account was less than an hour old."
    assert words["young_account"] == "The account was 2 days old."
    assert words["all_extreme"] == "All other reviews by this author have one star (3 in total)."
    assert words["list_answers"] == "11 of 12 invited clients wrote a review. Usual: 20%."
    assert words["list_size"] == "The lists name 12 clients of 31 days. Usual: 100."
    assert words["list_addresses"].endswith("3 of 12 on its lists.")
    assert words["member_address"].endswith("those of 2 members of this provider.")
    assert words["other_language"] == "The author said it is in English, but it reads like Spanish."
    assert words["hidden_contact"].endswith(
        "the name of an email service, an address written in words, digits written as words."
    )


def test_every_reason_has_spanish_words(app: Flask) -> None:
    english, spanish = words_of(app, "en"), words_of(app, "es")
    assert not [code for code, words in spanish.items() if words == english[code]]
    assert "1400" in spanish["flood"] or "1.400" in spanish["flood"]
    assert spanish["other_language"] == "Quien la escribió indicó inglés, pero parece español."


def test_what_has_no_risk_shows_none(app: Flask) -> None:
    with app.test_request_context():
        assert find_subject("listing", waiting_listing().id).details().risk is None


def test_the_page_of_a_review_says_why_and_leads_to_the_text_it_is_like(
    client: Client, listings: tuple[Listing, Listing]
) -> None:
    review = risky_review(*listings)
    db.session.commit()
    sign_in(client, make_user("moderator"))
    db.session.commit()
    section = client.page(f"/staff/queue/review/{review.id}/").one(
        "section", **{"aria-labelledby": "item-risk"}
    )
    words = text_of(section)
    assert f"High risk: {review.risk} of 100" in words
    assert "The account was less than an hour old. 20 points" in words
    assert "Another author who reviewed this provider was seen in the same network. 30 points" in words
    source = review.risk_reasons[0]["reviews"][0][0]
    assert f"Review {source} of Nopal <y> Norte, sent on 23 Nov 2026" in words
    assert "% the same" in words
    links = [link.get("href", "") for link in section.iter("a")]
    assert links == [f"/staff/queue/review/{source}/"]
    for link in links:
        client.page(link)


def test_a_review_that_did_not_stand_out_says_so_in_spanish_too(
    client: Client, listings: tuple[Listing, Listing]
) -> None:
    review = write(listings[0], make_user(created_at=NOON - timedelta(days=90)))
    sign_in(client, make_user("moderator"))
    db.session.commit()
    words = client.page(f"/es/staff/queue/review/{review.id}/").text
    assert "Riesgo bajo: 0 de 100" in words
    assert "Nada llamó la atención cuando se envió." in words


def test_a_withdrawn_review_is_no_longer_linked(app: Flask, listings: tuple[Listing, Listing]) -> None:
    review = risky_review(*listings)
    sources = [number for number, _percent in review.risk_reasons[0]["reviews"]]
    assert sources
    with app.test_request_context():
        shown = find_subject("review", review.id).details().risk
        assert shown is not None
        assert len(shown.reasons[0].likenesses) == len(sources)
        for number in sources:
            find_subject("review", number).row.status = "withdrawn"
        db.session.flush()
        shown = shown_risk(review)
        assert shown is not None
        assert [reason.likenesses for reason in shown.reasons] == [[]] * len(shown.reasons)


def test_others_do_not_see_it(client: Client, listings: tuple[Listing, Listing]) -> None:
    review = risky_review(*listings)
    sign_in(client, make_user())
    db.session.commit()
    assert client.get(f"/staff/queue/review/{review.id}/").status_code in (403, 404)

"""The risk of a review is judged when it is sent, from what else was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import ProviderMember
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.risk.networks import WEEK, Network, network_of
from marketplace.reviews.risk.rules import BURST
from marketplace.reviews.risk.services import assess
from marketplace.reviews.writing.services import withdraw_review
from marketplace.reviews.writing.versions import copy_content
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.reviews.asking import ask
from tests.reviews.drafting import draft, write

pytestmark = pytest.mark.slow

OTHER_TEXT = "Everything was ready on the day that had been agreed, and the clerk found nothing to complain about at all."


def network(address: str = "203.0.113.7", now: Any = NOON) -> Network | None:
    return network_of(address, key="tests", now=now)


def old_member(**values: Any) -> User:
    return make_user(created_at=NOON - timedelta(days=400), **values)


def send(listing: Listing, number: int = 0, **values: Any) -> Review:
    """A review by an old account, with words of its own."""
    author = values.pop("author", None) or old_member()
    word = f"{number}x" * 9
    text = values.pop(
        "text", f"Visit {word}: {' '.join(word[::-1] + str(place) for place in range(9))}, and so on."
    )
    return write(listing, author, text=text, **values)


def codes(review: Review | ReviewEdit) -> list[str]:
    return [reason["code"] for reason in review.risk_reasons]


@pytest.fixture
def listing(app: Flask) -> Listing:
    return make_listing(make_topic(), make_provider(created_at=NOON - timedelta(days=400)))


def test_an_ordinary_review_has_no_risk(listing: Listing) -> None:
    review = send(listing, text=OTHER_TEXT, network=network())
    assert (review.risk, review.risk_reasons) == (0, [])
    assert review.network == network().hash


def test_what_is_not_known_counts_for_nothing(listing: Listing) -> None:
    review = send(listing, text=OTHER_TEXT)
    assert (review.risk, review.network) == (0, None)


def test_a_rush_on_one_provider_is_seen_from_the_fourth_review_on(listing: Listing) -> None:
    other = make_listing(make_topic(), listing.provider)
    seen = [codes(send(other if number % 2 else listing, number)) for number in range(12)]
    assert seen[:3] == [[], [], []]
    assert seen[3:10] == [["burst"]] * 7
    assert seen[10:] == [["flood"]] * 2
    assert codes(send(make_listing(make_topic()), 99)) == []


def test_a_busy_provider_has_room_for_more(listing: Listing) -> None:
    for number in range(180):
        make_review(
            listing, old_member(password=None), submitted_at=NOON - timedelta(days=2, hours=8 * number)
        )
    assert [codes(send(listing, number)) for number in range(8)] == [[]] * 8


def test_reviews_by_invitation_are_a_rush_where_the_mails_let_expect_fewer(listing: Listing) -> None:
    for _ in range(BURST.hour):
        make_review(listing, old_member(), level="invited", submitted_at=NOON)
    assert codes(send(listing)) == ["burst"]
    ask(listing, *(f"client{number}@home{number}.example" for number in range(20)))
    db.session.execute(update(Invite).values(state="sent", sent_at=NOON - timedelta(days=1)))
    assert codes(send(listing, 1)) == []
    for number in range(4):
        make_review(listing, old_member(), level="confirmed", submitted_at=NOON)
        last = send(listing, 2 + number)
    assert codes(last) == ["burst"]


def test_other_authors_of_the_same_network_are_seen_in_this_week_and_the_next(listing: Listing) -> None:
    send(listing, 1, network=network("203.0.113.7"))
    assert codes(send(listing, 2, network=network("203.0.113.200"))) == ["shared_network"]
    assert codes(send(listing, 3, network=network("198.51.100.1"))) == []
    later = NOON + WEEK
    assert codes(send(listing, 4, now=later, network=network(now=later))) == ["shared_network"]
    much_later = NOON + 3 * WEEK
    assert codes(send(listing, 5, now=much_later, network=network(now=much_later))) == []


def test_one_author_on_two_listings_of_a_provider_shares_nothing_with_itself(listing: Listing) -> None:
    author = old_member()
    send(listing, 1, author=author, network=network())
    assert (
        codes(send(make_listing(make_topic(), listing.provider), 2, author=author, network=network())) == []
    )


def test_a_network_that_reviews_everything_at_once_is_seen(app: Flask) -> None:
    seen = [codes(send(make_listing(make_topic()), number, network=network())) for number in range(4)]
    assert seen == [[], [], [], ["network_burst"]]


def test_the_network_of_a_member_of_the_provider_is_seen(listing: Listing) -> None:
    member = old_member()
    db.session.add(ProviderMember(provider_id=listing.provider_id, user_id=member.id, created_at=NOON))
    elsewhere = make_listing(make_topic())
    send(elsewhere, 1, author=member, network=network())
    assert codes(send(listing, 2, network=network())) == ["member_network"]
    assert codes(send(make_listing(make_topic()), 3, network=network())) == []


def test_a_copied_text_names_its_source(listing: Listing) -> None:
    source = send(make_listing(make_topic()), text=OTHER_TEXT)
    copy = send(listing, text=OTHER_TEXT.replace("clerk", "officer"))
    assert copy.risk_reasons[0]["code"] in ("copied_text", "similar_text")
    assert [number for number, _ in copy.risk_reasons[0]["reviews"]] == [source.id]


def test_the_text_of_a_withdrawn_review_is_forgotten(listing: Listing) -> None:
    author = old_member()
    withdraw_review(send(listing, author=author, text=OTHER_TEXT), actor=author, now=NOON)
    assert codes(send(make_listing(make_topic()), text=OTHER_TEXT)) == []


def test_the_author_is_looked_at(app: Flask) -> None:
    fresh = make_user(created_at=NOON - timedelta(minutes=8))
    assert codes(send(make_listing(make_topic()), 1, author=fresh)) == ["new_account"]
    angry = old_member()
    for number in range(3):
        assert codes(send(make_listing(make_topic()), 10 + number, author=angry, rating=1)) == []
    last = send(make_listing(make_topic()), 14, author=angry, rating=4)
    assert last.risk_reasons == [{"code": "all_extreme", "rating": 1, "count": 3}]
    assert codes(send(make_listing(make_topic()), 15, author=angry, rating=1)) == []


def test_hidden_contacts_and_another_language_are_told(listing: Listing) -> None:
    text = "Llámame al seis uno dos tres cuatro cinco seis siete ocho, que te lo cuento todo con calma y por teléfono."
    review = send(listing, text=text, outcome="Busca ana en gmail")
    assert review.risk_reasons == [
        {"code": "hidden_contact", "hints": ["mail_service", "spelled_number"]},
        {"code": "other_language", "said": "en", "written": "es"},
    ]


def test_an_edit_is_judged_by_its_own_text_and_not_as_part_of_a_rush(listing: Listing) -> None:
    source = send(make_listing(make_topic()), text=OTHER_TEXT)
    review = send(listing, 1)
    for number in range(12):
        send(listing, 20 + number)
    edit = ReviewEdit(review_id=review.id, submitted_at=NOON)
    copy_content(edit, draft(text=OTHER_TEXT))
    db.session.add(edit)
    db.session.flush()
    assess(edit, network=network(), now=NOON)
    assert edit.risk_reasons == [{"code": "copied_text", "reviews": [[source.id, 100]]}]
    assert edit.risk == 50
    assert codes(send(make_listing(make_topic()), text=OTHER_TEXT))[0] == "copied_text"
    edit.text = review.text
    assess(edit, network=None, now=NOON)
    assert edit.risk_reasons == []


def test_a_review_without_an_author_can_be_judged(listing: Listing) -> None:
    review = make_review(listing, text=OTHER_TEXT)
    review.user_id = None
    db.session.flush()
    db.session.expire(review)
    assert assess(review, network=network(), now=NOON).score == 0


def test_judging_asks_few_questions_however_many_reviews_there_are(
    listing: Listing, count_queries: Any, app: Flask
) -> None:
    def asked(review: Review) -> int:
        # Known since the review was written.
        assert review.user is not None
        assert review.listing.provider is not None
        with count_queries(app) as statements:
            assess(review, network=network(), now=NOON)
        return len([statement for statement in statements if statement.startswith("SELECT")])

    first = asked(send(listing, 1))
    for number in range(10):
        send(listing, 2 + number, network=network())
    assert asked(send(listing, 50)) == first == 9

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.levels import highest, level_for, levels_in_use, proof_asked
from marketplace.reviews.writing.services import publish_review
from tests.clients import Client
from tests.factories import NOON, make_listing, make_topic, make_user
from tests.reviews.drafting import write


@pytest.fixture
def answered() -> Iterator[set[tuple[int, int]]]:
    """Pairs of listing and author whose enquiry was answered; connected as an enquiries feature would be."""
    known: set[tuple[int, int]] = set()

    def was_answered(sender: Any, *, listing: Listing, author: User) -> bool:
        return (listing.id, author.id) in known

    with proof_asked.connected_to(was_answered):
        yield known


def test_an_answered_enquiry_confirms_and_the_review_counts(app: Flask, answered: Any) -> None:
    listing, author = make_listing(make_topic()), make_user()
    answered.add((listing.id, author.id))
    review = write(listing, author)
    assert review.level == "confirmed"
    publish_review(review, level=review.level, now=NOON)
    db.session.commit()
    assert (listing.review_count, listing.uncounted_count) == (1, 0)
    assert (
        write(listing, make_user(), text="Somebody else who never asked anything here.").level == "unverified"
    )


def test_the_highest_proof_counts(app: Flask, answered: Any) -> None:
    listing, author = make_listing(make_topic()), make_user()
    answered.add((listing.id, author.id))
    assert level_for(listing, author, invited=True) == "invited"
    assert highest("unverified", "documented", "confirmed") == "documented"


def test_nothing_is_confirmed_where_nobody_can_tell(app: Flask) -> None:
    listing, author = make_listing(make_topic()), make_user()
    assert level_for(listing, author, invited=False) == "unverified"
    assert levels_in_use() == ("unverified", "invited", "documented")


def test_confirmed_is_told_of_where_it_can_be_had(answered: Any) -> None:
    assert levels_in_use() == ("unverified", "confirmed", "invited", "documented")


def test_confirmed_is_told_of_where_a_review_has_it() -> None:
    assert "confirmed" in levels_in_use({"confirmed"})


def test_pages_follow_what_can_confirm(client: Client, answered: Any) -> None:
    assert "Confirmed: 0" in client.page("/about/reviews/").texts("dt")

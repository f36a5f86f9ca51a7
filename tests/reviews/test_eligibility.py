from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import ProviderMember
from marketplace.reviews.eligibility import (
    client_proof_requested,
    highest,
    ineligibility,
    is_repeated,
    is_rival,
    lasting_ineligibility,
    level_for,
    levels_in_use,
    reviewable_listing,
)
from marketplace.reviews.votes.services import vote_ineligibility
from marketplace.reviews.writing.services import publish_review
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.reviews.drafting import waiting_edit, write


def test_a_confirmed_member_may_review(app: Flask) -> None:
    assert ineligibility(make_listing(make_topic()), make_user(), NOON) is None


def test_an_unconfirmed_member_may_not(app: Flask) -> None:
    refusal = ineligibility(make_listing(make_topic()), make_user(confirmed=False), NOON)
    assert isinstance(refusal, NotAllowed)
    assert refusal.code == "unconfirmed"


def test_a_member_may_not_review_the_own_provider(app: Flask) -> None:
    owner = make_user()
    refusal = ineligibility(make_listing(make_topic(), make_provider(owner)), owner, NOON)
    assert isinstance(refusal, NotAllowed)
    assert refusal.code == "own_provider"


def test_members_of_a_provider_with_the_same_owner_neither_review_nor_vote(app: Flask) -> None:
    """One person with two providers does not praise one through a colleague of the other."""
    owner, colleague = make_user(), make_user()
    listing = make_listing(make_topic(), make_provider(owner))
    second = make_provider(owner)
    db.session.add(ProviderMember(provider_id=second.id, user_id=colleague.id, created_at=NOON))
    db.session.flush()
    refusal = ineligibility(listing, colleague, NOON)
    assert isinstance(refusal, NotAllowed)
    assert refusal.code == "same_owner"
    vote = vote_ineligibility(make_review(listing), colleague)
    assert vote is not None
    assert vote.code == "same_owner"


@pytest.mark.parametrize("status", ["draft", "pending", "published", "paused", "withdrawn"])
def test_a_rival_on_the_same_topic_may_not(app: Flask, status: str) -> None:
    topic, rival = make_topic(), make_user()
    make_listing(topic, make_provider(rival), status=status)
    refusal = ineligibility(make_listing(topic), rival, NOON)
    assert isinstance(refusal, NotAllowed)
    assert refusal.code == "rival"


def test_a_provider_of_another_topic_is_no_rival(app: Flask) -> None:
    member, topic = make_user(), make_topic()
    make_listing(make_topic(), make_provider(member))
    make_listing(topic, make_provider(member), status="rejected")
    assert ineligibility(make_listing(topic), member, NOON) is None
    assert not is_rival(member.id, topic.id)


@pytest.mark.parametrize("status", ["pending", "published", "hidden"])
def test_a_second_review_within_a_year_is_refused(app: Flask, status: str) -> None:
    author, listing = make_user(), make_listing(make_topic())
    make_review(listing, author, status=status)
    refusal = ineligibility(listing, author, NOON + timedelta(days=364))
    assert isinstance(refusal, Invalid)
    assert refusal.code == "second_review"
    assert refusal.details == {"written": NOON, "next": NOON + timedelta(days=365)}
    assert ineligibility(listing, author, NOON + timedelta(days=365)) is None


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_a_rejected_or_withdrawn_review_leaves_the_place_free(app: Flask, status: str) -> None:
    author, listing = make_user(), make_listing(make_topic())
    make_review(listing, author, status=status)
    assert ineligibility(listing, author, NOON) is None


def test_a_review_of_another_listing_is_no_second_one(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    make_review(make_listing(topic), author)
    assert ineligibility(make_listing(topic), author, NOON) is None


def test_only_shown_listings_can_be_reviewed(app: Flask) -> None:
    topic = make_topic()
    assert reviewable_listing(make_listing(topic).id)
    suspended = make_provider(status="suspended")
    for hidden in (make_listing(topic, status="rejected"), make_listing(topic, suspended)):
        with pytest.raises(NotFound):
            reviewable_listing(hidden.id)
    for unknown in (0, -1, 999_999, 2**40):
        with pytest.raises(NotFound):
            reviewable_listing(unknown)


def test_the_same_text_is_found_at_its_author_and_on_its_listing(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    listing, other = make_listing(topic), make_listing(topic)
    make_review(listing, author, text="Very quick and kind, thank you for all of it.", status="rejected")
    text = "VERY QUICK, and kind. Thank you for all of it!"
    assert is_repeated(text, author_id=author.id, listing_id=other.id)
    assert is_repeated(text, author_id=make_user().id, listing_id=listing.id)
    assert not is_repeated(text, author_id=make_user().id, listing_id=other.id)


def test_a_withdrawn_text_may_be_sent_again(app: Flask) -> None:
    author, listing = make_user(), make_listing(make_topic())
    make_review(listing, author, text="Very quick and kind, thank you for all of it.", status="withdrawn")
    assert not is_repeated(
        "Very quick and kind, thank you for all of it.", author_id=author.id, listing_id=listing.id
    )


def test_an_edit_that_waits_counts_and_the_own_review_may_be_left_out(app: Flask) -> None:
    edit, stranger = waiting_edit(), make_user()
    review, author = edit.review, edit.user
    assert author is not None
    for text in (edit.text.upper(), review.text.upper()):
        assert is_repeated(text, author_id=stranger.id, listing_id=review.listing_id)
        own = {"author_id": author.id, "listing_id": review.listing_id}
        assert is_repeated(text, **own)
        assert not is_repeated(text, **own, except_review=review.id)


def test_who_stands_against_a_listing_does_so_at_any_time(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    listing = make_listing(topic)
    make_review(listing, author)
    assert lasting_ineligibility(listing, author) is None
    make_listing(topic, make_provider(author))
    assert lasting_ineligibility(listing, author).code == "rival"  # type: ignore[union-attr]


@pytest.fixture
def answered() -> Iterator[set[tuple[int, int]]]:
    """Pairs of listing and author whose enquiry was answered; connected as an enquiries feature would be."""
    known: set[tuple[int, int]] = set()

    def was_answered(sender: Any, *, listing: Listing, author: User) -> bool:
        return (listing.id, author.id) in known

    with client_proof_requested.connected_to(was_answered):
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

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.invitations.accepting import opt_out
from marketplace.reviews.invitations.addresses import address_hash
from marketplace.reviews.invitations.queries import (
    batches_of,
    count_listed,
    find_returned_invite,
    invites_to_remind,
    invites_to_send,
    inviting_listings,
    listed_before,
    opted_out,
    overlapping_batch,
)
from marketplace.reviews.risk.queries import member_addresses
from tests.factories import NOON, make_listing, make_review, make_topic, make_user
from tests.reviews.asking import OCTOBER, SEPTEMBER, ask, invite_of, invited, offered, secret


def test_a_provider_sees_its_published_listings_and_lists(app: Flask) -> None:
    listing, _ = offered()
    make_listing(make_topic(), listing.provider, status="paused")
    ask(listing, "a@one.example", "b@one.example")
    ask(listing, "c@one.example", period=SEPTEMBER)
    ask(offered()[0], "d@one.example")
    db.session.commit()
    (row,) = inviting_listings(listing.provider_id)
    assert (row.id, row.invited_count, row.answered_count) == (listing.id, 3, 0)
    lists = batches_of(listing.provider_id)
    assert [(one.period_from, one.listed, one.answered) for one in lists] == [
        (OCTOBER[0], 2, 0),
        (SEPTEMBER[0], 1, 0),
    ]


def test_lists_overlap_where_they_share_a_day(app: Flask) -> None:
    listing, _ = offered()
    batch = ask(listing, "a@one.example")
    assert overlapping_batch(listing.id, date(2026, 10, 31), date(2026, 11, 20)) is batch
    assert overlapping_batch(listing.id, date(2026, 9, 1), date(2026, 10, 1)) is batch
    assert overlapping_batch(listing.id, date(2026, 10, 5), date(2026, 10, 6)) is batch
    assert overlapping_batch(listing.id, date(2026, 11, 1), date(2026, 11, 20)) is None
    assert overlapping_batch(offered()[0].id, *OCTOBER) is None


def test_who_was_invited_before_is_known_by_the_hash_alone(app: Flask) -> None:
    listing, member = offered()
    ask(listing, "a@one.example", "b@one.example")
    known, other = address_hash("a@one.example", secret()), address_hash("z@one.example", secret())
    since = NOON - timedelta(days=1)
    assert listed_before(listing.provider_id, [known, other], since) == {known}
    assert listed_before(listing.provider_id, [known], NOON) == set()
    assert listed_before(offered()[0].provider_id, [known], since) == set()
    assert count_listed(listing.provider_id, since) == 2
    assert member_addresses(listing.provider_id) == [member.email]


def test_who_opted_out_is_known_by_the_hash_alone(app: Flask) -> None:
    listing, _ = offered()
    opt_out(invited(listing, "a@one.example"), secret=secret(), now=NOON)
    hashes = [address_hash(text, secret()) for text in ("a@one.example", "b@one.example")]
    assert opted_out(hashes) == {hashes[0]}


def test_only_what_may_be_mailed_is_found(app: Flask) -> None:
    listing, _ = offered()
    ask(listing, "a@one.example")
    assert [invite.address for invite in invites_to_send(10)] == ["a@one.example"]
    listing.status = "paused"
    assert not invites_to_send(10)
    listing.status, listing.provider.status = "published", "suspended"
    assert not invites_to_send(10)
    listing.provider.status = "active"
    invite_of("a@one.example").address = None
    assert not invites_to_send(10)


def test_only_who_did_not_answer_is_reminded_once(app: Flask) -> None:
    listing, _ = offered()
    invited(listing, "a@one.example")
    assert len(invites_to_remind(NOON, 10)) == 1
    assert not invites_to_remind(NOON - timedelta(seconds=1), 10)
    invite_of("a@one.example").reminded_at = NOON
    assert not invites_to_remind(NOON, 10)
    invite_of("a@one.example").reminded_at = None
    invite_of("a@one.example").state = "used"
    assert not invites_to_remind(NOON, 10)


def test_a_review_that_no_longer_stands_gives_its_invitation_back(app: Flask) -> None:
    listing, author = offered()[0], make_user()
    invited(listing, author.email)
    invite = invite_of(author.email)
    review = make_review(listing, author, status="pending", level="invited")
    invite.state, invite.review_id = "used", review.id
    db.session.flush()
    since = NOON - timedelta(days=1)
    assert find_returned_invite(listing.id, author.id, since) is None
    for status in ("withdrawn", "rejected"):
        review.status = status
        assert find_returned_invite(listing.id, author.id, since) is invite
    assert find_returned_invite(listing.id, author.id, NOON) is None
    assert find_returned_invite(listing.id, make_user().id, since) is None
    assert find_returned_invite(offered()[0].id, author.id, since) is None

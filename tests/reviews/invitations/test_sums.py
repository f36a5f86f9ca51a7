from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.invitations.sums import recompute_invited
from tests.factories import NOON
from tests.reviews.asking import OCTOBER, SEPTEMBER, ask, invite_of, offered


def test_a_listing_keeps_what_its_lists_come_to(app: Flask) -> None:
    listing, _ = offered()
    ask(listing, "a@one.example", "b@one.example", "c@one.example")
    db.session.commit()
    assert (listing.invited_count, listing.answered_count, listing.invited_days) == (3, 0, 31)
    assert (listing.invited_from, listing.invited_to) == OCTOBER
    topic, provider = listing.topic.revision, listing.provider.revision
    invite = invite_of("a@one.example")
    invite.state, invite.used_at = "used", NOON
    ask(listing, "d@one.example", period=SEPTEMBER)
    db.session.commit()
    assert (listing.invited_count, listing.answered_count, listing.invited_days) == (4, 1, 61)
    assert (listing.invited_from, listing.invited_to) == (SEPTEMBER[0], OCTOBER[1])
    assert listing.topic.revision > topic
    assert listing.provider.revision > provider


def test_without_a_list_there_is_nothing_to_show(app: Flask) -> None:
    listing, _ = offered()
    recompute_invited(listing.id)
    db.session.commit()
    assert (listing.invited_count, listing.invited_from, listing.invited_to) == (0, None, None)

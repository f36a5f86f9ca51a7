"""What moderators decide about listings and edits of their terms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotAllowed
from marketplace.core.extensions import db
from marketplace.listings.approvals import (
    apply_listing_edit,
    publish_listing,
    reject_listing,
    reject_listing_edit,
    remove_listing,
)
from marketplace.listings.models import ListingEdit
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from tests.factories import NOON, make_listing, make_provider, make_topic
from tests.listings.making import TERMS, make_guide_row, provider_revision, topic_revision

LATER = NOON + timedelta(days=1)


def make_edit(member: User, status: str = "published") -> ListingEdit:
    listing = make_listing(make_topic(), make_provider(member), status=status)
    edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert listing.edit is not None
    return listing.edit


def test_a_listing_that_was_reported_is_taken_down_with_its_edit(member: User) -> None:
    listing = make_edit(member).listing
    before = (topic_revision(listing), provider_revision(listing.provider))
    remove_listing(listing, note="Why.", now=LATER)
    assert (listing.status, listing.note, listing.edit) == ("rejected", "Why.", None)
    assert topic_revision(listing) > before[0]
    assert provider_revision(listing.provider) > before[1]
    with pytest.raises(Conflict):
        remove_listing(listing, note="Why.", now=LATER)


def test_a_published_listing_is_shown_and_caches_are_told(member: User) -> None:
    listing = make_listing(make_topic(), make_provider(member), status="pending", published_at=None)
    publish_listing(listing, now=LATER)
    assert (listing.status, listing.published_at, listing.confirmed_at) == ("published", LATER, LATER)
    assert (listing.version, topic_revision(listing), provider_revision(listing.provider)) == (2, 2, 1)


@pytest.mark.parametrize("status", ["pending", "removed", "suspended", "unclaimed"])
def test_a_listing_waits_until_its_provider_is_active(member: User, status: str) -> None:
    listing = make_listing(make_topic(), make_provider(member, status=status), status="pending")
    with pytest.raises(NotAllowed):
        publish_listing(listing, now=LATER)
    assert listing.status == "pending"


def test_a_rejected_listing_keeps_the_statement_and_is_shown_to_nobody(member: User) -> None:
    listing = make_listing(make_topic(), make_provider(member), status="pending")
    reject_listing(listing, note="Say what it costs.", now=LATER)
    assert (listing.status, listing.note, listing.version) == ("rejected", "Say what it costs.", 2)
    assert topic_revision(listing) == 1


def test_an_applied_edit_takes_the_place_of_the_live_terms(member: User) -> None:
    edit = make_edit(member)
    listing = edit.listing
    make_guide_row(listing)
    apply_listing_edit(edit, now=LATER)
    assert terms_of(listing) == TERMS
    assert (listing.status, listing.edit, listing.confirmed_at, listing.rows) == (
        "published",
        None,
        LATER,
        [],
    )
    assert topic_revision(listing) == 2


def test_an_applied_edit_of_a_paused_listing_does_not_show_it(member: User) -> None:
    edit = make_edit(member, "paused")
    listing = apply_listing_edit(edit, now=LATER)
    assert (listing.status, terms_of(listing), topic_revision(listing)) == ("paused", TERMS, 1)


def test_a_rejected_edit_stays_with_the_statement_and_the_live_listing_as_it_is(member: User) -> None:
    edit = make_edit(member)
    version = edit.version
    reject_listing_edit(edit, note="Too dear.", now=LATER)
    assert (edit.status, edit.note, edit.version) == ("rejected", "Too dear.", version + 1)
    assert terms_of(edit.listing) != TERMS


def test_each_thing_is_decided_once(member: User) -> None:
    listing = make_listing(make_topic(), make_provider(), status="pending")
    publish_listing(listing, now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        publish_listing(listing, now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        reject_listing(listing, note="", now=LATER)
    edit = make_edit(member)
    reject_listing_edit(edit, note="", now=LATER)
    with pytest.raises(Conflict, match="decided_already"):
        apply_listing_edit(edit, now=LATER)


def test_an_edit_that_was_dropped_meanwhile_is_gone(member: User) -> None:
    edit = make_edit(member)
    db.session.commit()
    db.session.execute(db.delete(ListingEdit))
    with pytest.raises(Conflict, match="gone"):
        apply_listing_edit(edit, now=LATER)

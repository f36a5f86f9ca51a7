"""What a member does with a listing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.revisions import OFFERS, revision_of
from marketplace.listings import services
from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.terms import terms_of
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.listings.making import TERMS, make_guide_row


def make_own(status: str = "published", **values: Any) -> tuple[User, Listing]:
    member = make_user()
    return member, make_listing(make_topic(), make_provider(member), status=status, **values)


def revisions(listing: Listing) -> tuple[int, int, int]:
    db.session.flush()
    db.session.refresh(listing.topic)
    db.session.refresh(listing.provider)
    return listing.topic.revision, listing.provider.revision, revision_of(OFFERS)


def test_a_draft_is_kept_and_seen_by_nobody(app: Flask) -> None:
    member, topic = make_user(), make_topic()
    provider = make_provider(member)
    listing = services.save_draft(actor=member, provider=provider, topic=topic, terms=TERMS, now=NOON)
    assert (listing.status, listing.version, listing.published_at) == ("draft", 1, None)
    assert terms_of(listing) == TERMS
    assert revisions(listing) == (1, 0, 0)


def test_a_draft_with_wrong_terms_is_refused_with_every_field(app: Flask) -> None:
    member = make_user()
    wrong = replace(TERMS, fee_max=1, currency=None)
    with pytest.raises(InvalidFields) as refusal:
        services.save_draft(
            actor=member, provider=make_provider(member), topic=make_topic(), terms=wrong, now=NOON
        )
    assert refusal.value.fields == {"fee_max": "fee_order", "currency": "currency_missing"}


@pytest.mark.parametrize("status", ListingStatus)
def test_a_provider_offers_a_topic_once(app: Flask, status: str) -> None:
    member, listing = make_own(status)
    with pytest.raises(Invalid, match="listing_exists") as refusal:
        services.save_draft(
            actor=member, provider=listing.provider, topic=listing.topic, terms=TERMS, now=NOON
        )
    assert refusal.value.field == "topic"


@pytest.mark.parametrize("status", ["draft", "rejected", "withdrawn"])
def test_what_is_not_live_can_be_sent_to_a_moderator(app: Flask, status: str) -> None:
    member, listing = make_own(status, note="Too short.")
    services.submit_listing(actor=member, listing=listing, now=NOON + timedelta(days=1))
    assert (listing.status, listing.note, listing.version) == ("pending", "", 2)
    assert listing.submitted_at == NOON + timedelta(days=1)
    services.submit_listing(actor=member, listing=listing, now=NOON + timedelta(days=2))
    assert (listing.version, listing.submitted_at) == (2, NOON + timedelta(days=1))


@pytest.mark.parametrize("status", ["published", "paused"])
def test_what_is_live_is_not_sent_again(app: Flask, status: str) -> None:
    member, listing = make_own(status)
    with pytest.raises(Conflict):
        services.submit_listing(actor=member, listing=listing, now=NOON)


def test_a_listing_with_gaps_stays_a_draft(app: Flask) -> None:
    member, listing = make_own("draft", service=" ", time_from=None)
    with pytest.raises(InvalidFields) as refusal:
        services.submit_listing(actor=member, listing=listing, now=NOON)
    assert refusal.value.fields == {"service": "service_missing", "time_from": "time_from_missing"}


def test_a_pending_provider_may_send_listings_and_a_refused_one_may_not(app: Flask) -> None:
    member, listing = make_own("draft")
    listing.provider.status = "pending"
    services.submit_listing(actor=member, listing=listing, now=NOON)
    listing.status, listing.provider.status = "draft", "removed"
    with pytest.raises(NotAllowed):
        services.submit_listing(actor=member, listing=listing, now=NOON)


@pytest.mark.parametrize("status", ["draft", "pending", "rejected", "withdrawn"])
def test_what_is_not_live_is_changed_in_place(app: Flask, status: str) -> None:
    member, listing = make_own(status)
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert terms_of(listing) == TERMS
    assert (listing.status, listing.version, listing.edit) == (status, 2, None)
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert listing.version == 2


@pytest.mark.parametrize("status", ["published", "paused"])
def test_a_change_of_a_live_listing_waits_while_the_live_one_stays(app: Flask, status: str) -> None:
    member, listing = make_own(status)
    before, told = terms_of(listing), revisions(listing)
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert terms_of(listing) == before
    assert listing.edit is not None
    assert terms_of(listing.edit) == TERMS
    assert (listing.status, listing.edit.status) == (status, "pending")
    assert revisions(listing) == told


def test_a_change_that_a_moderator_gets_must_be_complete(app: Flask) -> None:
    for status in ("published", "pending"):
        member, listing = make_own(status)
        with pytest.raises(InvalidFields):
            services.edit_listing(actor=member, listing=listing, terms=replace(TERMS, service=""), now=NOON)


def test_another_change_replaces_the_waiting_one_and_a_refused_one_is_sent_again(app: Flask) -> None:
    member, listing = make_own()
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert listing.edit is not None
    first = listing.edit.version
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert listing.edit.version == first
    listing.edit.status, listing.edit.note = "rejected", "Too dear."
    services.edit_listing(actor=member, listing=listing, terms=replace(TERMS, fee_max=150000), now=NOON)
    assert (listing.edit.status, listing.edit.note, listing.edit.version) == ("pending", "", first + 1)


def test_changing_back_drops_the_edit_and_its_version_is_not_used_again(app: Flask) -> None:
    member, listing = make_own()
    live = terms_of(listing)
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert listing.edit is not None
    seen = listing.edit.version
    services.edit_listing(actor=member, listing=listing, terms=live, now=NOON)
    assert listing.edit is None
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    assert listing.edit is not None
    assert listing.edit.version > seen


def test_an_edit_can_be_dropped_and_dropping_it_twice_is_no_error(app: Flask) -> None:
    member, listing = make_own()
    services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    services.drop_listing_edit(actor=member, listing=listing)
    services.drop_listing_edit(actor=member, listing=listing)
    assert (listing.edit, listing.status) == (None, "published")


def test_a_listing_pauses_and_comes_back_and_caches_are_told(app: Flask) -> None:
    member, listing = make_own()
    services.pause_listing(actor=member, listing=listing)
    services.pause_listing(actor=member, listing=listing)
    assert (listing.status, listing.version, revisions(listing)) == ("paused", 2, (2, 1, 1))
    db.session.commit()
    services.resume_listing(actor=member, listing=listing)
    services.resume_listing(actor=member, listing=listing)
    assert (listing.status, listing.version, revisions(listing)) == ("published", 3, (3, 2, 2))


@pytest.mark.parametrize("status", ["draft", "pending", "rejected", "withdrawn"])
def test_what_is_not_live_neither_pauses_nor_resumes_nor_is_confirmed(app: Flask, status: str) -> None:
    member, listing = make_own(status)
    with pytest.raises(Conflict):
        services.pause_listing(actor=member, listing=listing)
    with pytest.raises(Conflict):
        services.resume_listing(actor=member, listing=listing)
    with pytest.raises(Conflict):
        services.confirm_listing(actor=member, listing=listing, now=NOON)


@pytest.mark.parametrize("status", ListingStatus)
def test_a_listing_is_withdrawn_from_any_status_with_its_edit_and_rows(app: Flask, status: str) -> None:
    member, listing = make_own(status)
    make_guide_row(listing)
    if status == "published":
        services.edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    services.withdraw_listing(actor=member, listing=listing)
    services.withdraw_listing(actor=member, listing=listing)
    assert (listing.status, listing.edit) == ("withdrawn", None)
    assert not listing.rows or status == "withdrawn"
    had_or_gets_a_page = status in ("published", "paused", "rejected")
    assert revisions(listing)[0] == (2 if had_or_gets_a_page else 1)


def test_confirming_makes_the_data_fresh_and_tells_caches(app: Flask) -> None:
    member, listing = make_own()
    later = NOON + timedelta(days=170)
    services.confirm_listing(actor=member, listing=listing, now=later)
    assert (listing.confirmed_at, listing.version, revisions(listing)[0]) == (later, 2, 2)


CALLS: list[Callable[[User, Listing], object]] = [
    lambda actor, listing: services.save_draft(
        actor=actor, provider=listing.provider, topic=make_topic(), terms=TERMS, now=NOON
    ),
    lambda actor, listing: services.submit_listing(actor=actor, listing=listing, now=NOON),
    lambda actor, listing: services.edit_listing(actor=actor, listing=listing, terms=TERMS, now=NOON),
    lambda actor, listing: services.drop_listing_edit(actor=actor, listing=listing),
    lambda actor, listing: services.pause_listing(actor=actor, listing=listing),
    lambda actor, listing: services.resume_listing(actor=actor, listing=listing),
    lambda actor, listing: services.withdraw_listing(actor=actor, listing=listing),
    lambda actor, listing: services.confirm_listing(actor=actor, listing=listing, now=NOON),
]


@pytest.mark.parametrize("call", CALLS)
def test_a_stranger_is_told_that_it_does_not_exist(
    app: Flask, call: Callable[[User, Listing], object]
) -> None:
    _, listing = make_own()
    with pytest.raises(NotFound):
        call(make_user(), listing)
    assert (listing.status, listing.version, listing.edit) == ("published", 1, None)


@pytest.mark.parametrize("call", CALLS)
def test_a_suspended_providers_listings_stay_as_they_are(
    app: Flask, call: Callable[[User, Listing], object]
) -> None:
    member, listing = make_own()
    listing.provider.status = "suspended"
    with pytest.raises(NotAllowed):
        call(member, listing)

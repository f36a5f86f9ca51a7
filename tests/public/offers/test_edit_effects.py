"""What a moderator is told of a listing's change: what it does to reports, average and place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.listings.approvals import apply_listing_edit
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.moderation.kinds.listings import Effect
from marketplace.providers.membership import members_of
from marketplace.public.offers.edit_effects import edit_effects
from marketplace.public.offers.queries import topic_offers
from marketplace.reviews.ratings.services import recompute_ratings
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.public.offering import TODAY

Effects = dict[str, Effect]


@pytest.fixture
def late(app: Flask) -> Listing:
    """A listing that promised 18 business days at 4,200 MXN and mostly took longer and more, behind a better one."""
    topic = make_topic()
    owner = make_user()
    listing = make_listing(topic, make_provider(owner))
    for cost, days in ((400000, 10), (450000, 25), (460000, 30)):
        make_review(
            *(listing, make_user()),
            real_cost=cost,
            real_currency="MXN",
            real_time=days,
            real_time_unit="business_days",
        )
    other = make_listing(topic, official_fee_kind="included")
    for _ in range(4):
        make_review(other)
    for row in (listing, other):
        recompute_ratings(row.id)
    db.session.refresh(listing)
    return listing


def propose(listing: Listing, **changes: object) -> ListingEdit:
    (owner,) = members_of(listing.provider_id)
    terms = replace(terms_of(listing), **changes)  # type: ignore[arg-type]
    edit_listing(actor=owner, listing=listing, terms=terms, now=NOON)
    assert listing.edit is not None
    return listing.edit


def effects_of(app: Flask, edit: ListingEdit) -> Effects:
    with app.test_request_context("/"):
        return {effect.label: effect for effect in edit_effects(ListingEdit, edit=edit)}


def test_a_loosened_promise_changes_no_share_and_shows(app: Flask, late: Listing) -> None:
    found = effects_of(app, propose(late, time_min=1, time_max=6, time_unit="weeks", fee_min=460000))
    assert found["On time"] == Effect("On time", "33% (3 reports)", "33% (3 reports)", "100% (3 reports)")
    assert found["Within the quote"].if_promised == "100% (3 reports)"
    assert not found["On time"].is_changed
    assert found["Time that clients report"].now == "25 business days (3 reports)"
    assert found["Cost that clients report"].now == "MX$4,500 (3 reports)"
    assert found["Average rating"].now == "5.0 (3 counted reviews)"


def test_the_place_told_is_the_place_it_gets(app: Flask, late: Listing) -> None:
    full = "word " * 12
    edit = propose(late, service=full, official_fee_kind="included")
    place = effects_of(app, edit)["Place in the recommended order"]
    assert place.now == "2 of 2"
    apply_listing_edit(edit, now=NOON)
    ids = [offer.listing_id for offer in topic_offers(late.topic_id, TODAY)]
    assert place.after == f"{ids.index(late.id) + 1} of 2"


def test_a_paused_listing_has_no_place(app: Flask, late: Listing) -> None:
    late.status = "paused"
    place = effects_of(app, propose(late, fee_min=1))["Place in the recommended order"]
    assert (place.now, place.after) == ("not in the table", "not in the table")


def test_without_reports_there_is_only_the_place(app: Flask) -> None:
    listing = make_listing(make_topic(), make_provider(make_user()))
    assert list(effects_of(app, propose(listing, fee_min=1))) == ["Place in the recommended order"]


def test_the_moderator_reads_it_beside_the_change(client: Client, late: Listing) -> None:
    propose(late, time_min=1, time_max=6, time_unit="weeks")
    moderator = make_user("moderator")
    db.session.commit()
    sign_in(client, moderator)
    for prefix, words in (("", "If these terms had always been promised"), ("/es", "")):
        page = client.page(f"{prefix}/staff/queue/listing_edit/{late.id}/")
        assert words in page.text
        assert "33" in page.text

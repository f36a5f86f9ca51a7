"""Paid placements are hidden and shown again with their listing and provider, and emails say so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.core.extensions import db
from marketplace.listings.services import confirm_listing, pause_listing, resume_listing, withdraw_listing
from tests.billing.shop import Shop
from tests.factories import make_user
from tests.moderation.deciding import decide_now

REASON = "The provider does not answer its clients any more."


def decide_on_provider(shop: Shop, action: str, ground: str) -> None:
    db.session.rollback()
    decide_now(
        "provider",
        shop.seller.provider.id,
        actor=make_user("moderator"),
        action=action,
        version=shop.seller.provider.version,
        ground=ground,
        statement=REASON,
        now=shop.clock(),
    )
    db.session.commit()


def mail_counts(shop: Shop, word: str) -> list[int]:
    """How many mails with a word the member and the admin have got."""
    return [sum(word in one for one in shop.mails(who)) for who in (shop.seller.member, shop.admin)]


@pytest.mark.parametrize("country", [False, True])
def test_a_suspended_provider_is_hidden_and_a_reinstated_one_is_back(shop: Shop, country: bool) -> None:
    placement = shop.buy(country=country)
    before = shop.revisions()
    decide_on_provider(shop, "suspend", "does_not_answer")
    assert (shop.read(placement).hidden, shop.state_of(placement)) == ("provider", "active")
    assert shop.revisions()[1] > before[1]
    assert mail_counts(shop, "hidden") == [1, 0]
    assert len(shop.mails(shop.admin)) == 1
    before = shop.revisions()
    shop.clock.advance(timedelta(hours=1))
    decide_on_provider(shop, "reinstate", "our_mistake")
    assert shop.read(placement).hidden == ""
    assert shop.revisions()[1] > before[1]
    assert mail_counts(shop, "shown again") == [1, 0]
    shop.reconcile()
    assert (mail_counts(shop, "hidden"), len(shop.mails(shop.admin))) == ([1, 0], 1)


@pytest.mark.parametrize("country", [False, True])
def test_a_paused_listing_hides_its_place_and_a_resumed_one_brings_it_back(shop: Shop, country: bool) -> None:
    placement = shop.buy(country=country)
    before = shop.revisions()
    pause_listing(actor=shop.seller.member, listing=shop.seller.listing)
    db.session.commit()
    assert shop.read(placement).hidden == "listing"
    assert shop.revisions() > before
    assert (mail_counts(shop, "hidden")[0], len(shop.mails(shop.admin))) == (1, 1)
    shop.clock.advance(timedelta(hours=1))
    resume_listing(actor=shop.seller.member, listing=shop.seller.listing)
    db.session.commit()
    assert shop.read(placement).hidden == ""
    assert mail_counts(shop, "shown again")[0] == 1


def test_a_withdrawn_listing_hides_its_place_but_money_and_slot_stay(shop: Shop) -> None:
    placement = shop.buy()
    withdraw_listing(actor=shop.seller.member, listing=shop.seller.listing)
    db.session.commit()
    placement = shop.read(placement)
    assert (placement.hidden, placement.state) == ("listing", "active")
    shop.pass_time(timedelta(days=31))
    shop.deliver()
    assert shop.entries() == [("payment", 4900)] * 2


def test_stale_data_hide_a_place_until_they_are_confirmed(shop: Shop) -> None:
    placement = shop.buy()
    for _ in range(9):
        shop.pass_time(timedelta(days=30))
        shop.deliver()
    shop.reconcile()
    assert shop.read(placement).hidden == "stale"
    confirm_listing(actor=shop.seller.member, listing=shop.seller.listing, now=shop.clock())
    db.session.commit()
    shop.reconcile(whole=False)
    assert shop.read(placement).hidden == ""


def test_what_is_paid_after_the_listing_was_paused_is_hidden_from_the_start(shop: Shop) -> None:
    placement = shop.start_checkout()
    pause_listing(actor=shop.seller.member, listing=shop.seller.listing)
    db.session.commit()
    shop.pay(placement)
    placement = shop.read(placement)
    assert (placement.state, placement.hidden) == ("active", "listing")
    assert mail_counts(shop, "hidden")[0] == 1

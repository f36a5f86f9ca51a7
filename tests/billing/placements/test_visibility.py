"""Whether a paid placement may be shown."""

from __future__ import annotations

from datetime import timedelta

from marketplace.billing.placements.visibility import (
    can_be_shown,
    hidden_reason,
    refresh_all_visibility,
    refresh_visibility,
)
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.factories import NOON


def reason(shop: Shop, days: int = 0, *, country: bool = False) -> str:
    db.session.flush()
    listing = None if country else shop.seller.listing.id
    return hidden_reason(shop.seller.provider.id, listing, "mexico", NOON + timedelta(days=days))


def test_only_a_published_fresh_listing_of_an_active_provider_is_shown(shop: Shop) -> None:
    assert reason(shop) == reason(shop, country=True) == ""
    assert can_be_shown(shop.seller.provider.id, shop.seller.listing.id, "mexico", NOON)
    assert reason(shop, 269) == ""
    assert reason(shop, 270) == reason(shop, 270, country=True) == "stale"
    for status in ("draft", "pending", "paused", "withdrawn", "rejected"):
        shop.seller.listing.status = status
        assert reason(shop) == reason(shop, country=True) == "listing"
    for status in ("pending", "suspended", "removed"):
        shop.seller.provider.status = status
        assert reason(shop) == "provider"
    db.session.rollback()


def test_a_country_needs_any_listing_there(shop: Shop) -> None:
    shop.seller.listing.status = "paused"
    assert reason(shop, country=True) == "listing"
    db.session.rollback()
    assert hidden_reason(shop.seller.provider.id, None, "peru", NOON) == "listing"


def test_a_change_is_told_once_and_an_unchanged_state_never(shop: Shop) -> None:
    placement = shop.buy()
    version = placement.version
    refresh_visibility(placement, NOON)
    assert placement.version == version
    late = NOON + timedelta(days=300)
    for moment in (late, late + timedelta(days=1)):
        refresh_all_visibility(moment)
        db.session.commit()
    assert shop.read(placement).hidden == "stale"
    assert len([one for one in shop.mails() if "hidden" in one]) == 1
    assert len(shop.mails(shop.admin)) == 1
    refresh_all_visibility(NOON, only_hidden=True)
    db.session.commit()
    assert shop.read(placement).hidden == ""
    assert [one for one in shop.mails() if "shown again" in one] == shop.mails()[-1:]

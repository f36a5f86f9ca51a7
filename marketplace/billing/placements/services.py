"""What a provider's member and an admin do with placements, before or beside Stripe.

Each checks whose it is: `NotFound` for strangers, `NotAllowed` while the provider is suspended or the address unconfirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from marketplace.accounts.models import User
from marketplace.billing.models import KINDS, Placement, PlacementPrice
from marketplace.billing.placements.prices import price_of
from marketplace.billing.placements.scopes import country_scope, topic_scope
from marketplace.billing.placements.slots import live_placement, take_slot
from marketplace.billing.placements.visibility import can_be_shown
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db, find_row
from marketplace.listings.models import Listing
from marketplace.providers.membership import own_provider, require_member
from marketplace.providers.models import Provider


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be featured: a listing on its topic, or the provider on a country's page."""

    provider: Provider
    country: str
    scope: str
    listing: Listing | None


def wanted_listing(provider: Provider, listing: Listing) -> Wanted:
    """A listing on top of its topic's table."""
    return Wanted(provider, listing.topic.country, topic_scope(listing.topic_id), listing)


def wanted_country(provider: Provider, country: str) -> Wanted:
    """A provider on top of a country's page."""
    return Wanted(provider, country, country_scope(country), None)


def claim_placement(*, actor: User, wanted: Wanted, kind: str, now: datetime) -> Placement:
    """Take a slot for what is to be bought; the provider's live placement of the scope where there is one (a double click).

    Commit before Stripe is called. Raises `Invalid` on `kind`, `Conflict`: `not_sold`, `not_shown` (the listing is not
    published, or the provider not in good standing), `slots_full`.
    """
    provider = wanted.provider
    require_member(actor, provider)
    if kind not in KINDS:
        raise Invalid("kind_unknown", "kind")
    price = price_of(wanted.country)
    amount = price.amount(kind) if price is not None else None
    if price is None or amount is None:
        raise Conflict("not_sold")
    listing_id = wanted.listing.id if wanted.listing is not None else None
    if not can_be_shown(provider.id, listing_id, wanted.country, now):
        raise Conflict("not_shown")
    there = live_placement(wanted.scope, provider.id)
    if there is not None:
        return _take_up(there, price, kind, amount)
    taken = take_slot(
        slots=price.slots(wanted.scope),
        now=now,
        scope=wanted.scope,
        provider_id=provider.id,
        listing_id=listing_id,
        country=wanted.country,
        kind=kind,
        amount=amount,
        currency=price.currency,
        state="pending",
    )
    found = (
        db.session.get(Placement, taken) if taken is not None else live_placement(wanted.scope, provider.id)
    )
    if found is None:
        raise Conflict("slots_full")
    return found


def _take_up(placement: Placement, price: PlacementPrice, kind: str, amount: int) -> Placement:
    """A reservation becomes what is asked for now; anything else live stays as it is."""
    if placement.state == "reserved":
        db.session.execute(
            update(Placement)
            .where(Placement.id == placement.id, Placement.state == "reserved")
            .values(kind=kind, amount=amount, currency=price.currency, version=Placement.version + 1)
            .execution_options(synchronize_session=False)
        )
        db.session.refresh(placement)
    return placement


def own_placement(actor: User, slug: str, placement_id: int) -> Placement:
    """A placement of the member's provider with this slug. Raises `NotFound`."""
    provider = own_provider(actor, slug)
    placement = find_row(Placement, placement_id)
    if placement is None or placement.provider_id != provider.id:
        raise NotFound
    return placement


def any_placement(actor: User, placement_id: int) -> Placement:
    """A placement for an admin. Raises `NotAllowed`, `NotFound`."""
    require_admin(actor)
    placement = find_row(Placement, placement_id)
    if placement is None:
        raise NotFound
    return placement


def require_admin(actor: User) -> None:
    """Raises `NotAllowed` for who is no admin."""
    if actor.role != "admin" or not actor.active:
        raise NotAllowed("not_admin")

"""Seeds prices and placements for the demo. Placements are bought through the stand-in of Stripe, so what the demo shows as
paid is paid there."""

from __future__ import annotations

import json
import urllib.request

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.models import PlacementPrice
from marketplace.billing.placements.scopes import PlacementOrder, country_order, listing_order
from marketplace.billing.placements.services import claim_placement, set_price
from marketplace.billing.placements.slots import live_placement
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.checkout import ReturnAddresses, open_checkout
from marketplace.billing.sync.services import sync_placement
from marketplace.core.extensions import db, now
from marketplace.guides.models import Topic
from marketplace.listings.models import Listing
from marketplace.providers.membership import members_of
from marketplace.providers.models import Provider
from marketplace.samples import DemoData, DemoPlacement
from marketplace.values.amounts import to_minor

SECONDS = 20


def seed_prices(data: DemoData) -> None:
    """Set the price of each country without one; in the caller's transaction."""
    emails = [member.email for member in data.members if member.role == "admin"]
    admin = db.session.scalars(select(User).where(User.email == emails[0])).one()
    for price in data.prices:
        if db.session.get(PlacementPrice, price.country) is None:
            set_price(
                actor=admin,
                country=price.country,
                currency=price.currency,
                month_amount=to_minor(price.month, price.currency),
                pass_amount=to_minor(price.thirty_days, price.currency),
                topic_slots=price.topic_slots,
                country_slots=price.country_slots,
                now=now(),
            )


def buy_placements(data: DemoData, gateway: Gateway, stand_in: str, site_url: str) -> int:
    """Buy each placement that its provider does not have yet, and pay at the stand-in; how many were bought. Commits."""
    return sum(_buy(entry, gateway, stand_in, site_url) for entry in data.placements)


def _buy(entry: DemoPlacement, gateway: Gateway, stand_in: str, site_url: str) -> bool:
    order = _order(entry)
    there = live_placement(order.scope, order.provider.id)
    if there is not None and not there.awaits_payment:
        return False
    member = members_of(order.provider.id)[0]
    placement = claim_placement(actor=member, order=order, kind=entry.kind, now=now())
    placement_id = placement.id
    db.session.commit()
    back = f"{site_url}/manage/"
    addresses = ReturnAddresses(back, back, member.language)
    page = open_checkout(placement_id, actor=member, addresses=addresses, gateway=gateway, now=now())
    _pay(stand_in, page.rpartition("/")[2])
    sync_placement(placement_id, gateway=gateway, now=now())
    db.session.commit()
    return True


def _order(entry: DemoPlacement) -> PlacementOrder:
    provider = db.session.scalars(select(Provider).where(Provider.name == entry.provider)).one()
    if entry.country:
        return country_order(provider, entry.country)
    query = select(Listing).join(Topic, Topic.id == Listing.topic_id)
    listing = db.session.scalars(
        query.where(Topic.key == entry.topic, Listing.provider_id == provider.id)
    ).one()
    return listing_order(provider, listing)


def _pay(stand_in: str, session_id: str) -> None:
    body = json.dumps({"session": session_id}).encode()
    asked = urllib.request.Request(  # noqa: S310 - the address is the setting's, checked at start
        f"{stand_in}/_control/pay", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=SECONDS):  # noqa: S310
        pass

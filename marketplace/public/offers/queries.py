"""One listing as an offer, several by id, and the website behind one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.public.offers.offers import SHOWN_PROVIDERS, Offer, offer_columns, to_offers

OWN_PAGE_COLUMNS = (
    "report_values",
    "invited_count",
    "answered_count",
    "invited_days",
    "invited_from",
    "invited_to",
)


def listing_offer(topic_id: int, provider_slug: str, today: date) -> Offer:
    """The offer of a provider for a topic, with what is shown on its own page alone. Raises `NotFound`."""
    query = offer_columns(today).add_columns(*(getattr(Listing, name) for name in OWN_PAGE_COLUMNS))
    query = query.where(Listing.topic_id == topic_id, Provider.slug == provider_slug)
    rows = db.session.execute(query).all()
    if not rows:
        raise NotFound
    return to_offers(rows, today)[0]


def offers_by_id(ids: Sequence[int], today: date) -> list[Offer]:
    """These offers in the order asked. Raises `NotFound` where one is not shown."""
    if any(number > LARGEST_ID for number in ids):
        raise NotFound
    rows = db.session.execute(offer_columns(today).where(Listing.id.in_(ids))).all()
    found = {offer.listing_id: offer for offer in to_offers(rows, today)}
    if len(found) != len(set(ids)):
        raise NotFound
    return [found[number] for number in ids]


def provider_offers(provider_id: int, today: date) -> list[Offer]:
    """The shown offers of a provider, by topic."""
    query = offer_columns(today).where(Listing.provider_id == provider_id).order_by(Listing.topic_id)
    return to_offers(db.session.execute(query).all(), today)


def website_of(listing_id: int) -> str:
    """The website behind a shown listing. Raises `NotFound`, also where there is none."""
    if listing_id > LARGEST_ID:
        raise NotFound
    row = db.session.execute(
        select(Provider.website)
        .join(Listing, Listing.provider_id == Provider.id)
        .where(Listing.id == listing_id, Listing.status == "published", Provider.status.in_(SHOWN_PROVIDERS))
    ).first()
    if row is None or not row.website.startswith(("http://", "https://")):
        raise NotFound
    return str(row.website)

"""Offers by topic, listing and provider, read as columns and never as entities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from marketplace.billing.models import Placement
from marketplace.billing.placements.queries import shown_on
from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles, topic_guides
from marketplace.i18n.languages import address_language
from marketplace.i18n.table_words import table_words
from marketplace.listings.freshness import fresh_on
from marketplace.listings.models import KEEPS_PAGE, Listing, ListingStatus
from marketplace.listings.terms import TERMS
from marketplace.providers.membership import sharing_member
from marketplace.providers.models import SHOWN_PROVIDERS, Provider
from marketplace.public.offers import ranking
from marketplace.public.offers.models import FeaturedRow, Offer
from marketplace.values.exchange import current_rates

_LISTING_COLUMNS = (
    *("referral", *TERMS, "confirmed_at", "published_at"),
    *("review_count", "uncounted_count", "rating_average"),
    *("rating_weight", "rating_weighted", "invited_weight", "invited_weighted"),
    *("reported_count", "reported_cost", "reported_currency", "cost_reports", "priced_count", "within_quote"),
    *("reported_time", "reported_time_unit", "time_reports", "timed_count", "on_time", "reported_times"),
)
_PROVIDER_COLUMNS = ("id", "slug", "name", "status", "languages", "trader")
OWN_PAGE_COLUMNS = (
    *("report_values", "invited_count", "answered_count"),
    *("invited_days", "invited_from", "invited_to"),
)

_twin = aliased(Provider)


def shown_listings() -> tuple[Any, ...]:
    """The conditions for a listing to be offered: it is published and its provider may be shown."""
    return Listing.status == ListingStatus.PUBLISHED, Provider.status.in_(SHOWN_PROVIDERS)


def listings_with_page() -> tuple[Any, ...]:
    """The conditions for a listing to have a public page: it was published once, and its provider may be shown."""
    kept = Listing.status.in_(KEEPS_PAGE), Listing.published_at.is_not(None)
    return *kept, Provider.status.in_(SHOWN_PROVIDERS)


def listings_in_tables(today: date) -> tuple[Any, ...]:
    """The conditions for a listing to be in its guide's table: it is shown, and its data are fresh enough."""
    return *shown_listings(), fresh_on(Listing.confirmed_at, today)


def select_offers(today: date, conditions: tuple[Any, ...] | None = None) -> Select[Any]:
    """The columns of shown listings, or of those that meet other conditions, with the featured placement that each has on a
    day."""
    of_provider = (getattr(Provider, name).label(f"provider_{name}") for name in _PROVIDER_COLUMNS)
    columns: tuple[Any, ...] = (
        *(Listing.id.label("listing_id"), Listing.status.label("listing_status"), Listing.topic_id),
        Placement.id.label("placement_id"),
        *(Provider.website, Provider.host, Provider.warned_at, *of_provider),
        *(getattr(Listing, name) for name in _LISTING_COLUMNS),
    )
    return (
        select(*columns, _twin.slug.label("same_owner_slug"), _twin.name.label("same_owner_name"))
        .join(Provider, Provider.id == Listing.provider_id)
        .outerjoin(_twin, _twin.id == _same_owner_here())
        .outerjoin(Placement, (Placement.listing_id == Listing.id) & shown_on(today))
        .where(*(conditions or shown_listings()))
    )


def _same_owner_here() -> Any:
    """The first of the shown providers that offer a listing's topic too and have a member in common with its provider."""
    other, other_provider = aliased(Listing), aliased(Provider)
    return (
        select(func.min(other.provider_id))
        .join(other_provider, other_provider.id == other.provider_id)
        .where(other.topic_id == Listing.topic_id, other.status == ListingStatus.PUBLISHED)
        .where(other_provider.status.in_(SHOWN_PROVIDERS))
        .where(other.provider_id.in_(sharing_member(Listing.provider_id).correlate(Listing)))
        .correlate(Listing)
        .scalar_subquery()
    )


def to_offers(rows: Sequence[Any], today: date) -> list[Offer]:
    """Build offers from the rows of `select_offers`."""
    offers = []
    for row in rows:
        values = dict(row._mapping)
        spoken = values.pop("provider_languages")
        values["languages"] = tuple(values["languages"] if values["languages"] is not None else spoken)
        offer = Offer(**values)
        offers.append(replace(offer, dimmed=ranking.is_dimmed(offer, today)))
    return offers


def topic_offers(topic_id: int, today: date) -> list[Offer]:
    """The offers of a topic's table in the recommended order. One query."""
    rows = db.session.execute(select_offers(today).where(Listing.topic_id == topic_id)).all()
    return ranking.earned_order(to_offers(rows, today), today)


def listing_offer(topic_id: int, provider_slug: str, today: date) -> Offer:
    """A provider's offer for a topic, with the columns that only its own page shows: also one that is not offered any more.
    Raises `NotFound`."""
    query = select_offers(today, listings_with_page()).add_columns(
        *(getattr(Listing, name) for name in OWN_PAGE_COLUMNS)
    )
    query = query.where(Listing.topic_id == topic_id, Provider.slug == provider_slug)
    rows = db.session.execute(query).all()
    if not rows:
        raise NotFound
    return to_offers(rows, today)[0]


def offers_by_id(ids: Sequence[int], today: date) -> list[Offer]:
    """Those of these listings that have a page, in the given order."""
    rows = db.session.execute(select_offers(today, listings_with_page()).where(Listing.id.in_(ids))).all()
    found = {offer.listing_id: offer for offer in to_offers(rows, today)}
    return [found[number] for number in ids if number in found]


def topic_revisions(listing_ids: Sequence[int]) -> dict[str, int | None]:
    """The revisions of the topics that these listings belong to, by name. One query."""
    query = select(Topic.id, Topic.revision).where(
        Topic.id.in_(select(Listing.topic_id).where(Listing.id.in_(listing_ids)))
    )
    return {f"topic:{topic_id}": number for topic_id, number in db.session.execute(query.order_by(Topic.id))}


def provider_offers(provider_id: int, today: date) -> list[Offer]:
    """The listings of a provider that have a page, by topic."""
    query = select_offers(today, listings_with_page()).where(Listing.provider_id == provider_id)
    query = query.order_by(Listing.topic_id)
    return to_offers(db.session.execute(query).all(), today)


def _kept(listing_id: int) -> Any:
    """Where a listing became part of another one, links to it mean that one."""
    became = select(Listing.merged_into_id).where(Listing.id == listing_id).scalar_subquery()
    return func.coalesce(became, listing_id)


def listing_website(listing_id: int) -> str:
    """The website of a shown listing's provider. Raises `NotFound`, also if it has no website."""
    row = db.session.execute(
        select(Provider.website)
        .join(Listing, Listing.provider_id == Provider.id)
        .where(Listing.id == _kept(listing_id), *shown_listings())
    ).first()
    if row is None or not row.website.startswith(("http://", "https://")):
        raise NotFound
    return str(row.website)


def listings_by_topic(today: date, country: str | None = None) -> dict[int, int]:
    """The number of listings in the table of each topic that has any."""
    query = (
        select(Listing.topic_id, func.count(Listing.id))
        .join(Provider, Provider.id == Listing.provider_id)
        .where(*listings_in_tables(today))
        .group_by(Listing.topic_id)
    )
    if country:
        query = query.join(Topic, Topic.id == Listing.topic_id).where(Topic.country == country)
    return {topic_id: count for topic_id, count in db.session.execute(query)}


def featured_row(sender: Any, *, listing: Listing) -> FeaturedRow | None:
    """The row in the table of the guide in the reader's language; None if the listing or its guides are not shown."""
    offer = next(iter(offers_by_id([listing.id], now().date())), None)
    if offer is None or not offer.is_offered:
        return None
    named = guide_titles([listing.topic_id], address_language()).get(listing.topic_id)
    if named is None:
        return None
    address = (named.language, named.stem)
    guide = next(row for row in topic_guides(listing.topic_id) if (row.language, row.stem) == address)
    words = table_words(guide.language)
    heads = tuple(guide.header or (words.provider, words.website, words.timelines, words.cost))
    currency = current_settings().display_currency
    return FeaturedRow(replace(offer, sponsored=True), guide, heads, currency, current_rates())

"""Placements as the provider's pages, the admins' pages and the public pages read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from marketplace.billing.models import PaymentEntry, Placement, PlacementPrice, PlacementWait
from marketplace.billing.placements.scopes import country_scope
from marketplace.billing.statuses import LIVE, PAID, PlacementKind, PlacementState, WaitState
from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.listings.freshness import fresh_on
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import Provider, ProviderStatus

RENEWAL_PATIENCE = timedelta(days=7)
PAST_SHOWN = 20
UNBOUGHT_SHOWN = timedelta(days=1)


def shown_on(day: date) -> ColumnElement[bool]:
    """The condition that a placement is paid for on a day; listing and provider are not checked.

    Stripe's events end a placement to the minute. The bounds here only stop an unpaid placement from being shown for days
    while no worker runs. They change with the day, as pages do.
    """
    start = datetime.combine(day, time(), UTC)
    return and_(
        Placement.state.in_(PAID),
        case(
            (Placement.state == PlacementState.PAST_DUE, Placement.grace_until >= start),
            (
                or_(Placement.kind == PlacementKind.PASS, Placement.state == PlacementState.CANCELING),
                Placement.period_end >= start,
            ),
            else_=Placement.period_end >= start - RENEWAL_PATIENCE,
        ),
    )


def featured_providers(country: str, day: date) -> Sequence[Any]:
    """The providers with a shown placement on a country's page, by placement: (placement_id, provider_id, slug, name, host,
    languages, topics, listing_id). `listing_id` is a listing to count visits by."""
    featured = Placement.scope == country_scope(country), shown_on(day)
    query = _with_listings(country, day, select(Placement.provider_id).where(*featured))
    return db.session.execute(
        query.add_columns(Placement.id.label("placement_id"))
        .join(Placement, Placement.provider_id == Provider.id)
        .where(*featured, Provider.status == ProviderStatus.ACTIVE)
        .order_by(Placement.id)
    ).all()


def provider_on_country(country: str, provider_id: int, day: date) -> Sequence[Any]:
    """One provider as a country's page would show it; empty if it has no listing there."""
    return db.session.execute(_with_listings(country, day, [provider_id])).all()


def _with_listings(country: str, day: date, providers: Any) -> Select[Any]:
    """Some providers, given by their ids, with what each has in a country's tables; others' listings are not looked at."""
    shown = (
        select(
            Listing.provider_id,
            func.count(Listing.topic_id.distinct()).label("topics"),
            func.min(Listing.id).label("listing_id"),
        )
        .join(Topic, Topic.id == Listing.topic_id)
        .where(Listing.provider_id.in_(providers), fresh_on(Listing.confirmed_at, day))
        # Concatenated, so that SQLite does not begin with all published listings, or with all of the country.
        .where(Topic.country + "" == country, Listing.status + "" == ListingStatus.PUBLISHED)
        .group_by(Listing.provider_id)
        .subquery()
    )
    who = (Provider.id.label("provider_id"), Provider.slug, Provider.name, Provider.host, Provider.languages)
    return select(*who, shown.c.topics, shown.c.listing_id).join(shown, shown.c.provider_id == Provider.id)


def _in_tables(day: date) -> tuple[ColumnElement[bool], ...]:
    return Listing.status == ListingStatus.PUBLISHED, fresh_on(Listing.confirmed_at, day)


def served_countries(provider_id: int, day: date) -> list[str]:
    """The countries in which a provider has a listing in the tables."""
    query = (
        select(Topic.country)
        .join(Listing, Listing.topic_id == Topic.id)
        .where(Listing.provider_id == provider_id, *_in_tables(day))
    )
    return sorted(set(db.session.scalars(query)))


def provider_placements(provider_id: int, moment: datetime) -> Sequence[Placement]:
    """A provider's placements: the live ones, then the newest that are over. One that was not bought is left out after a
    day."""
    live = case((Placement.state.in_(LIVE), 0), else_=1)
    query = select(Placement).where(
        Placement.provider_id == provider_id,
        or_(Placement.state != PlacementState.RELEASED, Placement.ended_at > moment - UNBOUGHT_SHOWN),
    )
    return db.session.scalars(query.order_by(live, Placement.id.desc()).limit(PAST_SHOWN)).all()


def combined_version(provider_id: int) -> int:
    """A number that changes with any change of a provider's placements."""
    versions = select(func.coalesce(func.sum(Placement.version), 0)).where(
        Placement.provider_id == provider_id
    )
    return int(db.session.scalar(versions) or 0)


def provider_waits(provider_id: int) -> Sequence[PlacementWait]:
    """The provider's waiting entries."""
    query = select(PlacementWait).where(
        PlacementWait.provider_id == provider_id, PlacementWait.state == WaitState.WAITING
    )
    return db.session.scalars(query.order_by(PlacementWait.id)).all()


def provider_receipts(provider_id: int, limit: int = 50) -> Sequence[PaymentEntry]:
    """A provider's ledger entries, newest first."""
    query = (
        select(PaymentEntry)
        .join(PaymentEntry.placement)
        .options(contains_eager(PaymentEntry.placement))
        .where(Placement.provider_id == provider_id)
    )
    return db.session.scalars(
        query.order_by(PaymentEntry.occurred_at.desc(), PaymentEntry.id.desc()).limit(limit)
    ).all()


def placement_entries(placement_id: int) -> Sequence[PaymentEntry]:
    """A placement's ledger entries, oldest first."""
    query = select(PaymentEntry).where(PaymentEntry.placement_id == placement_id)
    return db.session.scalars(query.order_by(PaymentEntry.occurred_at, PaymentEntry.id)).all()


def sellable_listings(provider_id: int, day: date) -> Sequence[Listing]:
    """The provider's listings that a placement could be bought for, by id."""
    query = (
        select(Listing)
        .join(Topic, Topic.id == Listing.topic_id)
        .join(PlacementPrice, PlacementPrice.country == Topic.country)
        .where(
            Listing.provider_id == provider_id,
            *_in_tables(day),
            or_(PlacementPrice.month_amount.is_not(None), PlacementPrice.pass_amount.is_not(None)),
        )
    )
    return db.session.scalars(query.order_by(Listing.id)).all()


def state_counts() -> dict[str, int]:
    """How many placements are in each state."""
    rows = db.session.execute(select(Placement.state, func.count()).group_by(Placement.state))
    return {state: count for state, count in rows}


def country_slots_sold() -> dict[tuple[str, bool], int]:
    """How many slots are taken in each country: (country, True) on its topics, (country, False) on its page."""
    on_topic = Placement.listing_id.is_not(None)
    rows = db.session.execute(
        select(Placement.country, on_topic, func.count())
        .where(Placement.state.in_(LIVE))
        .group_by(Placement.country, on_topic)
    )
    return {(country, bool(topics)): count for country, topics, count in rows}


def staff_placements(*, state: str = "", before: int | None = None, limit: int = 50) -> Sequence[Placement]:
    """Placements newest first: live ones, those of one state, or all with `any`."""
    query = select(Placement)
    if state == "":
        query = query.where(Placement.state.in_(LIVE))
    elif state != "any":
        query = query.where(Placement.state == state)
    if before is not None:
        query = query.where(Placement.id < before)
    return db.session.scalars(query.order_by(Placement.id.desc()).limit(limit)).all()

"""Offers: listings as every surface shows them (page, comparison, Markdown), read as columns, never as entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select

from marketplace.billing.models import Placement
from marketplace.billing.placements.queries import shown_on
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.public.offers import ranking

Item = TypeVar("Item")
SHOWN_PROVIDERS = ("active", "unclaimed")


@dataclass(frozen=True, slots=True)
class Offer:
    """One row. Fees are minor units of `currency`; times count `time_unit`. `report_values` is read for a listing's own
    page. `placement_id` is that of the listing's paid place on its topic, if it has one; `sponsored` marks the row that
    stands in it. `warned_at` is when moderators put up a warning about the provider's reviews. What the
    provider's invitations came to (`invited_…`, `answered_count`) is read for a listing's own page alone."""

    listing_id: int
    topic_id: int
    provider_id: int
    provider_slug: str
    provider_name: str
    provider_status: str
    website: str
    host: str
    referral: bool
    service: str
    cost_basis: str
    fee_min: int | None
    fee_max: int | None
    currency: str | None
    official_fee_kind: str
    official_fee: int | None
    time_min: int | None
    time_max: int | None
    time_unit: str | None
    time_from: str | None
    languages: tuple[str, ...]
    confirmed_at: datetime | None
    published_at: datetime | None
    review_count: int
    uncounted_count: int
    rating_sum: int
    rating_weight: float
    rating_weighted: float
    reported_count: int
    reported_cost: int | None
    reported_time: int | None
    priced_count: int = 0
    within_quote: int = 0
    timed_count: int = 0
    on_time: int = 0
    report_values: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)
    placement_id: int | None = None
    warned_at: datetime | None = None
    sponsored: bool = False
    dimmed: bool = False
    invited_count: int = 0
    answered_count: int = 0
    invited_days: int = 0
    invited_from: date | None = None
    invited_to: date | None = None

    @property
    def rating(self) -> float | None:
        """The plain average of counted ratings."""
        return self.rating_sum / self.review_count if self.review_count else None

    @property
    def unclaimed(self) -> bool:
        """Whether nobody has claimed the provider yet."""
        return self.provider_status == "unclaimed"

    @property
    def upper_fee(self) -> int | None:
        """The fee that a comparison counts: a range by its upper end; nothing for hourly and on request."""
        if self.cost_basis == "free":
            return 0
        return (
            None
            if self.cost_basis == "hourly"
            else self.fee_max
            if self.fee_max is not None
            else self.fee_min
        )


def offer_columns(today: date) -> Select[Any]:
    """Published listings of providers that may be shown, as columns, with the paid place that each has on a day."""
    columns: tuple[Any, ...] = (
        Listing.id.label("listing_id"),
        Listing.topic_id,
        Provider.id.label("provider_id"),
        Provider.slug.label("provider_slug"),
        Provider.name.label("provider_name"),
        Provider.status.label("provider_status"),
        Provider.website,
        Provider.host,
        Provider.languages.label("provider_languages"),
        Provider.warned_at,
        Placement.id.label("placement_id"),
        *(getattr(Listing, name) for name in _LISTING_COLUMNS),
    )
    return (
        select(*columns)
        .join(Provider, Provider.id == Listing.provider_id)
        .outerjoin(Placement, (Placement.listing_id == Listing.id) & shown_on(today))
        .where(Listing.status == "published", Provider.status.in_(SHOWN_PROVIDERS))
    )


_LISTING_COLUMNS = (
    *(
        "referral",
        "service",
        "cost_basis",
        "fee_min",
        "fee_max",
        "currency",
        "official_fee_kind",
        "official_fee",
    ),
    *("time_min", "time_max", "time_unit", "time_from", "languages", "confirmed_at", "published_at"),
    *("review_count", "uncounted_count", "rating_sum", "rating_weight", "rating_weighted"),
    *("reported_count", "reported_cost", "reported_time"),
    *("priced_count", "within_quote", "timed_count", "on_time"),
)


def to_offers(rows: Sequence[Any], today: date) -> list[Offer]:
    """Offers from the rows of `offer_columns`."""
    offers = []
    for row in rows:
        values = dict(row._mapping)
        spoken = values.pop("provider_languages")
        values["languages"] = tuple(values["languages"] if values["languages"] is not None else spoken)
        offer = Offer(**values)
        offers.append(replace(offer, dimmed=ranking.is_dimmed(offer, today)))
    return offers


def topic_offers(topic_id: int, today: date) -> list[Offer]:
    """The offers of a topic's table in the earned order. One query."""
    rows = db.session.execute(offer_columns(today).where(Listing.topic_id == topic_id)).all()
    return list(ranking.earned_order(to_offers(rows, today), today))


def featured_offers(offers: Sequence[Offer], today: date) -> list[Offer]:
    """The offers with a paid place, in the day's rotation, each marked `sponsored`. Pure.

    Only providers in good standing can stand there, and only data that are fresh enough for the table.
    """
    paid = [
        replace(offer, sponsored=True)
        for offer in offers
        if offer.placement_id is not None
        and offer.provider_status == "active"
        and ranking.in_table(offer, today)
    ]
    return rotated(sorted(paid, key=lambda offer: offer.placement_id or 0), today)


def rotated(items: Sequence[Item], today: date) -> list[Item]:
    """The items with another one first every day, so that none stands first for money. Pure."""
    start = today.toordinal() % len(items) if items else 0
    return [*items[start:], *items[:start]]

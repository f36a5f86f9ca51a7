"""An offer: a listing as every surface shows it (page, comparison, Markdown)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from marketplace.listings.models import ListingStatus
from marketplace.listings.terms import OfferTerms
from marketplace.providers.models import ProviderStatus, TraderStatus
from marketplace.values.rates import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(OfferTerms):
    """One row of a provider table.

    Fees are in minor units of `currency`, times in `time_unit`. `placement_id` is the listing's featured placement on its
    topic, if it has one; `sponsored` marks the row shown for that placement. `warned_at` is when moderators put a warning
    on the provider's reviews. `same_owner_…` is another provider of the topic that has a member in common. What clients
    report is as `reviews.ratings.rules.ReportSums` says. `report_values` and the results of invitations (`invited_…`,
    `answered_count`) are loaded for a listing's own page only.
    """

    listing_id: int
    listing_status: str = ListingStatus.PUBLISHED
    topic_id: int
    provider_id: int
    provider_slug: str
    provider_name: str
    provider_status: str
    website: str
    host: str
    referral: bool
    languages: tuple[str, ...]
    confirmed_at: datetime | None
    published_at: datetime | None
    review_count: int
    uncounted_count: int
    rating_average: float | None
    rating_weight: float
    rating_weighted: float
    invited_weight: float
    invited_weighted: float
    reported_count: int = 0
    reported_cost: int | None = None
    reported_currency: str | None = None
    cost_reports: int = 0
    priced_count: int = 0
    within_quote: int = 0
    reported_time: int | None = None
    reported_time_unit: str | None = None
    time_reports: int = 0
    timed_count: int = 0
    on_time: int = 0
    reported_times: Sequence[Sequence[Any]] = ()
    report_values: Mapping[str, Any] = field(default_factory=dict)
    placement_id: int | None = None
    warned_at: datetime | None = None
    sponsored: bool = False
    dimmed: bool = False
    provider_trader: str = TraderStatus.UNKNOWN
    same_owner_slug: str | None = None
    same_owner_name: str | None = None
    invited_count: int = 0
    answered_count: int = 0
    invited_days: int = 0
    invited_from: date | None = None
    invited_to: date | None = None

    @property
    def is_offered(self) -> bool:
        """Whether one can have it now; otherwise its page has the reviews alone."""
        return self.listing_status == ListingStatus.PUBLISHED

    @property
    def has_reports(self) -> bool:
        """Whether enough clients reported a cost or a time for a median."""
        return self.reported_time is not None or self.reported_cost is not None

    @property
    def unclaimed(self) -> bool:
        """Whether no member has claimed the provider yet."""
        return self.provider_status == ProviderStatus.UNCLAIMED

    @property
    def upper_fee(self) -> int | None:
        """The fee used in comparisons: the upper end of a range, None for hourly rates and costs on request."""
        if self.cost_basis == "free":
            return 0
        if self.cost_basis == "hourly":
            return None
        return self.fee_min if self.fee_max is None else self.fee_max


@dataclass(frozen=True, slots=True)
class FeaturedRow:
    """An offer marked `sponsored`, its guide, and what the table's row template needs."""

    offer: Offer
    guide: Any
    heads: tuple[str, ...]
    currency: str
    rates: Mapping[str, Rate]

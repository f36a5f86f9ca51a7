"""The providers and listings of `marketplace seed`, with what their reviews come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from marketplace.commands.seed_guides import country_of
from marketplace.commands.seed_plan import FIFTY, Plan, mixed
from marketplace.commands.seed_reviews import SeedReview, published
from marketplace.i18n.collation import sort_key
from marketplace.i18n.currencies import country_currency, currency_digits
from marketplace.i18n.folding import name_key
from marketplace.i18n.names import country_code
from marketplace.listings.models import ListingStatus
from marketplace.listings.terms import TERMS, OfferTerms, column_values
from marketplace.providers.models import ProviderStatus, TraderStatus
from marketplace.providers.profiles import search_text
from marketplace.providers.slugs import slug_base
from marketplace.reviews.ratings.services import RatingSums, rating_sums
from marketplace.values.exchange import DatedRates
from marketplace.values.money import CostBasis, OfficialFee
from marketplace.values.timeframe import TimeStart, TimeUnit

NAMES = (
    "Claro",
    "Sello",
    "Puente",
    "Faro",
    "Roble",
    "Norte",
    "Puerto",
    "Sierra",
    "Olivo",
    "Trébol",
    "Ribera",
    "Cima",
)
KINDS = ("Gestoría", "Papers", "Oficina", "Visa Desk", "Trámites")
# The last of every fifty listings are not published: see `seed_plan`.
STATUSES = {
    46: ListingStatus.PAUSED,
    47: ListingStatus.WITHDRAWN,
    48: ListingStatus.DRAFT,
    49: ListingStatus.PENDING,
}
BASES = (
    CostBasis.FIXED,
    CostBasis.RANGE,
    CostBasis.FIXED,
    CostBasis.HOURLY,
    CostBasis.ON_REQUEST,
    CostBasis.FREE,
)
SERVICE = (
    "We check your papers, fill in the application with you, book the appointment and go with you to the office. "
    "You pay after the office has accepted the application."
)
JOINED = timedelta(days=1_200)
CONFIRMED_WITHIN = 300  # days: some are dimmed, and some have left the tables
PROVIDER_COLUMNS = (
    *(
        "id",
        "slug",
        "name",
        "sort_name",
        "name_key",
        "website",
        "host",
        "search_text",
        "description",
        "languages",
    ),
    *(
        "countries",
        "status",
        "revision",
        "created_at",
        "lawful_at",
        "trader",
        "legal_name",
        "legal_form",
        "address",
    ),
    *("seat", "contact"),
)
MEMBER_COLUMNS = ("provider_id", "user_id", "created_at")
LISTING_COLUMNS = (
    *(
        "id",
        "provider_id",
        "topic_id",
        "status",
        "created_at",
        "submitted_at",
        "published_at",
        "confirmed_at",
    ),
    *(*TERMS, *RatingSums.__dataclass_fields__),
)


@lru_cache
def _money(country: str) -> tuple[str, int]:
    """A country's currency, and what a hundred euros are about in its minor units: round numbers, no rates."""
    currency = country_currency(country) or "EUR"
    return currency, 100 * 10 ** currency_digits(currency)


def terms_of(plan: Plan, listing: int) -> OfferTerms:
    """What a listing offers."""
    basis = BASES[listing % len(BASES)]
    currency, hundred = _money(country_of(plan.topic_of(listing)))
    fee = hundred * (1 + mixed(listing) % 40) if basis not in (CostBasis.ON_REQUEST, CostBasis.FREE) else None
    days = 2 + mixed(listing, 1) % 30
    return OfferTerms(
        service=SERVICE,
        cost_basis=basis,
        fee_min=fee,
        fee_max=fee * 2 if fee is not None and basis == CostBasis.RANGE else None,
        currency=currency if fee is not None else None,
        official_fee_kind=(OfficialFee.INCLUDED, OfficialFee.UNKNOWN)[listing % 2],
        time_min=days,
        time_max=days + 5,
        time_unit=TimeUnit.BUSINESS_DAYS,
        time_from=TimeStart.DOCUMENTS_COMPLETE,
    )


@dataclass(frozen=True)
class Offers:
    """The rows of providers and listings of a plan, with ages relative to a moment."""

    plan: Plan
    moment: datetime

    @cached_property
    def _rates(self) -> DatedRates:
        return DatedRates()

    def providers(self) -> Iterator[tuple[Any, ...]]:
        """The rows of providers, as `PROVIDER_COLUMNS` says."""
        joined = self.moment - JOINED
        for provider in range(self.plan.providers):
            listed = [country_of(self.plan.topic_of(listing)) for listing in self.plan.listings_of(provider)]
            name = f"{KINDS[provider % len(KINDS)]} {NAMES[mixed(provider) % len(NAMES)]} {provider + 1}"
            host = f"seed{provider + 1}.example"
            yield (
                *(
                    provider + 1,
                    slug_base(name),
                    name,
                    sort_key(name),
                    name_key(name),
                    f"https://{host}/",
                    host,
                ),
                *(search_text(name, host), "We do paperwork for people from abroad.", ["en", "es"]),
                *(sorted(set(listed)), ProviderStatus.ACTIVE, 1, joined, joined, TraderStatus.TRADER),
                *(f"{name} S.L.", "S.L.", f"Calle Mayor {provider + 1}", country_code(listed[0])),
                f"office@{host}",
            )

    def members(self) -> Iterator[tuple[Any, ...]]:
        """The rows of providers' members, as `MEMBER_COLUMNS` says."""
        for provider in range(self.plan.providers):
            yield provider + 1, self.plan.member_id(provider), self.moment - JOINED

    def listings(self) -> Iterator[tuple[Any, ...]]:
        """The rows of listings, as `LISTING_COLUMNS` says."""
        for listing in range(self.plan.listings):
            status = STATUSES.get(listing % FIFTY, ListingStatus.PUBLISHED)
            created = self.moment - JOINED + timedelta(hours=mixed(listing, 2) % 2_000)
            submitted = None if status == ListingStatus.DRAFT else created
            published_at = created if status not in (ListingStatus.DRAFT, ListingStatus.PENDING) else None
            age = timedelta(hours=mixed(listing, 3) % (24 * CONFIRMED_WITHIN))
            terms = terms_of(self.plan, listing)
            yield (
                *(listing + 1, self.plan.provider_of(listing) + 1, self.plan.topic_of(listing) + 1, status),
                *(created, submitted, published_at, self.moment - age if published_at else None),
                *column_values(terms).values(),
                *asdict(self._sums(listing, terms)).values(),
            )

    def _sums(self, listing: int, terms: OfferTerms) -> RatingSums:
        own = [
            SeedReview.of(self.plan, review, terms, self.moment) for review in self.plan.reviews_of(listing)
        ]
        return rating_sums(published(own), lambda day: terms, self._rates.convert)

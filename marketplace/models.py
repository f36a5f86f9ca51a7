"""Every model, imported once, so that relations resolve and migrations see all tables."""

from marketplace.accounts.models import User
from marketplace.billing.models import (
    BillingAlarm,
    BillingCustomer,
    PaymentEntry,
    Placement,
    PlacementPrice,
    PlacementWait,
    StripeEvent,
)
from marketplace.caching import Revision
from marketplace.exchange import ExchangeRate
from marketplace.guides.models import Guide, GuideFile, PublishedRows, Topic
from marketplace.jobs import Job
from marketplace.listings.models import Listing, ListingEdit, ListingRow
from marketplace.listings.provider_models import Provider, ProviderClaim, ProviderEdit, ProviderMember
from marketplace.moderation.models import Decision
from marketplace.reviews.models import Review

__all__ = [
    "BillingAlarm",
    "BillingCustomer",
    "Decision",
    "ExchangeRate",
    "Guide",
    "GuideFile",
    "Job",
    "Listing",
    "ListingEdit",
    "ListingRow",
    "PaymentEntry",
    "Placement",
    "PlacementPrice",
    "PlacementWait",
    "Provider",
    "ProviderClaim",
    "ProviderEdit",
    "ProviderMember",
    "PublishedRows",
    "Review",
    "Revision",
    "StripeEvent",
    "Topic",
    "User",
]

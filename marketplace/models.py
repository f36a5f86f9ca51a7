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
from marketplace.core.jobs.queue import Job
from marketplace.guides.models import Guide, GuideFile, PublishedRows, Topic
from marketplace.listings.models import Listing, ListingEdit, ListingRow
from marketplace.moderation.models import Appeal, Decision, Flag, LogEntry
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit, ProviderMember
from marketplace.reviews.models import (
    Reply,
    ReplyVersion,
    Review,
    ReviewBand,
    ReviewEdit,
    ReviewSignature,
    ReviewVersion,
    ReviewVote,
)
from marketplace.reviews.proofs.models import Invite, InviteBatch, InviteOptOut, Proof, Receipt, SigningKey
from marketplace.values.exchange import ExchangeRate
from marketplace.web.page_cache import Revision

__all__ = [
    "Appeal",
    "BillingAlarm",
    "BillingCustomer",
    "Decision",
    "ExchangeRate",
    "Flag",
    "Guide",
    "GuideFile",
    "Invite",
    "InviteBatch",
    "InviteOptOut",
    "Job",
    "Listing",
    "ListingEdit",
    "ListingRow",
    "LogEntry",
    "PaymentEntry",
    "Placement",
    "PlacementPrice",
    "PlacementWait",
    "Proof",
    "Provider",
    "ProviderClaim",
    "ProviderEdit",
    "ProviderMember",
    "PublishedRows",
    "Receipt",
    "Reply",
    "ReplyVersion",
    "Review",
    "ReviewBand",
    "ReviewEdit",
    "ReviewSignature",
    "ReviewVersion",
    "ReviewVote",
    "Revision",
    "SigningKey",
    "StripeEvent",
    "Topic",
    "User",
]

"""The kinds of the queue, one module each: all that differs between them. A new kind is registered by one line here."""

from __future__ import annotations

from marketplace.moderation.kinds.appeals import AppealSubject
from marketplace.moderation.kinds.claims import ClaimSubject
from marketplace.moderation.kinds.flags import FlagSubject
from marketplace.moderation.kinds.listings import ListingEditSubject, ListingSubject
from marketplace.moderation.kinds.providers import ProviderEditSubject, ProviderSubject
from marketplace.moderation.kinds.replies import ReplySubject
from marketplace.moderation.kinds.reviews import ReviewEditSubject, ReviewSubject

KINDS = (
    ListingSubject,
    ListingEditSubject,
    ProviderSubject,
    ProviderEditSubject,
    ReviewSubject,
    ReviewEditSubject,
    ReplySubject,
    ClaimSubject,
    FlagSubject,
    AppealSubject,
)

"""What can be decided on, whatever its kind: the row, its version, whether it waits, and who is told.

| kind | row | id |
| --- | --- | --- |
| `listing` | `Listing` | its own |
| `listing_edit` | `ListingEdit` | the listing's |
| `provider` | `Provider` | its own |
| `provider_edit` | `ProviderEdit` | the provider's |
| `claim` | `ProviderClaim` | its own |
| `review` | `Review` | its own |
| `review_edit` | `ReviewEdit` | the review's |
| `reply` | `Reply` | its own |
| `flag` | `Flag` | its own |
| `appeal` | `Appeal` | its own |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.accounts.models import User
from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingEdit
from marketplace.moderation.appeals.services import thing_of
from marketplace.moderation.appeals.targets import hold_appealed, version_read_of
from marketplace.moderation.models import Appeal, Flag
from marketplace.moderation.reports.targets import has_reported, hold_flagged, is_party_to_flag, version_read
from marketplace.providers.membership import members_of
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.replies.models import Reply

MODELS: dict[str, Any] = {
    "listing": Listing,
    "listing_edit": ListingEdit,
    "provider": Provider,
    "provider_edit": ProviderEdit,
    "claim": ProviderClaim,
    "review": Review,
    "review_edit": ReviewEdit,
    "reply": Reply,
    "flag": Flag,
    "appeal": Appeal,
}
# What is written by one person, who is party to it and reads the statement.
AUTHORED = ("review", "review_edit", "claim", "appeal")
# What an edit belongs to is locked before it, as by whoever wrote it: else two could wait for each other.
LOCKED_FIRST: dict[str, Any] = {"listing_edit": Listing, "provider_edit": Provider, "review_edit": Review}
# What a moderator may do to a provider that waits for nothing, by its status.
STANDING_MOVES = {"active": "suspend", "suspended": "reinstate"}
# What is decided on a provider's own page, outside the queue.
STANDING_ACTIONS = (*STANDING_MOVES.values(), "warn", "clear")


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is or was in the queue, or a provider whose standing is looked at."""

    kind: str
    id: int
    row: Any

    @property
    def version(self) -> int:
        """Counts its changes, of a flag or an appeal also those of what it is about; a decision says which one was read."""
        if self.kind == "appeal":
            return version_read_of(self.row)
        return version_read(self.row) if self.kind == "flag" else int(self.row.version)

    @property
    def is_waiting(self) -> bool:
        """Whether it is in the queue."""
        return bool(self.row.status == "pending")

    @property
    def standing_move(self) -> str | None:
        """`suspend` or `reinstate`, where it is a provider that a moderator may do that to."""
        return STANDING_MOVES.get(self.row.status) if self.kind == "provider" else None

    @property
    def since(self) -> datetime:
        """When it came into the queue; of what never did, such as an imported listing, when it was made."""
        moment: datetime = getattr(self.row, "submitted_at", None) or self.row.created_at
        return moment

    @property
    def was_sent(self) -> bool:
        """Whether it ever came into the queue. A provider that registers does."""
        return self.kind == "provider" or self.row.submitted_at is not None

    @property
    def listing(self) -> Listing | None:
        """The listing it is or is about; None for a provider's matters."""
        listing: Listing | None
        if self.kind == "flag":
            return self.row.offer
        listing = self.row if self.kind == "listing" else getattr(self.row, "listing", None)
        return listing

    @property
    def provider(self) -> Provider:
        """The provider it is or is about."""
        provider: Provider
        if self.kind == "provider":
            provider = self.row
        else:
            provider = self.listing.provider if self.listing is not None else self.row.provider
        return provider

    @property
    def about(self) -> str | None:
        """Of a flag, what it is about; else None."""
        return str(self.row.subject) if self.kind == "flag" else None

    @property
    def author(self) -> User | None:
        """The person behind a review, its edit or a claim; None for a provider's matters, or where the author was erased."""
        return self.row.user if self.kind in AUTHORED else None

    def readers(self) -> list[User]:
        """Who reads the statement: a review's author, a claimant, or the provider's members."""
        if self.kind in AUTHORED:
            return [self.author] if self.author is not None and self.author.active else []
        if self.kind == "flag" and self.row.review is not None:
            author = self.row.review.user
            return [author] if author is not None and author.active else []
        return members_of(self.provider.id)


def find_subject(kind: str, subject_id: int, *, lock: bool = False) -> Subject:
    """The subject, read anew and held until the transaction ends if `lock`. Raises `NotFound`."""
    if kind not in MODELS or not 0 < subject_id <= LARGEST_ID:
        raise NotFound
    options: dict[str, Any] = (
        {"with_for_update": {"key_share": True}, "populate_existing": True} if lock else {}
    )
    if lock and kind in LOCKED_FIRST:
        db.session.get(LOCKED_FIRST[kind], subject_id, **options)
    if lock and kind == "flag":
        hold_flagged(subject_id)
    if lock and kind == "appeal":
        hold_appealed(subject_id)
    row = db.session.get(MODELS[kind], subject_id, **options)
    if row is None:
        raise NotFound
    return Subject(kind, subject_id, row)


def is_party(user: User, subject: Subject) -> bool:
    """Whether the user wrote it, or the review that it answers, or belongs to the provider it is about: nobody decides on
    their own. Of an appeal, also who is party to the thing that was decided on, or reported it."""
    if subject.author is not None and subject.author.id == user.id:
        return True
    if subject.kind == "reply" and subject.row.review.user_id == user.id:
        return True
    if subject.kind == "flag" and is_party_to_flag(user, subject.row):
        return True
    if subject.kind == "appeal" and _is_party_behind(user, subject.row):
        return True
    return any(member.id == user.id for member in members_of(subject.provider.id))


def _is_party_behind(user: User, appeal: Appeal) -> bool:
    kind, thing = appeal.decision.subject, thing_of(appeal.decision)
    if thing is None:
        return False
    kind = "review" if kind == "review_edit" else kind
    return is_party(user, Subject(kind, thing.id, thing)) or has_reported(user, kind, thing.id)

"""Counting changes: versions fence decisions, revisions tell readers' caches. All in the caller's transaction.

Who changes a listing or provider locks its row first: on PostgreSQL a decision and an edit would otherwise both read
the state before the other, and text that no moderator saw could go live.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import InvalidRequestError

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.guides.services import raise_topic_revision, raise_topic_revisions
from marketplace.listings.models import Listing, ListingEdit
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit

HELD = {"key_share": True}
Row = TypeVar("Row", Listing, ListingEdit, Provider, ProviderEdit, ProviderClaim)


def locked(row: Row) -> Row:
    """The row as it is now in the database, held until the transaction ends (on SQLite the transaction itself holds it).
    Whoever adds a row that points to it need not wait.

    Of an edit or a claim its listing or provider is held first, in the order in which everyone takes them. Raises
    `Conflict` where the row is gone.
    """
    try:
        if isinstance(row, ListingEdit):
            db.session.refresh(row.listing, with_for_update=HELD)
        elif isinstance(row, ProviderEdit | ProviderClaim):
            db.session.refresh(row.provider, with_for_update=HELD)
        db.session.refresh(row, with_for_update=HELD)
        if isinstance(row, Listing | Provider):
            edit: ListingEdit | ProviderEdit | None = row.edit
            if edit is not None:
                db.session.refresh(edit)  # read before the lock, it may be old
    except InvalidRequestError:
        raise Conflict("gone") from None
    return row


def count_listing_change(listing: Listing, *, shown: bool) -> None:
    """Raise the listing's version; where the change is shown, also the revisions of its topic and provider."""
    listing.version += 1
    if shown:
        show_listing_change(listing)


def show_listing_change(listing: Listing) -> None:
    """Tell caches that a shown listing changed."""
    listing.provider.revision = (
        Provider.revision + 1
    )  # computed by the database: two at once must count twice
    db.session.flush()
    raise_topic_revision(listing.topic_id)


def count_provider_change(provider: Provider, *, shown: bool = True) -> None:
    """Raise the provider's version; where the change is shown, also the revisions of its page and its topics."""
    provider.version += 1
    if not shown:
        return
    provider.revision = Provider.revision + 1
    db.session.flush()
    raise_topic_revisions(shown_topics(provider))


def shown_topics(provider: Provider) -> list[int]:
    """Ids of the topics in whose tables the provider stands."""
    query = select(Listing.topic_id).where(Listing.provider_id == provider.id, Listing.status == "published")
    return list(db.session.scalars(query.order_by(Listing.topic_id)))


def raise_provider_revisions(topic_ids: Collection[int]) -> None:
    """Tell caches of the pages of all providers that list these topics: they name the guides."""
    listing = select(Listing.provider_id).where(Listing.topic_id.in_(topic_ids))
    db.session.execute(
        update(Provider).where(Provider.id.in_(listing)).values(revision=Provider.revision + 1)
    )


def raise_all_provider_revisions() -> None:
    """Tell caches of every provider's page, such as of new exchange rates."""
    db.session.execute(update(Provider).values(revision=Provider.revision + 1))

"""The listings of one provider that wait for a moderator, and the changes of its listings: read side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from marketplace.core.extensions import db
from marketplace.core.waiting_edits import EditStatus
from marketplace.listings.labels import describe_terms
from marketplace.listings.models import Listing, ListingEdit, ListingStatus
from marketplace.moderation.decisions.kinds import is_undecided
from marketplace.moderation.decisions.queries import MOST_AT_ONCE

OFFER_KINDS = ("listing", "listing_edit")


@dataclass(frozen=True, slots=True)
class WaitingOffer:
    """A listing, or a change of one, as the page shows it: `facts` are (label, value, value before), the last empty where
    nothing changes."""

    kind: str
    row_id: int
    version: int
    topic_id: int
    since: datetime | None
    facts: tuple[tuple[str, str, str], ...]


def waiting_offers(provider_id: int, language: str) -> list[WaitingOffer]:
    """What waits of a provider, oldest first, at most as many as can be decided on at once. Two statements."""
    listings = (
        select(Listing)
        .where(Listing.provider_id == provider_id, Listing.status == ListingStatus.PENDING)
        .where(is_undecided("listing", Listing.id))
    )
    edits = (
        select(ListingEdit)
        .join(ListingEdit.listing)
        .options(contains_eager(ListingEdit.listing))
        .where(Listing.provider_id == provider_id, ListingEdit.status == EditStatus.PENDING)
        .where(is_undecided("listing_edit", ListingEdit.listing_id))
    )
    found = [
        *(_offer("listing", row, row, None, language) for row in db.session.scalars(listings)),
        *(
            _offer("listing_edit", row, row.listing, row.listing, language)
            for row in db.session.scalars(edits)
        ),
    ]
    found.sort(key=lambda offer: (offer.since is None, offer.since, offer.kind, offer.row_id))
    return found[:MOST_AT_ONCE]


def _offer(kind: str, row: Any, listing: Listing, before: Listing | None, language: str) -> WaitingOffer:
    old = {} if before is None else {code: text for code, _, text in describe_terms(before, language)}
    facts = tuple(
        (str(label), text, old[code] if code in old and old[code] != text else "")
        for code, label, text in describe_terms(row, language)
    )
    return WaitingOffer(kind, listing.id, row.version, listing.topic_id, row.submitted_at, facts)

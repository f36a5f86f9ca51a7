"""What a listing advertised when: the terms that were published, each with the moment from which they were.

Nothing is stored until published terms are replaced for the first time. Then what was published until now is stored first,
so that nobody can change what a client was promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingTerms
from marketplace.listings.terms import OfferTerms, TermsMixin, column_values, terms_of


def keep_terms(listing: Listing, before: OfferTerms, *, now: datetime | None) -> None:
    """See `keep_several`, for one listing."""
    keep_several({listing: before}, now=now)


def keep_several(replaced: Mapping[Listing, OfferTerms], *, now: datetime | None) -> None:
    """Store what listings advertise from `now` on, and first what they advertised before where that is not stored. With
    `now` None the new terms are not published yet. A listing that never was is left out. One query."""
    published = {listing: terms for listing, terms in replaced.items() if listing.published_at is not None}
    rows = _histories([listing.id for listing in published])
    for listing, before in published.items():
        history = rows.get(listing.id, [])
        if not history and listing.published_at is not None:
            history = [_add(listing, before, listing.published_at)]
        if now is not None and terms_of(history[-1]) != terms_of(listing):
            _add(listing, terms_of(listing), now)
    db.session.flush()


def join_histories(gone: Listing, into: Listing) -> None:
    """Two listings become one: what `gone` advertised before `into` did is the beginning of what the one advertised. From
    then on `into` is held against its own terms."""
    keep_several({listing: terms_of(listing) for listing in (gone, into)}, now=None)
    rows = _histories([gone.id, into.id])
    first = next((row.since for row in rows.get(into.id, [])), None)
    for row in rows.get(gone.id, []):
        if first is None or row.since < first:
            row.listing_id = into.id
    db.session.flush()


def terms_history(listing_id: int) -> Sequence[TermsMixin]:
    """The terms published so far, oldest first; those of today alone where they were never replaced."""
    return _histories([listing_id]).get(listing_id) or [db.session.get_one(Listing, listing_id)]


def terms_on(history: Sequence[TermsMixin], day: date) -> TermsMixin:
    """The terms in force on a day: the last that were published before it; of the first day and earlier, the first. So terms
    that are published now change no report that is already there."""
    in_force = [row for row in history if isinstance(row, ListingTerms) and row.since.date() < day]
    return (in_force or history[:1])[-1]


def _histories(listing_ids: Sequence[int]) -> dict[int, list[ListingTerms]]:
    found: dict[int, list[ListingTerms]] = {}
    query = select(ListingTerms).where(ListingTerms.listing_id.in_(listing_ids))
    for row in db.session.scalars(
        query.order_by(ListingTerms.listing_id, ListingTerms.since, ListingTerms.id)
    ):
        found.setdefault(row.listing_id, []).append(row)
    return found


def _add(listing: Listing, terms: OfferTerms, since: datetime) -> ListingTerms:
    row = ListingTerms(listing_id=listing.id, since=since, **column_values(terms))
    db.session.add(row)
    return row

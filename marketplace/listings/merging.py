"""What becomes of the listings of a provider that turned out to be another one.

Where both have a listing for a topic, that of the provider that stays is kept, with the offer of whichever is more of one.
The other stays as a withdrawn row of the merged provider that names it: its id leads there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select, update

from marketplace.core.extensions import db, find_row
from marketplace.core.revisions import raise_offers_revision
from marketplace.core.waiting_edits import drop_edit, move_edit
from marketplace.guides.services import countries_of, raise_topic_revisions
from marketplace.listings.models import LIVE, Listing, ListingEdit, ListingRow, ListingStatus
from marketplace.listings.revisions import bump_listing_version
from marketplace.listings.signals import listing_merged, listing_visibility_changed
from marketplace.listings.terms import terms_of, write_terms
from marketplace.listings.terms_history import join_histories, keep_terms
from marketplace.providers.models import Provider, ProviderStatus

# The more an offer is one, the later it stands.
_STANDING = (
    ListingStatus.WITHDRAWN,
    ListingStatus.REJECTED,
    ListingStatus.DRAFT,
    ListingStatus.PENDING,
    ListingStatus.PAUSED,
    ListingStatus.PUBLISHED,
)


def listings_on_both(gone: Provider, into: Provider) -> list[tuple[Listing, Listing]]:
    """The pairs of listings for the same topic: of the one that goes, and of the one that stays."""
    query = select(Listing).where(
        Listing.provider_id.in_((gone.id, into.id)), Listing.merged_into_id.is_(None)
    )
    rows = db.session.scalars(query.order_by(Listing.topic_id, Listing.provider_id != gone.id)).all()
    return [(theirs, ours) for theirs, ours in pairwise(rows) if theirs.topic_id == ours.topic_id]


def move_listings(sender: type[Provider], *, gone: Provider, into: Provider, now: datetime) -> None:
    """Each listing goes to the provider that stays, or becomes part of its listing for the same topic: `listing_merged` then
    moves what hangs on it."""
    pairs = listings_on_both(gone, into)
    topic_ids = {ours.topic_id for _, ours in pairs}
    for theirs, ours in pairs:
        _merge(theirs, ours, now)
    alone = select(Listing).where(Listing.provider_id == gone.id, Listing.merged_into_id.is_(None))
    moved = db.session.scalars(alone.order_by(Listing.id)).all()
    for listing in moved:
        listing.provider = into
        _forget_rows(listing, now)
        bump_listing_version(listing, shown=listing.has_page)
        topic_ids.add(listing.topic_id)
    db.session.flush()
    raise_topic_revisions(sorted(topic_ids))
    raise_offers_revision(countries_of(topic_ids))
    for listing in moved:
        if listing.status == ListingStatus.PUBLISHED:
            listing_visibility_changed.send(Listing, listing=listing)


def _forget_rows(listing: Listing, now: datetime) -> None:
    """As when a claim is approved: somebody answers for the listing, so it ages, and its rows go into no file any more."""
    if listing.rows and listing.provider.status != ProviderStatus.UNCLAIMED:
        listing.rows.clear()
        listing.confirmed_at = listing.confirmed_at or now


def _merge(theirs: Listing, ours: Listing, now: datetime) -> None:
    was_shown = ours.status == ListingStatus.PUBLISHED
    join_histories(theirs, ours)
    _move_rows(theirs, ours)
    if _STANDING.index(ListingStatus(theirs.status)) > _STANDING.index(ListingStatus(ours.status)):
        _take_offer(theirs, ours, now)
    if ours.status in LIVE:
        move_edit(theirs, ours, ListingEdit)
    _forget_rows(ours, now)
    ours.referral = ours.referral or theirs.referral
    drop_edit(theirs)
    # Its page must not stand beside the one that it became, and nothing of it is offered or told as a change.
    theirs.status, theirs.note, theirs.published_at = ListingStatus.WITHDRAWN, "", None
    theirs.merged_into_id = ours.id
    theirs.version += 1
    earlier = update(Listing).where(Listing.merged_into_id == theirs.id).values(merged_into_id=ours.id)
    db.session.execute(earlier.execution_options(synchronize_session=False))
    db.session.flush()
    listing_merged.send(Listing, gone=theirs, into=ours, now=now)
    bump_listing_version(ours, shown=ours.has_page)
    db.session.flush()
    if not was_shown and ours.status == ListingStatus.PUBLISHED:
        listing_visibility_changed.send(Listing, listing=ours)


def _take_offer(theirs: Listing, ours: Listing, now: datetime) -> None:
    drop_edit(ours)
    before = terms_of(ours)
    write_terms(ours, terms_of(theirs))
    ours.status, ours.note = theirs.status, ""
    for name in ("submitted_at", "published_at", "confirmed_at"):
        setattr(ours, name, getattr(theirs, name) or getattr(ours, name))
    keep_terms(ours, before, now=now if ours.status == ListingStatus.PUBLISHED else None)


def _move_rows(theirs: Listing, ours: Listing) -> None:
    """A guide's file that has a row of both keeps the one that stays: the other is the same offer once more."""
    there = {row.guide_id for row in ours.rows}
    is_row_of_theirs = ListingRow.listing_id == theirs.id
    moved = update(ListingRow).where(is_row_of_theirs, ListingRow.guide_id.not_in(there))
    db.session.flush()
    db.session.execute(moved.values(listing_id=ours.id).execution_options(synchronize_session=False))
    db.session.expire(theirs, ["rows"])
    db.session.expire(ours, ["rows"])
    theirs.rows.clear()
    db.session.flush()


def find_standing(listing_id: int) -> Listing | None:
    """The listing with this id, or the one that it became part of; None where there is none."""
    listing = find_row(Listing, listing_id)
    if listing is None or listing.merged_into_id is None:
        return listing
    return db.session.get_one(Listing, listing.merged_into_id)


def kept_listings(ids: Sequence[int]) -> list[int]:
    """The ids of listings, each once, those that became part of another one replaced by that one's. One query."""
    merged = select(Listing.id, Listing.merged_into_id)
    into = {row.id: row.merged_into_id for row in db.session.execute(merged.where(Listing.id.in_(ids)))}
    return list(dict.fromkeys(into.get(number) or number for number in ids))

"""What somebody wrote before their address was confirmed: kept until they send it, for thirty days at most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section
from marketplace.core.extensions import db, insert_into, now
from marketplace.core.jobs.queue import task
from marketplace.listings.models import Listing
from marketplace.reviews.models import ReviewDraft

KEPT_FOR = timedelta(days=30)
LONGEST = 20_000  # characters of all fields together: several times the longest review


def keep_draft(author: User, listing: Listing, fields: Sequence[tuple[str, str]], *, now: datetime) -> bool:
    """Keep the fields of the review's form as they were sent, in place of earlier ones; whether they are kept:
    what is longer than any review is not."""
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return False
    values = {"fields": [list(pair) for pair in fields], "kept_at": now}
    written = insert_into(ReviewDraft).values(user_id=author.id, listing_id=listing.id, **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["user_id", "listing_id"], set_=values))
    return True


def draft_of(author: User, listing: Listing) -> list[tuple[str, str]] | None:
    """The fields that were kept for a listing, or None."""
    mine = (ReviewDraft.user_id == author.id, ReviewDraft.listing_id == listing.id)
    fields = db.session.scalar(select(ReviewDraft.fields).where(*mine))
    return None if fields is None else [(name, value) for name, value in fields]


def drop_draft(author: User, listing: Listing) -> None:
    """Forget what was kept: it is sent."""
    db.session.execute(
        delete(ReviewDraft).where(ReviewDraft.user_id == author.id, ReviewDraft.listing_id == listing.id)
    )


@task("reviews.delete_drafts", every=timedelta(days=1))
def delete_drafts(payload: dict[str, Any]) -> None:
    """Delete drafts that nobody sent in time."""
    db.session.execute(delete(ReviewDraft).where(ReviewDraft.kept_at < now() - KEPT_FOR))


def export_drafts(sender: object, *, user: User) -> list[Section]:
    """The member's drafts, for their own copy."""
    rows = db.session.scalars(select(ReviewDraft).where(ReviewDraft.user_id == user.id))
    told = [
        [
            Field("listing", _l("Listing"), row.listing_id),
            Field("text", _l("Text"), dict(row.fields).get("text", "")),
            Field("kept_at", _l("Kept since"), row.kept_at),
        ]
        for row in rows
    ]
    return [Section("review_drafts", _l("Reviews you have not sent yet"), told)]

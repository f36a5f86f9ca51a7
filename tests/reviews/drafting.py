"""A review as a client writes one, and an edit of one, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.writing.rules import ReviewDraft
from marketplace.reviews.writing.services import write_review
from marketplace.reviews.writing.versions import content_of
from tests.factories import NOON, make_listing, make_review, make_topic, make_user

TEXT = "They answered every question and came with me to the office."
NEW = "They answered most questions, and the card came two weeks later than they said."


def draft(**values: Any) -> ReviewDraft:
    """What a client writes, with other values where given."""
    content = {"rating": 4, "text": TEXT, "experience_on": date(2026, 10, 3), "language": "en"}
    return ReviewDraft.of(**{**content, **values})


def write(
    listing: Listing,
    author: User | None = None,
    *,
    now: datetime = NOON,
    network: Any = None,
    invite: Any = None,
    **values: Any,
) -> Review:
    """A pending review of the listing."""
    author = author or make_user()
    return write_review(listing, draft(**values), author=author, network=network, invite=invite, now=now)


def draft_of(review: Review, **values: Any) -> ReviewDraft:
    """What the review says in other words, or with other values."""
    return replace(content_of(review), **{"text": NEW, **values})


def waiting_edit(author: User | None = None, **values: Any) -> ReviewEdit:
    """An edit of a published review that waits for a moderator."""
    review = make_review(make_listing(make_topic()), author)
    told = {"rating": 3, "text": NEW, "language": "en", "experience_on": review.experience_on}
    edit = ReviewEdit(review=review, **{**told, "version": 2, "submitted_at": NOON, **values})
    db.session.add(edit)
    db.session.flush()
    return edit

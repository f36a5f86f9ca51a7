"""Published reviews with an edit that waits, for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.writing.rules import ReviewDraft
from marketplace.reviews.writing.versions import content_of
from tests.factories import NOON, make_listing, make_review, make_topic

NEW = "They answered most questions, and the card came two weeks later than they said."


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

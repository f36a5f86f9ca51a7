"""A review as a client writes one, for tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from marketplace.accounts.models import User
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review
from marketplace.reviews.writing.rules import ReviewDraft
from marketplace.reviews.writing.services import write_review
from tests.factories import NOON, make_user

TEXT = "They answered every question and came with me to the office."


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

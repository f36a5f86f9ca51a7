"""A review as a client writes one, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from marketplace.accounts.models import User
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review
from marketplace.reviews.writing.services import write_review
from tests.factories import NOON, make_user

TEXT = "They answered every question and came with me to the office."
VALUES: dict[str, Any] = {
    "rating": 4,
    "text": TEXT,
    "experience_on": date(2026, 10, 3),
    "language": "en",
    "now": NOON,
}


def write(listing: Listing, author: User | None = None, **values: Any) -> Review:
    """A pending review of the listing."""
    return write_review(listing, author=author or make_user(), **{**VALUES, **values})

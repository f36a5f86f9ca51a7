"""What the worker does for votes: brings the shown counts up to date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marketplace.core.jobs.queue import task
from marketplace.reviews.votes.services import refresh_helpful_counts

SHOWN_WITHIN = timedelta(minutes=10)


@task("reviews.votes", every=SHOWN_WITHIN)
def show_votes(payload: dict[str, Any]) -> None:
    """Show the votes that came and went since the last time."""
    refresh_helpful_counts()

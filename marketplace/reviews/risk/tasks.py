"""What the worker does for reviews by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import task
from marketplace.reviews.models import Review
from marketplace.reviews.risk.networks import ERASED_AFTER
from marketplace.reviews.risk.signatures import remember_missing

# So many a day: a text takes half a millisecond.
MISSING_AT_ONCE = 2000


@task("reviews.networks", every=timedelta(days=1))
def forget_networks(payload: dict[str, Any]) -> None:
    """Take away where reviews came from before they are 30 days old."""
    old = (Review.network.is_not(None)) & (Review.submitted_at < now() - ERASED_AFTER)
    db.session.execute(
        update(Review).where(old).values(network=None).execution_options(synchronize_session=False)
    )


@task("reviews.signatures", every=timedelta(days=1))
def sign_texts(payload: dict[str, Any]) -> None:
    """Make signatures of texts that were written before there were any, or by another scheme."""
    remember_missing(MISSING_AT_ONCE)

"""What the worker does for reports: forgets those that nobody confirmed, and who made one long after it was decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, update

from marketplace.extensions import db, now
from marketplace.jobs import task
from marketplace.moderation.flags import LASTS
from marketplace.moderation.models import Flag

ERASE_AFTER = timedelta(days=180)


@task("moderation.tend_flags", every=timedelta(hours=1))
def tend_flags(payload: dict[str, Any]) -> None:
    """Delete reports whose link is over, and erase name and address half a year after a decision."""
    moment = now()
    unconfirmed = Flag.status == "unconfirmed"
    db.session.execute(delete(Flag).where(unconfirmed, Flag.created_at <= moment - LASTS))
    db.session.execute(
        update(Flag)
        .where(Flag.decided_at <= moment - ERASE_AFTER, or_(Flag.email.is_not(None), Flag.name != ""))
        .values(email=None, name="")
    )

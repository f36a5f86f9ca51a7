"""What the worker does for reports: forgets those that nobody confirmed, and who made one long after it was decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import task
from marketplace.moderation.appeals.services import WITHIN
from marketplace.moderation.models import Appeal, Decision, Flag
from marketplace.moderation.reports.services import LASTS

ERASE_AFTER = WITHIN  # as long as an appeal can be made: its outcome goes to that address


@task("moderation.tend_flags", every=timedelta(hours=1))
def tend_flags(payload: dict[str, Any]) -> None:
    """Delete reports whose link is over, and erase name and address half a year after a decision; while an appeal against it
    waits, after that."""
    moment = now()
    unconfirmed = Flag.status == "unconfirmed"
    db.session.execute(delete(Flag).where(unconfirmed, Flag.created_at <= moment - LASTS))
    appeal = (
        select(Appeal.id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(Appeal.status == "pending", Decision.subject == "flag", Decision.subject_id == Flag.id)
    )
    known = or_(Flag.email.is_not(None), Flag.name != "")
    db.session.execute(
        update(Flag)
        .where(Flag.decided_at <= moment - ERASE_AFTER, known, ~appeal.exists())
        .values(email=None, name="")
        .execution_options(synchronize_session=False)
    )

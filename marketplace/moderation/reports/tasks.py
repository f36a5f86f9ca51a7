"""What the worker does for reports: deletes those that nobody confirmed, and erases reporters long after the decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import task
from marketplace.moderation.appeals.queries import APPEAL_WINDOW
from marketplace.moderation.models import Appeal, Decision, Flag, FlagStatus
from marketplace.moderation.reports.services import LINK_TTL

ERASE_AFTER = APPEAL_WINDOW  # as long as an appeal can be made: its outcome goes to that address


@task("moderation.tend_flags", every=timedelta(hours=1))
def tend_flags(payload: dict[str, Any]) -> None:
    """Delete reports whose link has expired, and erase name and address half a year after a decision, or later
    where an appeal against it waits."""
    moment = now()
    unconfirmed = Flag.status == FlagStatus.UNCONFIRMED
    db.session.execute(delete(Flag).where(unconfirmed, Flag.created_at <= moment - LINK_TTL))
    appeal = (
        select(Appeal.id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(
            Appeal.status == FlagStatus.PENDING, Decision.subject == "flag", Decision.subject_id == Flag.id
        )
    )
    known = or_(Flag.email.is_not(None), Flag.name != "")
    db.session.execute(
        update(Flag)
        .where(Flag.decided_at <= moment - ERASE_AFTER, known, ~appeal.exists())
        .values(email=None, name="")
        .execution_options(synchronize_session=False)
    )

"""Alarms: what an admin must look at, on the staff page and as a metric. Ids and codes only, never names or texts.

| kind | means |
| --- | --- |
| `orphan` | Stripe told of something that belongs to no placement of ours |
| `wrong_mode` | an event of the other mode (test or live) than our key's |
| `stuck_event` | an event failed ten times |
| `dispute`, `inquiry` | a client's bank took a payment back, or asks about it |
| `late_refund` | a payment came after its slot was gone, and was given back |
| `refund_failed` | a refund did not arrive |
| `misconfigured` | Stripe refuses our key |
| `refused` | Stripe refused to open Checkout |
| `mismatch` | after comparing, something of Stripe's still differs from ours |
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from marketplace.billing.models import BillingAlarm
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, insert_into

log = logging.getLogger(__name__)
KINDS = (
    *("orphan", "wrong_mode", "stuck_event", "dispute", "inquiry", "late_refund", "refund_failed"),
    *("misconfigured", "refused", "mismatch"),
)
# States rather than single happenings: one that was dealt with is raised again when it comes back.
LASTING = ("wrong_mode", "misconfigured", "refused", "mismatch")
LONGEST_SUBJECT = 200


def raise_alarm(kind: str, subject: str, *, now: datetime, placement_id: int | None = None) -> bool:
    """Raise an alarm once for a subject; True where it is new, or is back after it was resolved. Flushes nothing else."""
    assert kind in KINDS
    subject = subject[:LONGEST_SUBJECT]
    inserting = insert_into(BillingAlarm).values(
        kind=kind, key=f"{kind}:{subject}", subject=subject, placement_id=placement_id, raised_at=now
    )
    if kind in LASTING:
        again = {"resolved_at": None, "raised_at": now, "placement_id": placement_id}
        written = inserting.on_conflict_do_update(
            index_elements=["key"], set_=again, where=BillingAlarm.resolved_at.is_not(None)
        )
    else:
        written = inserting.on_conflict_do_nothing()
    new = db.session.execute(written.returning(BillingAlarm.id)).first() is not None
    if new:
        log.error("billing alarm: %s %s", kind, subject)
    return new


def open_alarms(limit: int = 100) -> Sequence[BillingAlarm]:
    """Alarms that nobody has dealt with, newest first."""
    query = select(BillingAlarm).where(BillingAlarm.resolved_at.is_(None))
    return db.session.scalars(query.order_by(BillingAlarm.id.desc()).limit(limit)).all()


def alarm_counts() -> dict[str, int]:
    """How many alarms of each kind are open; every kind is named."""
    rows = db.session.execute(
        select(BillingAlarm.kind, func.count())
        .where(BillingAlarm.resolved_at.is_(None))
        .group_by(BillingAlarm.kind)
    )
    return {**dict.fromkeys(KINDS, 0), **{kind: count for kind, count in rows}}


def resolve_alarm(alarm_id: int, *, now: datetime) -> BillingAlarm:
    """Mark an alarm as dealt with. Raises `NotFound`."""
    alarm = db.session.get(BillingAlarm, alarm_id)
    if alarm is None:
        raise NotFound
    alarm.resolved_at = alarm.resolved_at or now
    db.session.flush()
    return alarm

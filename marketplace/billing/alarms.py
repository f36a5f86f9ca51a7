"""Alarms: what an admin must look at, on the admins' page and as a metric. Ids and codes only, never names or texts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select

from marketplace.billing.models import BillingAlarm
from marketplace.billing.statuses import RECURRING_ALARMS, AlarmKind
from marketplace.billing.stripe.client import StripeForbidden, StripeMisconfigured
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, insert_into

log = logging.getLogger(__name__)
LONGEST_SUBJECT = 200


def raise_alarm(kind: AlarmKind, subject: str, *, now: datetime, placement_id: int | None = None) -> bool:
    """Raise an alarm once for a subject. True if it is new, or returns after it was resolved. Flushes nothing else."""
    subject = subject[:LONGEST_SUBJECT]
    inserting = insert_into(BillingAlarm).values(
        kind=kind, key=f"{kind}:{subject}", subject=subject, placement_id=placement_id, raised_at=now
    )
    if kind in RECURRING_ALARMS:
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


def raise_key_alarm(error: StripeMisconfigured, *, now: datetime) -> None:
    """Raise the alarm for a key that Stripe rejects, or the one that names the permission it lacks."""
    if isinstance(error, StripeForbidden):
        raise_alarm(AlarmKind.FORBIDDEN, error.missing or "not named", now=now)
    else:
        raise_alarm(AlarmKind.MISCONFIGURED, "key", now=now)


@contextmanager
def alarm_on_rejected_key(now: datetime) -> Iterator[None]:
    """Raise and commit that alarm if Stripe rejects the key; what was not committed is rolled back. The error goes on."""
    try:
        yield
    except StripeMisconfigured as error:
        db.session.rollback()
        raise_key_alarm(error, now=now)
        db.session.commit()
        raise


def open_alarms(limit: int = 100) -> Sequence[BillingAlarm]:
    """Unresolved alarms, newest first."""
    query = select(BillingAlarm).where(BillingAlarm.resolved_at.is_(None))
    return db.session.scalars(query.order_by(BillingAlarm.id.desc()).limit(limit)).all()


def alarm_counts() -> dict[str, int]:
    """How many alarms of each kind are open, for every kind."""
    rows = db.session.execute(
        select(BillingAlarm.kind, func.count())
        .where(BillingAlarm.resolved_at.is_(None))
        .group_by(BillingAlarm.kind)
    )
    return {**{kind.value: 0 for kind in AlarmKind}, **{kind: count for kind, count in rows}}


def resolve_alarm(alarm_id: int, *, now: datetime) -> BillingAlarm:
    """Mark an alarm as resolved. Raises `NotFound`."""
    alarm = db.session.get(BillingAlarm, alarm_id)
    if alarm is None:
        raise NotFound
    alarm.resolved_at = alarm.resolved_at or now
    db.session.flush()
    return alarm

"""Reconciliation from Stripe to us: the placements that Stripe's lists name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from marketplace.billing.alarms import raise_alarm
from marketplace.billing.ledger import recorded_ids
from marketplace.billing.models import Placement
from marketplace.billing.statuses import LIVE, AlarmKind, PlacementState
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.stripe.messages import SessionStatus
from marketplace.billing.sync.events import (
    placement_of_payment,
    placement_of_session,
    placement_of_subscription,
)
from marketplace.billing.sync.facts import INQUIRIES, REFUND_FAILED
from marketplace.billing.sync.states import RUNNING
from marketplace.core.extensions import db

Affected = dict[int, set[str]]


class Counts(Protocol):
    """The part of a report that is counted here."""

    orphans: int


def affected_placements(report: Counts, gateway: Gateway, now: datetime, since: datetime) -> Affected:
    """Placements that may differ from Stripe's state, each with the payment intents to record. Objects without a
    placement are counted and raise an alarm; commits those."""
    affected: Affected = {}
    for subscription in gateway.subscriptions():
        placement_id = placement_of_subscription(subscription)
        if placement_id is None:
            if subscription["status"] in RUNNING:
                _orphan(report, subscription["id"], now)
        elif subscription["status"] in RUNNING or _state(placement_id) in LIVE:
            affected.setdefault(placement_id, set())
    for session in gateway.sessions(since=since):
        placement_id = placement_of_session(session)
        paid = session["status"] == SessionStatus.COMPLETE
        if placement_id is None:
            if paid:
                _orphan(report, session["id"], now)
        elif paid and _state(placement_id) == PlacementState.RELEASED:
            affected.setdefault(placement_id, set())
    for intent_id, object_id in dict(_unrecorded(gateway, since)).items():
        found = placement_of_payment(intent_id, gateway)
        if found is None:
            _orphan(report, object_id, now)
        else:
            affected.setdefault(found[0], set()).update(found[1])
    return affected


def _state(placement_id: int) -> str | None:
    found = db.session.scalar(select(Placement.state).where(Placement.id == placement_id))
    db.session.rollback()  # no transaction may be open while the next page is loaded
    return found


def _unrecorded(gateway: Gateway, since: datetime) -> Iterable[tuple[str, str]]:
    """(payment intent, object) of charges, refunds and disputes that are missing in the ledger."""
    charges = [one for one in gateway.charges(since) if one["status"] == "succeeded"]
    yield from _missing(charges, lambda one: [one["id"]])
    yield from _missing(
        list(gateway.refunds(since=since)),
        lambda one: [one["id"], *([f"{one['id']}:failed"] if one["status"] in REFUND_FAILED else [])],
    )
    disputes = [one for one in gateway.disputes(since=since) if one["status"] not in INQUIRIES]
    yield from _missing(
        disputes, lambda one: [one["id"], *([f"{one['id']}:won"] if one["status"] == "won" else [])]
    )


def _missing(objects: list[dict[str, Any]], lines: Any) -> Iterable[tuple[str, str]]:
    recorded = recorded_ids(line for one in objects for line in lines(one))
    db.session.rollback()
    for one in objects:
        if one["payment_intent"] and not set(lines(one)) <= recorded:
            yield one["payment_intent"], one["id"]


def _orphan(report: Counts, object_id: str, now: datetime) -> None:
    report.orphans += 1
    raise_alarm(AlarmKind.ORPHAN, object_id, now=now)
    db.session.commit()
